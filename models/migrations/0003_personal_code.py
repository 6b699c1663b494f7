from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.base import Category
from models.records import Content, CountryDigest, Index, PersonalCodeContent, compact, folded


class Migration(migrations.Migration):
    dependencies = [("models", "0002_ledger")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PersonalCode",
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
                ("content", Content(shape=PersonalCodeContent, version=1)),
                ("code_index", Index(null=True, db_index=True, normalise=compact, part="code")),
                ("country_digest", CountryDigest()),
            ],
            options={
                "table": "personal_codes",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A personal code of a customer: at most one row a customer and country.",
            },
            bases=["Personal"],
        ),
        ops.AlterField(
            model_name="AgreementTerm",
            name="category",
            field=fields.CharEnumField(
                description="IDENTITY: identity\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                enum_type=Category,
                max_length=20,
            ),
        ),
        ops.AlterField(
            model_name="Consent",
            name="category",
            field=fields.CharEnumField(
                description="IDENTITY: identity\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                enum_type=Category,
                max_length=20,
            ),
        ),
        ops.AlterField(
            model_name="Erasure",
            name="category",
            field=fields.CharEnumField(
                description="IDENTITY: identity\nPERSONAL_CODE: personal_code\nCONTACT: contact\nADDRESS: address\nPREFERENCE: preference\nINTERACTION: interaction\nORDER: order",
                enum_type=Category,
                max_length=20,
            ),
        ),
        ops.AddField(
            model_name="Identity",
            name="given_name_index",
            field=Index(null=True, db_index=True, normalise=folded, part="given_name"),
        ),
    ]
