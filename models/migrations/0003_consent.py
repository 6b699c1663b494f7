from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_difference')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Consent',
            name='confirmation',
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.AddField(
            model_name='Consent',
            name='officers_told',
            field=fields.BooleanField(null=True, db_index=True),
        ),
        ops.AddField(
            model_name='Consent',
            name='recorded_by',
            field=fields.ForeignKeyField('models.Account', source_field='recorded_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='recorded_consents', on_delete=OnDelete.SET_NULL),
        ),
    ]
