"""Which outside rows have been brought in, so that an import can be repeated or resumed; and outside keys of customers."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from tortoise import fields

from models.base import Record, refers_to
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow
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


@dataclass(frozen=True, slots=True)
class OutsideKeyContent:
    """A key under which an outside source knows a customer."""

    key: str


class OutsideKey(SealedRow, table="outside_keys"):
    """Under which key an outside source knows a customer, sealed as the customer's own; goes with the customer."""

    category: ClassVar[str] = "outside_key"

    customer = refers_to(Customer, "outside_keys")
    customer_id: UUID
    source = fields.CharField(max_length=100)
    content = Content(OutsideKeyContent)
