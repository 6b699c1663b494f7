from tortoise import migrations
from tortoise.migrations import operations as ops
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_difference')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DepartedKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('digest', fields.BinaryField()),
            ],
            options={'table': 'departed_keys', 'app': 'models', 'indexes': [Index(fields=['digest'])], 'pk_attr': 'id', 'table_description': 'A key under which another system knows somebody who left here, as a keyed hash of 32 bytes.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('customer_id', fields.UUIDField(db_index=True)),
                ('digest', fields.BinaryField()),
            ],
            options={'table': 'former_addresses', 'app': 'models', 'indexes': [Index(fields=['digest'])], 'pk_attr': 'id', 'table_description': 'An address or personal code that was erased, removed or changed here, as a keyed hash of 32 bytes.'},
            bases=['Record'],
        ),
        ops.AlterModelOptions(
            name='Suppression',
            options={'table': 'suppressions', 'app': 'models', 'pk_attr': 'id', 'table_description': 'An address or personal code of somebody who left, by which nobody is to be taken in again.'},
        ),
        ops.AddField(
            model_name='Suppression',
            name='imports_only',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
