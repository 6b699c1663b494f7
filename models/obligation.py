"""What a partner owes after a customer has left."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation, ForeignKeyRelation

from models.actor import Actor
from models.base import Record
from models.partner import Partner


class Obligation(Record):
    """A partner is to erase what it has of a customer, until a day, and to say that it has.

    `customer_id` is the identifier that the partner knew the customer by.
    """

    partner: ForeignKeyRelation[Partner] = fields.ForeignKeyField(
        "models.Partner", related_name="obligations", db_index=True, on_delete=fields.RESTRICT
    )
    partner_id: UUID
    customer_id: UUID = fields.UUIDField(db_index=True)
    created_at: datetime = fields.DatetimeField()
    due_at: datetime = fields.DatetimeField()
    acknowledged_at: datetime | None = fields.DatetimeField(null=True)
    acknowledged_by: ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "models.Actor",
        related_name="acknowledged_obligations",
        null=True,
        db_index=True,
        on_delete=fields.SET_NULL,
    )
    acknowledged_by_id: UUID | None

    class Meta:
        table = "obligations"
