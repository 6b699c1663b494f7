from tortoise import migrations
from tortoise.migrations import operations as ops
from models.records.fields import BlindIndex, Content
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0003_clock_doubt_clock_reading_departed_key_d')]

    initial = False

    operations = [
        ops.CreateModel(
            name='OutsideKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('revision', fields.IntField(default=1)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=True, to_field='id', related_name='outside_keys', on_delete=OnDelete.RESTRICT)),
                ('source', fields.CharField(max_length=100)),
                ('content', Content()),
            ],
            options={'table': 'outside_keys', 'app': 'models', 'pk_attr': 'id', 'table_description': "Under which key an outside source knows a customer, sealed as the customer's own; goes with the customer."},
            bases=['SealedRow'],
        ),
        ops.AddField(
            model_name='Consent',
            name='code',
            field=fields.CharField(null=True, max_length=60),
        ),
        ops.AddField(
            model_name='Consent',
            name='content',
            field=Content(null=True),
        ),
        ops.AddField(
            model_name='Consent',
            name='revision',
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.RemoveField(model_name='Consent', name='confirmation'),
        ops.RemoveField(model_name='Consent', name='evidence'),
        ops.AddField(
            model_name='Identity',
            name='company_name_index',
            field=BlindIndex(null=True, db_index=True),
        ),
        ops.AlterModelOptions(
            name='ImportedRow',
            options={'table': 'imported_rows', 'app': 'models', 'unique_together': (('source', 'entity', 'key'),), 'pk_attr': 'id', 'table_description': 'One row of an outside source: keyed hashes of its key there and of what was read, our record.'},
        ),
        ops.AddField(
            model_name='LegalHold',
            name='content',
            field=Content(null=True),
        ),
        ops.AddField(
            model_name='LegalHold',
            name='revision',
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.RemoveField(model_name='LegalHold', name='basis'),
        ops.RemoveField(model_name='Company', name='parent'),
        ops.DeleteModel(name='Company'),
    ]
