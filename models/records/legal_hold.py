"""A category of a customer's data that the law forbids to erase yet, and that is used for nothing else."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.fields import ReverseRelation

from models.base import Category, Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer


class HoldReason(Choice):
    """The reason for a legal hold, as listed in Article 17(3) of the GDPR."""

    EXPRESSION = "EXPRESSION", "The freedom of expression and information."
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION", "A law that requires the data to be kept."
    PUBLIC_HEALTH = "PUBLIC_HEALTH", "The public interest in the area of public health."
    ARCHIVING = "ARCHIVING", "Archiving in the public interest, research or statistics."
    LEGAL_CLAIMS = "LEGAL_CLAIMS", "Establishing, exercising or defending legal claims."


class LegalHold(Record, table="legal_holds", governed=True):
    """A category of one customer's data that must be kept until a day, for a listed reason.

    `basis` names the law or the case by its reference, and nobody. `erased_at`: when what it alone held back was gone,
    keys and all.
    """

    customer = refers_to(Customer, "legal_holds")
    customer_id: UUID
    category = OneOf(Category)
    reason = OneOf(HoldReason)
    basis = fields.CharField(max_length=200)
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
