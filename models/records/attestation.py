"""Confirmations that a row of a customer's data is right."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Category, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer


class Attestation(Record, table="attestations", governed=True):
    """One row of a customer's data, confirmed to be right as it stood in one revision.

    Attributes:
        row_id: no foreign key; the row may be erased.
    """

    customer = refers_to(Customer, "attestations")
    customer_id: UUID
    category = OneOf(Category, description="the category of the row")
    row_id: UUID = fields.UUIDField()
    revision = fields.IntField()
    by = may_refer_to(Account, "attestations")
    by_id: UUID | None
    at: datetime = fields.DatetimeField()
