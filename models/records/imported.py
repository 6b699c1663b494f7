"""Which outside rows have been brought in, so that an import can be repeated or resumed."""

from uuid import UUID

from tortoise import fields

from models.base import Record


class ImportedRow(Record, table="imported_rows", unique_together=(("source", "entity", "key"),)):
    """One row of an outside source: its key there, a keyed digest of what was read, our record."""

    source = fields.CharField(max_length=100)
    entity = fields.CharField(max_length=40)
    key = fields.CharField(max_length=200)
    digest = fields.BinaryField()
    record_id: UUID = fields.UUIDField(db_index=True)
    imported_at = fields.DatetimeField()
