"""Messages to customers, until they are sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tortoise import fields

from models.base import Category, Choice, OneOf
from models.records.fields import Content
from models.records.sealed import SealedRow
from models.vocabulary import Purpose, word_of


class Template(Choice):
    """What a message says."""

    BREAK_GLASS_OPENED = "break_glass_opened", "Somebody opened data of the customer without a task."
    CONSENT_CODE = "consent_code", "A code by which one consents, and which confirms a contact point."
    CONTACT_CODE = "contact_code", "A code that confirms a contact point."
    INTAKE_CODE = "intake_code", "A code that confirms a registration."
    INTAKE_COMPLETED = "intake_completed", "A registration is completed."
    REQUEST_RECEIVED = "request_received", "What the customer asked to be put right has arrived."
    REQUEST_EXTENDED = "request_extended", "The answer to it takes longer."
    REQUEST_GRANTED = "request_granted", "It was put right."
    REQUEST_REFUSED = "request_refused", "It was not, and with whom the customer can complain."


class MessageChannel(Choice):
    """By which way a message reaches somebody."""

    EMAIL = "EMAIL", "By e-mail."
    SMS = "SMS", "By text message."
    ACCOUNT = "ACCOUNT", "Here, to be read when signing in."


class MessageState(Choice):
    """How far a message has come."""

    QUEUED = "QUEUED", "It is on its way."
    KEPT = "KEPT", "It is here to be read."
    SENT = "SENT", "It was handed over; its text is gone."
    FAILED = "FAILED", "It was not handed over and will not be; its text is gone."


@dataclass(frozen=True, slots=True)
class MessageContent:
    """Where it goes (nowhere, when it is kept to be read here), and what it says, in the customer's language."""

    address: str | None
    subject: str
    text: str


class Message(SealedRow):
    """One message to one customer; its content is gone once it has been sent, or will not be.

    Attributes:
        customer_id: no foreign key; who registers is not a customer yet.
        contact_point_id: where it goes, as a row that must still be there; none for who registers.
        purpose: what the customer must have consented to; none for what concerns the customer's own data.
        next_at: when it is to be tried next; kept as it is once there is nothing more to try.
        expires_at: after which it is worth nothing any more.
        code: why it was not sent.
    """

    category: ClassVar[str] = Category.CONTACT_POINT

    customer_id: UUID = fields.UUIDField(db_index=True)
    contact_point_id: UUID | None = fields.UUIDField(null=True)
    # A description of its own: one made of the list would be another with every new text.
    template = OneOf(Template, description="what it says")
    channel = OneOf(MessageChannel)
    purpose = word_of(Purpose, null=True)
    state = OneOf(MessageState)
    content = Content(MessageContent, null=True)
    attempts = fields.IntField(default=0)
    queued_at: datetime = fields.DatetimeField()
    next_at: datetime = fields.DatetimeField()
    expires_at: datetime | None = fields.DatetimeField(null=True)
    finished_at: datetime | None = fields.DatetimeField(null=True)
    code = fields.CharField(max_length=60, null=True)

    class Meta:
        table = "messages"
        indexes = (("state", "next_at"),)
