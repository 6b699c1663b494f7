"""Which outside rows have been brought in, so that an import can be repeated or resumed."""

from typing import Final
from uuid import UUID

from tortoise import fields

from models.base import Record
from vault import vault

#: `#` and 64 digits.
_HASH: Final = 65


class ImportedRow(Record, table="imported_rows", unique_together=(("source", "entity", "key"),)):
    """One row of an outside source: keyed hashes of its key there and of what was read, our record.

    A key from elsewhere may be somebody's name or number, so it is nowhere in plain.

    Attributes:
        key: `#` and a keyed hash in 64 hexadecimal digits.
    """

    source = fields.CharField(max_length=100)
    entity = fields.CharField(max_length=40)
    key = fields.CharField(max_length=200)
    digest = fields.BinaryField()
    record_id: UUID = fields.UUIDField(db_index=True)
    imported_at = fields.DatetimeField()


def key_hash(source: str, entity: str, key: str) -> str:
    """What stands for a key of a source: `#` and a keyed hash in 64 hexadecimal digits."""
    return "#" + vault.current().mark(f"imported|{source}|{entity}|{key}")


def is_hash(key: str) -> bool:
    """Whether this is a keyed hash; an older version kept keys in plain, until they are sealed."""
    return len(key) == _HASH and key.startswith("#")
