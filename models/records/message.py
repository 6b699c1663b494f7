"""The outbox: what the house has to say to customers, until it is said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from tortoise import fields

from models.base import Category
from models.records.fields import Content
from models.records.sealed import SealedRow
from models.vocabulary import Purpose, word_of


class Template(StrEnum):
    """What can be said: a closed list, each with its text in every language under `procedures/message/texts/`."""

    BREAK_GLASS_OPENED = "break_glass_opened"
    CONSENT_CODE = "consent_code"
    CONTACT_CODE = "contact_code"
    INTAKE_CODE = "intake_code"
    INTAKE_COMPLETED = "intake_completed"
    REQUEST_RECEIVED = "request_received"
    REQUEST_EXTENDED = "request_extended"
    REQUEST_GRANTED = "request_granted"
    REQUEST_REFUSED = "request_refused"


class MessageChannel(StrEnum):
    """By which way a message reaches somebody."""

    EMAIL = "EMAIL"
    SMS = "SMS"
    ACCOUNT = "ACCOUNT"


class MessageState(StrEnum):
    """How far a message has come; `KEPT` waits in the customer's account to be read."""

    QUEUED = "QUEUED"
    KEPT = "KEPT"
    SENT = "SENT"
    FAILED = "FAILED"


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

    category: ClassVar[str] = Category.CONTACT

    customer_id: UUID = fields.UUIDField(db_index=True)
    contact_point_id: UUID | None = fields.UUIDField(null=True)
    # A description of its own: one made of the list would be another with every new text.
    template = fields.CharEnumField(Template, max_length=40, description="what it says")
    channel = fields.CharEnumField(MessageChannel, max_length=20)
    purpose = word_of(Purpose, null=True)
    state = fields.CharEnumField(MessageState, max_length=20)
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
