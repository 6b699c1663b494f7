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
        ops.AddField(
            model_name='Partner',
            name='networks',
            field=fields.CharField(default='', description='From where its clients come, in CIDR notation, separated by blanks; empty where it has told no networks.', db_default='', max_length=1000),
        ),
    ]
