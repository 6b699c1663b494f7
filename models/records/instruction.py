"""What somebody says that a customer wants, or that has to end, until a second person has decided on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from tortoise import fields
from tortoise.fields import ReverseRelation
from tortoise.queryset import QuerySet

from models.base import Category, Choice, OneOf, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow
from models.vocabulary import Purpose, word_of


class InstructionKind(Choice):
    """What an instruction is about: consents that end, or a right that the customer exercises on paper."""

    WITHDRAW = "WITHDRAW", "Withdraw consents at the customer's wish: Article 7(3) of the GDPR."
    OBJECT = "OBJECT", "Object to a purpose at the customer's wish: Article 21 of the GDPR."
    REVOKE = "REVOKE", "End a consent on the company's part."
    INVALIDATE = "INVALIDATE", "End a consent that was never valid."
    ACCESS = "ACCESS", "Give the customer a copy of all data: Article 15 of the GDPR."
    EXPORT = "EXPORT", "Give the customer the data to take along: Article 20 of the GDPR."
    RESTRICT = "RESTRICT", "Restrict processing, which takes effect at once: Article 18 of the GDPR."
    LEAVE = "LEAVE", "Erase everything, and end all consents: Article 17 of the GDPR."

    @property
    def suspends(self) -> bool:
        """Whether it suspends consents while it waits."""
        return self in SUSPENDING

    @property
    def delivers(self) -> bool:
        """Whether it is answered by an archive that is delivered to the customer."""
        return self in (InstructionKind.ACCESS, InstructionKind.EXPORT)

    @property
    def on_paper(self) -> bool:
        """Whether it is a right of the customer's that is exercised as a whole, and not about consents."""
        return self is InstructionKind.LEAVE or self not in SUSPENDING


SUSPENDING: Final = frozenset(
    {
        InstructionKind.WITHDRAW, InstructionKind.OBJECT, InstructionKind.REVOKE, InstructionKind.INVALIDATE,
        InstructionKind.LEAVE,
    }
)  # fmt: skip


class Medium(Choice):
    """How somebody told what the customer wants."""

    LETTER = "LETTER", "A letter."
    TELEPHONE = "TELEPHONE", "A telephone call."
    IN_PERSON = "IN_PERSON", "In person."
    EMAIL = "EMAIL", "An e-mail."


class Proof(Choice):
    """How surely it is known that it was the customer who asked."""

    CLAIMED = "CLAIMED", "Nothing but the word of who asked."
    REACHED = "REACHED", "Asked back at a contact point that was verified before."
    IAL2 = "IAL2", "Documents as for IAL2 of NIST SP 800-63A; eIDAS: substantial."
    IAL3 = "IAL3", "The same, shown in person; eIDAS: high."


class InstructionState(Choice):
    """The state of an instruction."""

    WAITING = "WAITING", "Waits for a second person, until `dueAt`; what it would end is suspended."
    APPROVED = "APPROVED", "Approved by a second person; the archive is being made."
    CARRIED_OUT = "CARRIED_OUT", "Carried out: what it is about is ended, or the archive was sent."
    REFUSED = "REFUSED", "Refused by a second person; nothing is suspended or restricted by it any more."
    CONTRADICTED = (
        "CONTRADICTED",
        "Contradicted by the customer; nothing is suspended or restricted by it any more.",
    )


@dataclass(frozen=True, slots=True, repr=False)
class InstructionContent:
    """What people wrote.

    Attributes:
        evidence: how the customer, or whoever knows, said so.
        proof_evidence: by what it is known since that it was the customer.
        extension_reason: why it takes longer.
        decision_reason: why it was refused.
    """

    evidence: str
    proof_evidence: str | None = None
    extension_reason: str | None = None
    decision_reason: str | None = None


class Instruction(SealedRow, table="instructions", governed=True, indexes=(("state", "due_at"),)):
    """One instruction about one customer: one consent, all to a category, all for a purpose, or a right on paper.

    Sealed under a key of its own, so that it outlives the data that it erases and goes with the customer.

    Attributes:
        consent_id: the one consent; none where all to a category or for a purpose are meant.
        consent_category: of the consents; none: of whatever category.
        consent_purpose: of the consents; none: for whatever purpose.
        special: whether a category is concerned of which only the privacy officer decides.
        medium: how it was told; none where it was said to staff at work, or is the company's own.
        received_at: the beginning of the day on which it came; none as for `medium`.
        proof: how surely it was the customer; none as for `medium`.
        proved_by: who said so.
        suppress: who leaves wishes that nobody takes them in or writes to them again.
        overdue: whether its day passed while it waited; stays once it is so.
        link_point_id, code_point_id: where link and code of an archive were sent; no foreign keys, they may be erased. Where
            there is no second one, somebody hands the code over.
        link_digest, code_digest: SHA-256 of what the link holds, and a keyed hash of the code.
        tries: how often something else was offered as the code.
        link_ends_at: until when the archive can be fetched.
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
    medium = OneOf(Medium, null=True)
    received_at: datetime | None = fields.DatetimeField(null=True)
    proof = OneOf(Proof, null=True)
    proved_by = may_refer_to(Account, "proved_instructions", fields.RESTRICT)
    proved_by_id: UUID | None
    suppress = fields.BooleanField(default=False, db_default=False)
    extended_at: datetime | None = fields.DatetimeField(null=True)
    link_point_id: UUID | None = fields.UUIDField(null=True)
    code_point_id: UUID | None = fields.UUIDField(null=True)
    link_digest = fields.BinaryField(null=True)
    code_digest = fields.BinaryField(null=True)
    tries = fields.IntField(default=0, db_default=0)
    sent_at: datetime | None = fields.DatetimeField(null=True)
    link_ends_at: datetime | None = fields.DatetimeField(null=True)
    fetched_at: datetime | None = fields.DatetimeField(null=True)

    consents: ReverseRelation[Any]

    @classmethod
    def suspending(cls, customer_id: UUID) -> "QuerySet[Instruction]":
        """The query for those of a customer that wait and suspend consents."""
        waiting = cls.filter(customer_id=customer_id, state=InstructionState.WAITING)
        return waiting.filter(kind__in=list(SUSPENDING))
