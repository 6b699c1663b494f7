"""A category of a customer's data that the law forbids to erase yet, and that is used for nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields import ReverseRelation

from models.base import Category, Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow


class HoldReason(Choice):
    """The reason for a legal hold, as listed in Article 17(3) of the GDPR."""

    EXPRESSION = "EXPRESSION", "The freedom of expression and information."
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION", "A law that requires the data to be kept."
    PUBLIC_HEALTH = "PUBLIC_HEALTH", "The public interest in the area of public health."
    ARCHIVING = "ARCHIVING", "Archiving in the public interest, research or statistics."
    LEGAL_CLAIMS = "LEGAL_CLAIMS", "Establishing, exercising or defending legal claims."


@dataclass(frozen=True, slots=True, repr=False)
class LegalHoldContent:
    """The reference of the law or of the case."""

    basis: str


class LegalHold(SealedRow, table="legal_holds", governed=True):
    """A category of one customer's data that must be kept until a day, for a listed reason.

    Sealed under a key of its own, which is there as long as the hold or the customer is.

    Attributes:
        content: none once both are gone.
        erased_at: when what it alone held back was gone, keys and all.
    """

    # With a default in the database, too: there were rows before it.
    revision = fields.IntField(default=1, db_default=1)
    own_key: ClassVar[str | None] = "legal_hold"

    customer = refers_to(Customer, "legal_holds")
    customer_id: UUID
    category = OneOf(Category)
    reason = OneOf(HoldReason)
    content = Content(LegalHoldContent, null=True)
    placed_by = may_refer_to(Account, "placed_holds")
    placed_by_id: UUID | None
    placed_at: datetime = fields.DatetimeField()
    until: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    erased_at: datetime | None = fields.DatetimeField(null=True)

    rows: ReverseRelation["HeldRow"]


class HeldRow(Record, table="held_rows"):
    """A row that was taken out of its category instead of being erased, as it lay there: sealed.

    No query reaches it; `content` opens in its old place (`held_table`, `row_id`, `revision`) and nowhere else.
    `plain` is JSON: the row's other columns.
    """

    hold = refers_to(LegalHold, "rows")
    hold_id: UUID
    held_table = fields.CharField(max_length=40)
    row_id: UUID = fields.UUIDField()
    revision = fields.IntField()
    content = fields.BinaryField()
    plain = fields.TextField()
