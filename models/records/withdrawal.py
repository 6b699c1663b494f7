"""A customer who left: the steps of the erasure, and its certificate."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.base import OneOf, Record


class WithdrawalStep(StrEnum):
    """The last step of a withdrawal that is done; each can be repeated."""

    ERASED = "ERASED"
    LISTED = "LISTED"
    DESTROYED = "DESTROYED"
    COMPLETED = "COMPLETED"


class Withdrawal(Record, table="withdrawals"):
    """One withdrawal of one customer.

    Attributes:
        customer_id: no foreign key; a backup that is restored may not know the customer.
        step: how far it has come.
        token_hash: SHA-256 of what shows the certificate to whoever has it.
        counts: JSON, how many rows of each kind were erased, kept back or closed; no value.
        entry: the number of the ledger's entry that certifies it.
        certificate: JSON, that entry with the proof that it is in the ledger.
    """

    customer_id: UUID = fields.UUIDField(db_index=True)
    step = OneOf(WithdrawalStep)
    at: datetime = fields.DatetimeField()
    completed_at: datetime | None = fields.DatetimeField(null=True)
    token_hash = fields.BinaryField(null=True)
    counts = fields.TextField()
    entry: int | None = fields.BigIntField(null=True)
    certificate: str | None = fields.TextField(null=True)
