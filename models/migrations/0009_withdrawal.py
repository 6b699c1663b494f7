from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.base import Category
from models.records import HoldReason, WithdrawalStep


class Migration(migrations.Migration):
    dependencies = [("models", "0008_break_glass")]

    initial = False

    operations = [
        ops.CreateModel(
            name="LegalHold",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="legal_holds",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        description="IDENTITY: identity\nIDENTITY_EVIDENCE: identity_evidence\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order\nPAYMENT_CARD: payment_card\nHEALTH: health",
                        enum_type=Category,
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    fields.CharEnumField(
                        description="EXPRESSION: EXPRESSION\nLEGAL_OBLIGATION: LEGAL_OBLIGATION\nPUBLIC_HEALTH: PUBLIC_HEALTH\nARCHIVING: ARCHIVING\nLEGAL_CLAIMS: LEGAL_CLAIMS",
                        enum_type=HoldReason,
                        max_length=20,
                    ),
                ),
                ("basis", fields.CharField(max_length=200)),
                (
                    "placed_by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="placed_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="placed_holds",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("placed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("erased_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "legal_holds",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A category of one customer's data that must be kept until a day, for a listed reason.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="HeldRow",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "hold",
                    fields.ForeignKeyField(
                        "models.LegalHold",
                        source_field="hold_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="rows",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("held_table", fields.CharField(max_length=40)),
                ("row_id", fields.UUIDField()),
                ("revision", fields.IntField()),
                ("content", fields.BinaryField()),
                ("plain", fields.TextField(unique=False)),
            ],
            options={
                "table": "held_rows",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A row that was taken out of its category instead of being erased, as it lay there: sealed.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Obligation",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "partner",
                    fields.ForeignKeyField(
                        "models.Partner",
                        source_field="partner_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="obligations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("customer_id", fields.UUIDField(db_index=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("acknowledged_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "acknowledged_by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="acknowledged_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="acknowledged_obligations",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "obligations",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A partner is to erase what it has of a customer, until a day, and to say that it has.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Suppression",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("bucket", fields.SmallIntField(db_index=True)),
                ("digest", fields.BinaryField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "suppressions",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An address that nobody is to be written to or taken in by again.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("customer_id", fields.UUIDField(db_index=True)),
                (
                    "step",
                    fields.CharEnumField(
                        description="ERASED: ERASED\nLISTED: LISTED\nDESTROYED: DESTROYED\nCOMPLETED: COMPLETED",
                        enum_type=WithdrawalStep,
                        max_length=20,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("completed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("token_hash", fields.BinaryField(null=True)),
                ("counts", fields.TextField(unique=False)),
                ("entry", fields.BigIntField(null=True)),
                ("certificate", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "withdrawals",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One withdrawal of one customer.",
            },
            bases=["Record"],
        ),
    ]
