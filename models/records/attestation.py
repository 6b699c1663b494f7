"""Confirmations that a row of a customer's data is right."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation, ForeignKeyRelation

from models.base import Category, OneOf, Record
from models.records.account import Account
from models.records.customer import Customer


class Attestation(Record):
    """One row of a customer's data, confirmed to be right as it stood in one revision.

    Attributes:
        row_id: no foreign key; the row may be erased.
    """

    customer: ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="attestations", db_index=True, on_delete=fields.RESTRICT
    )
    customer_id: UUID
    category = OneOf(Category, description="the category of the row")
    row_id: UUID = fields.UUIDField()
    revision = fields.IntField()
    by: ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="attestations", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    by_id: UUID | None
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "attestations"
