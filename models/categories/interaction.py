"""Notes, calls, e-mails and meetings."""

from datetime import datetime

from models.base import Choice
from models.declaration import Personal, plain, sealed
from models.values import as_it_stands, one_line


class InteractionChannel(Choice):
    """The channel of an interaction."""

    NOTE = "NOTE", "A note of the company."
    CALL = "CALL", "A telephone call."
    EMAIL = "EMAIL", "An e-mail."
    MEETING = "MEETING", "A meeting."


class Interaction(Personal, table="interactions", term="pd:Communication", words={"lt": "bendravimas"}):
    """One note, call, e-mail or meeting about a customer."""

    channel: InteractionChannel = plain("The channel.")
    occurred_at: datetime = plain("When it took place.")
    subject: str = sealed("The subject, in one line.", one_line(200))
    body: str | None = sealed(
        "The content; null if only the subject is known.", one_line(5000), imported=as_it_stands
    )
