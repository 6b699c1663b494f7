"""Whom somebody at the front desk has found."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Record, refers_to
from models.records.customer import Customer


class Finding(Record, table="findings", governed=True, indexes=(("actor_id", "at"),)):
    """That somebody at the desk found a customer: for a while they may begin what customers come to the desk for."""

    customer = refers_to(Customer, "findings", fields.CASCADE)
    customer_id: UUID
    actor_id: UUID = fields.UUIDField()
    at: datetime = fields.DatetimeField()
