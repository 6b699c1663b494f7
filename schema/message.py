"""Messages to a customer."""

from datetime import datetime

from models import MessageChannel, MessageState, Template
from schema.reading import Guarded, Released, recorded, value


@recorded
class Message(Released, Guarded):
    """A message to a customer; its text is deleted once it is sent."""

    template: Template | None = value("The kind of message.")
    channel: MessageChannel | None = value("The channel.")
    state: MessageState | None = value("The state of the message.")
    subject: str | None = value("The subject; null unless the message is to be read here.")
    text: str | None = value("The text; null unless the message is to be read here.")
    queued_at: datetime | None = value("When it was queued.")
    finished_at: datetime | None = value("When it was sent or given up; null until then.")
    code: str | None = value("A stable code for why it was not sent; null otherwise.")
