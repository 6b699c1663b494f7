"""A slow, keyed hash of each address of somebody who asked never to be contacted again."""

from datetime import datetime

from tortoise import fields

from models.base import Record


class Suppression(Record, table="suppressions"):
    """An address that nobody is to be written to or taken in by again.

    Attributes:
        bucket: the first byte of a quick keyed hash, so that most look-ups need no slow one.
        digest: 32 bytes, argon2id of a keyed hash of the address.
    """

    bucket = fields.SmallIntField(db_index=True)
    digest = fields.BinaryField()
    at: datetime = fields.DatetimeField()
