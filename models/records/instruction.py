"""What somebody says that a customer wants ended or erased, until a second person has decided on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields import ReverseRelation

from models.base import Category, Choice, OneOf, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow
from models.vocabulary import Purpose, word_of


class InstructionKind(Choice):
    """What an instruction ends."""

    WITHDRAW = "WITHDRAW", "Withdraw consents at the customer's wish: Article 7(3) of the GDPR."
    OBJECT = "OBJECT", "Object to a purpose at the customer's wish: Article 21 of the GDPR."
    REVOKE = "REVOKE", "End a consent on the company's part."
    INVALIDATE = "INVALIDATE", "End a consent that was never valid."


class InstructionState(Choice):
    """The state of an instruction."""

    WAITING = "WAITING", "Waits for a second person, until `dueAt`; the consents are suspended."
    CARRIED_OUT = "CARRIED_OUT", "Carried out: the consents are ended, and their data erased."
    REFUSED = "REFUSED", "Refused by a second person; the consents are no longer suspended."
    CONTRADICTED = "CONTRADICTED", "Contradicted by the customer; the consents are no longer suspended."


@dataclass(frozen=True, slots=True)
class InstructionContent:
    """How the customer, or whoever knows, said so."""

    evidence: str


class Instruction(SealedRow, table="instructions", governed=True, indexes=(("state", "due_at"),)):
    """One instruction about one customer: one consent, all to a category, or all for a purpose.

    Sealed under a key of its own, so that it outlives the data that it erases and goes with the customer.

    Attributes:
        consent_id: the one consent; none where all to a category or for a purpose are meant.
        consent_category: of the consents; none: of whatever category.
        consent_purpose: of the consents; none: for whatever purpose.
        special: whether a category is concerned of which only the privacy officer decides.
        overdue: whether its day passed while it waited; stays once it is so.
        consents: those that it suspends.
    """

    category: ClassVar[str] = "instruction"

    customer = refers_to(Customer, "instructions")
    customer_id: UUID
    kind = OneOf(InstructionKind)
    consent_id: UUID | None = fields.UUIDField(null=True)
    consent_category = OneOf(Category, description="of which category", null=True)
    consent_purpose = word_of(Purpose, null=True)
    special = fields.BooleanField()
    content = Content(InstructionContent)
    state = OneOf(InstructionState, default=InstructionState.WAITING)
    recorded_by = refers_to(Account, "instructions")
    recorded_by_id: UUID
    recorded_at: datetime = fields.DatetimeField()
    due_at: datetime = fields.DatetimeField()
    overdue = fields.BooleanField(default=False)
    decided_by = may_refer_to(Account, "decided_instructions", fields.RESTRICT)
    decided_by_id: UUID | None
    decided_at: datetime | None = fields.DatetimeField(null=True)

    consents: ReverseRelation[Any]
