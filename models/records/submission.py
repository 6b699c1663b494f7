"""Sealed submissions that were accepted, so that none is accepted a second time."""

from uuid import UUID

from tortoise import fields

from models.base import Record


class Submission(Record, table="submissions"):
    """A sealed submission that was taken: its nonce is the id. Nothing of what was in it.

    Once the key it was sealed to is gone from the key database it opens nowhere, and need not be remembered.
    """

    key_id: UUID = fields.UUIDField(db_index=True)
    taken_at = fields.DatetimeField()
