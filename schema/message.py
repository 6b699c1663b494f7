"""Messages to a customer."""

from datetime import datetime

import strawberry

from models import MessageChannel, MessageState, Template
from schema.reading import Guarded, Released, recorded, value


@recorded
@strawberry.type(description="One message to a customer; what it says is deleted once it was sent.")
class Message(Released, Guarded):
    """A message."""

    template: Template | None = value("What kind of message it is.")
    channel: MessageChannel | None = value("By which way it goes.")
    state: MessageState | None = value("How far it has come.")
    subject: str | None = value("Its subject, where it is to be read here.")
    text: str | None = value("What it says, where it is to be read here.")
    queued_at: datetime | None = value("When it was written.")
    finished_at: datetime | None = value("When it was sent, or given up.")
    code: str | None = value("Why it was not sent; stable, for programs.")
