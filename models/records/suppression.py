"""What is kept of who left: slow, keyed hashes of what they were found by, and keyed hashes of their keys elsewhere."""

from datetime import datetime

from tortoise import fields

from models.base import Record


class Suppression(Record, table="suppressions"):
    """An address or personal code of somebody who left, by which nobody is to be taken in again.

    Attributes:
        bucket: the first bits of a quick keyed hash, so that most look-ups need no slow one.
        digest: 32 bytes, argon2id of a keyed hash of the address.
        imports_only: only imports ask it; otherwise the customer wished that nobody takes in or writes to it again.
    """

    bucket = fields.SmallIntField(db_index=True)
    digest = fields.BinaryField()
    imports_only = fields.BooleanField(default=False, db_default=False)
    at: datetime = fields.DatetimeField()


class DepartedKey(Record, table="departed_keys", indexes=(("digest",),)):
    """A key under which another system knows somebody who left here, as a keyed hash of 32 bytes."""

    digest = fields.BinaryField()
