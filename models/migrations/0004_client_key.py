from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import OneOf
from models.records.fields import Content
from models.records.task import TaskPriority
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0003_clock_doubt_clock_reading_departed_key_d')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ClientKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('actor', fields.ForeignKeyField('models.Account', source_field='actor_id', db_index=True, db_constraint=True, to_field='id', related_name='client_keys', on_delete=OnDelete.CASCADE)),
                ('digest', fields.CharField(unique=True, max_length=64)),
                ('arguments', fields.CharField(max_length=64)),
                ('made', fields.TextField(unique=False)),
                ('used_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'client_keys', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One key of one account, with what was made under it; written in the same transaction.'},
            bases=['Record'],
        ),
        ops.AddField(
            model_name='Task',
            name='content',
            field=Content(null=True),
        ),
        ops.AddField(
            model_name='Task',
            name='priority',
            field=OneOf(default=TaskPriority.NORMAL, description='How urgent a task is; the values sort from the most urgent.', enum_type=TaskPriority, max_length=40),
        ),
        ops.AddField(
            model_name='Task',
            name='revision',
            field=fields.IntField(default=1),
        ),
    ]
