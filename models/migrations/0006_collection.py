from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.base import Category, Purpose
from models.records import (
    Content,
    EvidenceContent,
    EvidenceKind,
    IntakeContent,
    MessageChannel,
    MessageContent,
    MessageState,
    Strength,
    Template,
)


class Migration(migrations.Migration):
    dependencies = [("models", "0005_consent")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Attestation",
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
                        related_name="attestations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        description="the category of the row", enum_type=Category, max_length=20
                    ),
                ),
                ("row_id", fields.UUIDField()),
                ("revision", fields.IntField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="attestations",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "attestations",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One row of a customer's data, confirmed to be right as it stood in one revision.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="ContactCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("customer_id", fields.UUIDField(db_index=True)),
                ("contact_point_id", fields.UUIDField(db_index=True)),
                ("point_revision", fields.IntField()),
                ("digest", fields.BinaryField()),
                ("tries", fields.IntField(default=0)),
                ("sent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "contact_codes",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One code: the latest of a contact point is the only one that is good, and that only once.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="IdentityEvidence",
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
                (
                    "kind",
                    fields.CharEnumField(description="what was shown", enum_type=EvidenceKind, max_length=40),
                ),
                (
                    "strength",
                    fields.CharEnumField(
                        description="FAIR: FAIR\nSTRONG: STRONG\nSUPERIOR: SUPERIOR",
                        enum_type=Strength,
                        max_length=20,
                    ),
                ),
                ("supervised", fields.BooleanField()),
                ("expires_on", fields.DateField()),
                ("content", Content(shape=EvidenceContent, version=1)),
            ],
            options={
                "table": "identity_evidence",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One document that was shown.",
            },
            bases=["Personal"],
        ),
        ops.CreateModel(
            name="Intake",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("revision", fields.IntField(default=1)),
                ("key_digest", fields.BinaryField()),
                ("content", Content(null=True, shape=IntakeContent, version=1)),
                ("code_digest", fields.BinaryField(null=True)),
                ("tries", fields.IntField(default=0)),
                ("became", fields.UUIDField(null=True)),
                ("begun_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "intakes",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One intake: of a visitor, under a ring of its own until the code comes back; of staff, done at once.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("revision", fields.IntField(default=1)),
                ("customer_id", fields.UUIDField(db_index=True)),
                ("contact_point_id", fields.UUIDField(null=True)),
                (
                    "template",
                    fields.CharEnumField(description="what it says", enum_type=Template, max_length=40),
                ),
                (
                    "channel",
                    fields.CharEnumField(
                        description="EMAIL: EMAIL\nSMS: SMS\nACCOUNT: ACCOUNT",
                        enum_type=MessageChannel,
                        max_length=20,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        null=True,
                        description="SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing\nVERIFICATION: verification",
                        enum_type=Purpose,
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="QUEUED: QUEUED\nKEPT: KEPT\nSENT: SENT\nFAILED: FAILED",
                        enum_type=MessageState,
                        max_length=20,
                    ),
                ),
                ("content", Content(null=True, shape=MessageContent, version=1)),
                ("attempts", fields.IntField(default=0)),
                ("queued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("next_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("code", fields.CharField(null=True, max_length=60)),
            ],
            options={
                "table": "messages",
                "app": "models",
                "indexes": [Index(fields=["state", "next_at"])],
                "pk_attr": "id",
                "table_description": "One message to one customer; its content is gone once it has been sent, or will not be.",
            },
            bases=["SealedRow"],
        ),
        ops.AlterField(
            model_name="AgreementTerm",
            name="category",
            field=fields.CharEnumField(
                description="IDENTITY: identity\nIDENTITY_EVIDENCE: identity_evidence\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                enum_type=Category,
                max_length=20,
            ),
        ),
        ops.AlterField(
            model_name="Consent",
            name="category",
            field=fields.CharEnumField(
                description="IDENTITY: identity\nIDENTITY_EVIDENCE: identity_evidence\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                enum_type=Category,
                max_length=20,
            ),
        ),
        ops.AlterField(
            model_name="Erasure",
            name="category",
            field=fields.CharEnumField(
                description="IDENTITY: identity\nIDENTITY_EVIDENCE: identity_evidence\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                enum_type=Category,
                max_length=20,
            ),
        ),
    ]
