"""Organisations, which are not persons."""

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation

from models.base import Record


class Company(Record, table="companies", governed=True):
    """An organisation that customers may speak for."""

    name = fields.CharField(max_length=200, unique=True)
    parent: ForeignKeyNullableRelation["Company"] = fields.ForeignKeyField(
        "models.Company", related_name="subsidiaries", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    created_at = fields.DatetimeField()
