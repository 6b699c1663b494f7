from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0005_scan_scan_part')]

    initial = False

    operations = [
        ops.AddField(
            model_name='FormerAddress',
            name='imports_only',
            field=fields.BooleanField(default=False, db_default=False),
        ),
    ]
