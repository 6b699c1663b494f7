from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_access_change_client_key_desk_lookup_dic')]

    initial = False

    operations = [
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
