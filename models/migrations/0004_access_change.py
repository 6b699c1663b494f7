from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import OneOf
from models.records.access_change import AccessChangeKind
from models.records.session import UserAgent
from models.vocabulary import Role, WordField
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_clock_doubt_clock_reading_departed_key_d')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AccessChange',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('kind', OneOf(description='What was changed of who may do what.', enum_type=AccessChangeKind, max_length=40)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_index=True, db_constraint=True, to_field='id', related_name='access_changes', on_delete=OnDelete.CASCADE)),
                ('role', WordField(null=True, vocabulary=Role, max_length=20)),
                ('by', fields.ForeignKeyField('models.Account', source_field='by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='made_access_changes', on_delete=OnDelete.SET_NULL)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('notified_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'access_changes', 'app': 'models', 'indexes': [Index(fields=['notified_at', 'at'])], 'pk_attr': 'id', 'table_description': 'One change of who may do what.'},
            bases=['Record'],
        ),
        ops.AddField(
            model_name='Session',
            name='agent',
            field=OneOf(null=True, description='What somebody signed in with, as it calls itself.', enum_type=UserAgent, max_length=40),
        ),
        ops.AddField(
            model_name='Session',
            name='last_seen_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Session',
            name='new_place',
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name='Session',
            name='place',
            field=fields.BinaryField(null=True),
        ),
    ]
