from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.records import ExportState


class Migration(migrations.Migration):
    dependencies = [("models", "0009_withdrawal")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Export",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.OneToOneField(
                        "models.Customer",
                        source_field="customer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="export",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "begun_by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="begun_by_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="exports",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=ExportState.PENDING,
                        description="PENDING: PENDING\nREADY: READY",
                        enum_type=ExportState,
                        max_length=20,
                    ),
                ),
                ("token_hash", fields.BinaryField()),
                ("percent", fields.SmallIntField(default=0)),
                ("size", fields.BigIntField(default=0)),
                ("begun_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("downloaded_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "exports",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The one archive of a customer that is being made, or waits to be fetched.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="ExportChunk",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "export",
                    fields.ForeignKeyField(
                        "models.Export",
                        source_field="export_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="parts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                ("content", fields.BinaryField()),
            ],
            options={
                "table": "export_chunks",
                "app": "models",
                "unique_together": (("export", "number"),),
                "pk_attr": "id",
                "table_description": "A part of an archive, sealed; numbered from 0.",
            },
            bases=["Record"],
        ),
    ]
