from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.base import Category, Purpose
from models.records import Content, HealthRecordContent, Index, PaymentCardContent, exact

CATEGORY_TEXT = (
    "IDENTITY: identity\nIDENTITY_EVIDENCE: identity_evidence\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference"
    "\nINTERACTION: interaction\nORDER: order\nPAYMENT_CARD: payment_card\nHEALTH: health"
)
PURPOSE_TEXT = (
    "SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing"
    "\nVERIFICATION: verification\nCARE: care"
)


class Migration(migrations.Migration):
    dependencies = [("models", "0006_collection")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PaymentCard",
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
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                ("content", Content(shape=PaymentCardContent, version=1)),
                ("token_index", Index(null=True, db_index=True, normalise=exact, part="token")),
            ],
            options={
                "table": "payment_cards",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A card of a customer; its token finds it when it is given again.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="HealthRecord",
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
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("source", fields.CharField(max_length=100)),
                ("collected_by", fields.UUIDField(null=True)),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("verification_method", fields.CharField(null=True, max_length=40)),
                ("verification_level", fields.CharField(null=True, max_length=20)),
                ("verified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("verification_evidence", fields.CharField(null=True, max_length=100)),
                (
                    "verification_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("revision", fields.IntField(default=1)),
                ("content", Content(shape=HealthRecordContent, version=1)),
            ],
            options={
                "table": "health_records",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One health record of a customer.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Submission",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("key_id", fields.UUIDField(db_index=True)),
                ("taken_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "submissions",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A sealed submission that was taken: its nonce is the id. Nothing of what was in it.",
            },
            bases=["Record"],
        ),
        ops.AlterField(
            model_name="AgreementTerm",
            name="category",
            field=fields.CharEnumField(description=CATEGORY_TEXT, enum_type=Category, max_length=20),
        ),
        ops.AlterField(
            model_name="AgreementTerm",
            name="purpose",
            field=fields.CharEnumField(description=PURPOSE_TEXT, enum_type=Purpose, max_length=20),
        ),
        ops.AlterField(
            model_name="Consent",
            name="category",
            field=fields.CharEnumField(description=CATEGORY_TEXT, enum_type=Category, max_length=20),
        ),
        ops.AlterField(
            model_name="Consent",
            name="purpose",
            field=fields.CharEnumField(description=PURPOSE_TEXT, enum_type=Purpose, max_length=20),
        ),
        ops.AlterField(
            model_name="Erasure",
            name="category",
            field=fields.CharEnumField(description=CATEGORY_TEXT, enum_type=Category, max_length=20),
        ),
        ops.AlterField(
            model_name="Message",
            name="purpose",
            field=fields.CharEnumField(null=True, description=PURPOSE_TEXT, enum_type=Purpose, max_length=20),
        ),
        ops.AlterField(
            model_name="Notice",
            name="purpose",
            field=fields.CharEnumField(description=PURPOSE_TEXT, enum_type=Purpose, max_length=20),
        ),
        ops.AlterField(
            model_name="Task",
            name="purpose",
            field=fields.CharEnumField(description=PURPOSE_TEXT, enum_type=Purpose, max_length=20),
        ),
    ]
