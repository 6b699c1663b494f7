"""What was said."""

from datetime import datetime

from models.base import Choice
from models.declaration import Personal, plain, sealed
from models.values import as_it_stands, one_line


class InteractionChannel(Choice):
    """How an interaction took place."""

    NOTE = "NOTE", "A note of ours."
    CALL = "CALL", "A telephone call."
    EMAIL = "EMAIL", "An e-mail."
    MEETING = "MEETING", "A meeting."


class Interaction(Personal, table="interactions", term="pd:Communication", words={"lt": "bendravimas"}):
    """One note, call, e-mail or meeting about a customer."""

    channel: InteractionChannel = plain("How it took place.")
    occurred_at: datetime = plain("When it took place.")
    subject: str = sealed("What it was about, in a line.", one_line(200))
    body: str | None = sealed("What was said.", one_line(5000), imported=as_it_stands)
