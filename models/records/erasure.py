"""What was erased: remembered, so that no backup brings it back."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Category, OneOf, Record


class Erasure(Record, table="erasures"):
    """One erasure of a category of a customer's data.

    Attributes:
        customer_id: no foreign key; the customer may be gone.
        successor: the commitment of the key that data of the category are sealed under from then on.
        rows: how many were deleted.
        completed_at: when the keys of what was deleted were destroyed.
    """

    customer_id: UUID = fields.UUIDField(db_index=True)
    category = OneOf(Category)
    successor = fields.BinaryField()
    at: datetime = fields.DatetimeField()
    rows = fields.IntField()
    completed_at: datetime | None = fields.DatetimeField(null=True)
