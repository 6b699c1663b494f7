from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import OneOf
from models.records.difference import Settlement
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Difference',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('field', fields.CharField(max_length=90)),
                ('granted', fields.BooleanField()),
                ('policy', fields.CharField(max_length=16)),
                ('row_id', fields.UUIDField()),
                ('actor_id', fields.UUIDField(null=True)),
                ('found_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('told_at', fields.DatetimeField(null=True, description='to the privacy officers, by mail', auto_now=False, auto_now_add=False)),
                ('settled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('settled_by', fields.ForeignKeyField('models.Account', source_field='settled_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='settled_differences', on_delete=OnDelete.SET_NULL)),
                ('settlement', OneOf(null=True, description='What came of looking at a difference.', enum_type=Settlement, max_length=40)),
            ],
            options={'table': 'differences', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A field that the server decided in one way, and plain Oso in the other, of the same record at the same instant.'},
            bases=['Record'],
        ),
    ]
