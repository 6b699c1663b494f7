from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0004_access_change_client_key_desk_lookup_dic')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Task',
            name='handed_back_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
