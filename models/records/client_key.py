"""Keys that clients made up for what they had made, so that a repeat makes nothing."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Record, refers_to
from models.records.account import Account


class ClientKey(Record, table="client_keys"):
    """One key of one account, with what was made under it; written in the same transaction.

    Attributes:
        digest: a keyed hash of the account and the key, 64 hexadecimal digits.
        arguments: a keyed hash of the mutation and its arguments, and of the key.
        made: by field of the payload, the identifiers of the records that it showed, as JSON.
    """

    actor = refers_to(Account, "client_keys", fields.CASCADE)
    actor_id: UUID
    digest = fields.CharField(max_length=64, unique=True)
    arguments = fields.CharField(max_length=64)
    made = fields.TextField()
    used_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField(db_index=True)
