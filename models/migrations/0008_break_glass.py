from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.base import Category, Purpose
from models.records import BreakGlassContent, BreakGlassState, Content, Verdict


class Migration(migrations.Migration):
    dependencies = [("models", "0007_submission")]

    initial = False

    operations = [
        ops.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("revision", fields.IntField(default=1)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="break_glasses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "asker",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="asker_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="break_glasses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing\nVERIFICATION: verification\nCARE: care",
                        enum_type=Purpose,
                        max_length=20,
                    ),
                ),
                ("special", fields.BooleanField()),
                ("content", Content(shape=BreakGlassContent, version=1)),
                ("reason_digest", fields.BinaryField()),
                (
                    "state",
                    fields.CharEnumField(
                        default=BreakGlassState.REQUESTED,
                        description="REQUESTED: REQUESTED\nAPPROVED: APPROVED\nREFUSED: REFUSED\nENDED: ENDED",
                        enum_type=BreakGlassState,
                        max_length=20,
                    ),
                ),
                ("requested_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="decided_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="decided_break_glasses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "verdict",
                    fields.CharEnumField(
                        null=True,
                        description="JUSTIFIED: JUSTIFIED\nUNJUSTIFIED: UNJUSTIFIED",
                        enum_type=Verdict,
                        max_length=20,
                    ),
                ),
                (
                    "reviewed_by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="reviewed_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reviewed_break_glasses",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reviewed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "break_glasses",
                "app": "models",
                "indexes": [Index(fields=["customer_id", "asker_id", "state"])],
                "pk_attr": "id",
                "table_description": "One request to read named categories of one customer without a task, for one purpose.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="BreakGlassCategory",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "break_glass",
                    fields.ForeignKeyField(
                        "models.BreakGlass",
                        source_field="break_glass_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="categories",
                        on_delete=OnDelete.CASCADE,
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
            ],
            options={
                "table": "break_glass_categories",
                "app": "models",
                "unique_together": (("break_glass", "category"),),
                "pk_attr": "id",
                "table_description": "One category that a request names.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Totp",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "actor",
                    fields.OneToOneField(
                        "models.Actor",
                        source_field="actor_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="totp",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("secret", fields.BinaryField()),
                ("last_step", fields.BigIntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "totps",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The secret that an actor's codes are made from; it counts once a code of it was shown.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "totp",
                    fields.ForeignKeyField(
                        "models.Totp",
                        source_field="totp_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="recovery_codes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("digest", fields.BinaryField()),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "recovery_codes",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A code that works once instead of a changing one; kept as a keyed hash of 32 bytes.",
            },
            bases=["Record"],
        ),
        ops.AddField(
            model_name="Access",
            name="break_glass_ids",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Session",
            name="confirmed_until",
            field=fields.DatetimeField(
                null=True, description="by the password once more", auto_now=False, auto_now_add=False
            ),
        ),
    ]
