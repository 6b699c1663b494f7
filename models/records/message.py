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
    """The kind of a message."""

    BREAK_GLASS_OPENED = (
        "break_glass_opened",
        "Somebody was permitted to read the customer's data without a task.",
    )
    HELD_DATA_DISCLOSED = (
        "held_data_disclosed",
        "Data that the law holds back were given to who may ask for them.",
    )
    CONSENT_CODE = "consent_code", "A code that gives consents and confirms a contact point."
    CONSENT_RECORDED = "consent_recorded", "Somebody else recorded an answer about consent for the customer."
    CONTACT_CODE = "contact_code", "A code that confirms a contact point."
    CONTACT_POINT_CHANGED = (
        "contact_point_changed",
        "A contact point of the customer was added, changed or removed.",
    )
    DATA_DICTATED = "data_dictated", "Somebody else wrote something into the customer's data."
    INTAKE_CODE = "intake_code", "A code that confirms a registration."
    INTAKE_COMPLETED = "intake_completed", "A registration is completed."
    SESSIONS_ENDED = "sessions_ended", "All sessions of the customer were ended by the privacy officer."
    PASSWORD_CODE = "password_code", "A code to set a password by."
    PASSWORD_SET = "password_set", "A password was set by a code, and every session has ended."
    TASK_REVIEW_BEGUN = (
        "task_review_begun",
        "A task about the customer was given that the privacy officer reviews.",
    )
    INSTRUCTION_RECORDED = (
        "instruction_recorded",
        "Somebody said that the customer wants consents ended; they are suspended until a second person decides.",
    )
    INSTRUCTION_CARRIED_OUT = "instruction_carried_out", "What was said was carried out."
    INSTRUCTION_REFUSED = "instruction_refused", "What was said was refused; nothing was ended."
    RIGHT_RECORDED = "right_recorded", "Somebody recorded that the customer exercises a right."
    RIGHT_CARRIED_OUT = "right_carried_out", "What was recorded was approved by a second person."
    RIGHT_REFUSED = "right_refused", "What was recorded was refused; the message says where to complain."
    RIGHT_EXTENDED = "right_extended", "The deadline of what was recorded was extended."
    ARCHIVE_LINK = "archive_link", "Where the customer's archive is fetched."
    ARCHIVE_CODE = "archive_code", "The code that opens the customer's archive."
    REQUEST_RECEIVED = "request_received", "A request to correct data was received."
    REQUEST_EXTENDED = "request_extended", "The deadline of a request to correct data was extended."
    REQUEST_GRANTED = "request_granted", "A request to correct data was granted."
    REQUEST_REFUSED = (
        "request_refused",
        "A request to correct data was refused; the message says where to complain.",
    )


class MessageChannel(Choice):
    """The channel of a message."""

    EMAIL = "EMAIL", "E-mail."
    SMS = "SMS", "Text message."
    ACCOUNT = "ACCOUNT", "The customer's account, where the message is read after signing in."


class MessageState(Choice):
    """The state of a message."""

    QUEUED = "QUEUED", "The message waits to be sent."
    KEPT = "KEPT", "The message can be read here."
    SENT = "SENT", "The message was sent; its text is deleted."
    FAILED = "FAILED", "The message could not be sent and is not tried again; its text is deleted."


@dataclass(frozen=True, slots=True, repr=False)
class MessageContent:
    """Where it goes (nowhere, when it is kept to be read here), and what it says, in the customer's language."""

    address: str | None
    subject: str
    text: str


class Message(SealedRow, table="messages", governed=True, indexes=(("state", "next_at"),)):
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
