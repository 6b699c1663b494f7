from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.records import CollectionMethod


class Migration(migrations.Migration):
    dependencies = [("models", "0011_export")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="Consent",
            name="collection_method",
            field=fields.CharEnumField(
                description="how the customer's word reached us",
                null=True,
                enum_type=CollectionMethod,
                max_length=20,
            ),
        ),
    ]
