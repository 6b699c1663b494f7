from uuid import uuid4

from tortoise import fields, migrations
from tortoise.indexes import Index as TableIndex
from tortoise.migrations import operations as ops

from models.base import Category


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Access",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("entry", fields.BigIntField(db_index=True)),
                ("customer_id", fields.UUIDField()),
                ("kind", fields.CharField(max_length=20)),
                ("roles", fields.CharField(max_length=200)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("purposes", fields.CharField(max_length=200)),
                ("task_ids", fields.TextField(unique=False)),
                ("fields_read", fields.TextField(unique=False)),
            ],
            options={
                "table": "accesses",
                "app": "models",
                "indexes": [TableIndex(fields=["customer_id", "at"])],
                "pk_attr": "id",
                "table_description": "One reading of one customer's data, for the customer to see; the lists are words separated by blanks.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", fields.BigIntField(primary_key=True, generated=False)),
                ("root", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("note", fields.TextField(unique=False)),
                ("delivered", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "checkpoints",
                "app": "models",
                "pk_attr": "size",
                "table_description": "What the ledger was at one moment, signed; `delivered` names the witnesses that have it, by their hash.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Erasure",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("customer_id", fields.UUIDField(db_index=True)),
                (
                    "category",
                    fields.CharEnumField(
                        description="IDENTITY: identity\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                        enum_type=Category,
                        max_length=20,
                    ),
                ),
                ("successor", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("rows", fields.IntField()),
                ("completed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "erasures",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One erasure of a category of a customer's data.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="LedgerEntry",
            fields=[
                ("number", fields.BigIntField(primary_key=True, generated=False)),
                ("entry", fields.BinaryField()),
                ("leaf", fields.BinaryField()),
            ],
            options={
                "table": "ledger_entries",
                "app": "models",
                "pk_attr": "number",
                "table_description": "One entry, numbered from 0 without a gap; append-only.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LedgerHead",
            fields=[
                ("id", fields.IntField(primary_key=True, generated=False)),
                ("size", fields.BigIntField()),
                ("frontier", fields.BinaryField()),
            ],
            options={
                "table": "ledger_head",
                "app": "models",
                "pk_attr": "id",
                "table_description": "How many entries there are, and the hashes that their tree's root is made of; one row, of id 1.",
            },
            bases=["Model"],
        ),
    ]
