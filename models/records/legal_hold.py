"""What the law forbids to erase yet: a category of a customer's data, held back, used for nothing else."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation, ForeignKeyRelation, ReverseRelation

from models.base import Category, Record
from models.records.actor import Actor
from models.records.customer import Customer


class HoldReason(StrEnum):
    """The reasons of Article 17(3) of the GDPR, and no others."""

    EXPRESSION = "EXPRESSION"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"
    PUBLIC_HEALTH = "PUBLIC_HEALTH"
    ARCHIVING = "ARCHIVING"
    LEGAL_CLAIMS = "LEGAL_CLAIMS"


class LegalHold(Record):
    """A category of one customer's data that must be kept until a day, for a listed reason.

    `basis` names the law or the case by its reference, and nobody. `erased_at`: when what it alone held back was gone,
    keys and all.
    """

    customer: ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="legal_holds", db_index=True, on_delete=fields.RESTRICT
    )
    customer_id: UUID
    category = fields.CharEnumField(Category, max_length=20)
    reason = fields.CharEnumField(HoldReason, max_length=20)
    basis = fields.CharField(max_length=200)
    placed_by: ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "models.Actor", related_name="placed_holds", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    placed_by_id: UUID | None
    placed_at: datetime = fields.DatetimeField()
    until: datetime = fields.DatetimeField()
    ended_at: datetime | None = fields.DatetimeField(null=True)
    erased_at: datetime | None = fields.DatetimeField(null=True)

    rows: ReverseRelation["HeldRow"]

    class Meta:
        table = "legal_holds"


class HeldRow(Record):
    """A row that was taken out of its category instead of being erased, as it lay there: sealed.

    No query reaches it; `content` opens in its old place (`held_table`, `row_id`, `revision`) and nowhere else.
    `plain` is JSON: the row's other columns.
    """

    hold: ForeignKeyRelation[LegalHold] = fields.ForeignKeyField(
        "models.LegalHold", related_name="rows", db_index=True, on_delete=fields.RESTRICT
    )
    hold_id: UUID
    held_table = fields.CharField(max_length=40)
    row_id: UUID = fields.UUIDField()
    revision = fields.IntField()
    content = fields.BinaryField()
    plain = fields.TextField()

    class Meta:
        table = "held_rows"
