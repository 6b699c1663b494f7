"""A signed-in actor."""

from uuid import UUID

from tortoise import fields

from models.base import Record, refers_to
from models.records.account import Account


class Session(Record, table="sessions", governed=True):
    """A bearer token, kept only as its SHA-256: 32 bytes, so that the table opens no door."""

    actor = refers_to(Account, "sessions", fields.CASCADE)
    actor_id: UUID
    token_hash = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    confirmed_until = fields.DatetimeField(null=True, description="by the password once more")
