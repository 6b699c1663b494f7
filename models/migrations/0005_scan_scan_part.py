from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import OneOf
from models.records.fields import Content
from models.records.scan import ScanKind, ScanState
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_access_change_client_key_desk_lookup_dic')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Scan',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=True, to_field='id', related_name='scans', on_delete=OnDelete.RESTRICT)),
                ('instruction', fields.ForeignKeyField('models.Instruction', source_field='instruction_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='scans', on_delete=OnDelete.CASCADE)),
                ('request', fields.ForeignKeyField('models.Request', source_field='request_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='scans', on_delete=OnDelete.CASCADE)),
                ('kind', OneOf(null=True, description='What a scan is, as its content shows.', enum_type=ScanKind, max_length=40)),
                ('state', OneOf(default=ScanState.INCOMPLETE, description='How far a scan has come.', enum_type=ScanState, max_length=40)),
                ('size', fields.IntField()),
                ('received', fields.IntField(default=0)),
                ('added_by', fields.ForeignKeyField('models.Account', source_field='added_by_id', db_index=True, db_constraint=True, to_field='id', related_name='scans', on_delete=OnDelete.RESTRICT)),
                ('begun_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'scans', 'app': 'models', 'pk_attr': 'id', 'table_description': 'The scan of one letter that an instruction or a request came by.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='ScanPart',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('revision', fields.IntField(default=1)),
                ('scan', fields.ForeignKeyField('models.Scan', source_field='scan_id', db_index=True, db_constraint=True, to_field='id', related_name='parts', on_delete=OnDelete.CASCADE)),
                ('customer_id', fields.UUIDField(db_index=True)),
                ('sealed_under', fields.CharField(max_length=40)),
                ('number', fields.IntField()),
                ('content', Content()),
            ],
            options={'table': 'scan_parts', 'app': 'models', 'unique_together': (('scan', 'number'),), 'pk_attr': 'id', 'table_description': 'A part of a scan, numbered from 0; sealed under the key of what it came with, and so erased with that.'},
            bases=['SealedRow'],
        ),
        ops.AddField(
            model_name='Access',
            name='explained',
            field=fields.CharField(null=True, max_length=100),
        ),
        ops.RenameField(
            model_name='DeskLookup',
            old_name='told_at',
            new_name='notified_at',
        ),
        ops.RenameField(
            model_name='Difference',
            old_name='told_at',
            new_name='notified_at',
        ),
        ops.RenameField(
            model_name='Disclosure',
            old_name='told_at',
            new_name='notified_at',
        ),
        ops.RenameField(
            model_name='Disclosure',
            old_name='tell_at',
            new_name='notify_at',
        ),
        ops.RenameField(
            model_name='MissedLookup',
            old_name='told_at',
            new_name='notified_at',
        ),
        ops.AlterField(
            model_name='Request',
            name='record_id',
            field=fields.UUIDField(null=True, db_index=True),
        ),
        ops.AlterField(
            model_name='Request',
            name='record_revision',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Task',
            name='handed_back_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
