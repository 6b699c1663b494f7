from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.records import CollectionMethod, ConsentState


class Migration(migrations.Migration):
    dependencies = [("models", "0003_personal_code")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Consent", name="denies", field=fields.BooleanField(default=False, db_default=False)
        ),
        ops.AddField(
            model_name="Consent",
            name="collection_method",
            field=fields.CharEnumField(
                description="ACCOUNT: account\nSTAFF: staff\nIMPORT: import",
                null=True,
                enum_type=CollectionMethod,
                max_length=20,
            ),
        ),
        ops.CreateModel(
            name="Receipt",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "consent",
                    fields.ForeignKeyField(
                        "models.Consent",
                        source_field="consent_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="receipts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("customer_id", fields.UUIDField(db_index=True)),
                (
                    "state",
                    fields.CharEnumField(
                        description="REQUESTED: REQUESTED\nREQUEST_DEFERRED: REQUEST_DEFERRED\nREFUSED: REFUSED\nGIVEN: GIVEN\nRENEWED_CONSENT_GIVEN: RENEWED_CONSENT_GIVEN\nEXPIRED: EXPIRED\nINVALIDATED: INVALIDATED\nREVOKED: REVOKED\nWITHDRAWN: WITHDRAWN\nUNKNOWN: UNKNOWN",
                        enum_type=ConsentState,
                        max_length=30,
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("document", fields.TextField(unique=False)),
                ("digest", fields.CharField(max_length=64)),
            ],
            options={
                "table": "receipts",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A receipt for one turn of one consent, never edited.",
            },
            bases=["Record"],
        ),
    ]
