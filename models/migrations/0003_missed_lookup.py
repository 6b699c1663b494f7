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
            name='MissedLookup',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('actor_id', fields.UUIDField()),
                ('caller_id', fields.UUIDField(null=True)),
                ('kind', fields.CharField(max_length=20)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('purposes', fields.CharField(max_length=200)),
                ('lookups', fields.TextField(unique=False)),
                ('asked', fields.IntField()),
                ('found', fields.IntField()),
                ('counted', fields.IntField()),
                ('refused_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('alarm', fields.BooleanField(default=False)),
                ('told_at', fields.DatetimeField(null=True, description='to the privacy officers, by mail', auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'missed_lookups', 'app': 'models', 'indexes': [Index(fields=['actor_id', 'at']), Index(fields=['actor_id', 'refused_until']), Index(fields=['at'])], 'pk_attr': 'id', 'table_description': 'One answer in which records that were looked up were not found, because they are not there or may not be seen.'},
            bases=['Record'],
        ),
    ]
