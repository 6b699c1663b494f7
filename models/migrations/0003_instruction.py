from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import Category, OneOf
from models.records.fields import Content
from models.records.instruction import InstructionKind, InstructionState
from models.vocabulary import Purpose, WordField
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_difference')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Instruction',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('revision', fields.IntField(default=1)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=True, to_field='id', related_name='instructions', on_delete=OnDelete.RESTRICT)),
                ('kind', OneOf(description='What an instruction ends.', enum_type=InstructionKind, max_length=40)),
                ('consent_id', fields.UUIDField(null=True)),
                ('consent_category', OneOf(null=True, description='of which category', enum_type=Category, max_length=40)),
                ('consent_purpose', WordField(null=True, vocabulary=Purpose, max_length=20)),
                ('special', fields.BooleanField()),
                ('content', Content()),
                ('state', OneOf(default=InstructionState.WAITING, description='The state of an instruction.', enum_type=InstructionState, max_length=40)),
                ('recorded_by', fields.ForeignKeyField('models.Account', source_field='recorded_by_id', db_index=True, db_constraint=True, to_field='id', related_name='instructions', on_delete=OnDelete.RESTRICT)),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('overdue', fields.BooleanField(default=False)),
                ('decided_by', fields.ForeignKeyField('models.Account', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='decided_instructions', on_delete=OnDelete.RESTRICT)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'instructions', 'app': 'models', 'indexes': [Index(fields=['state', 'due_at'])], 'pk_attr': 'id', 'table_description': 'One instruction about one customer: one consent, all to a category, or all for a purpose.'},
            bases=['SealedRow'],
        ),
        ops.AddField(
            model_name='Consent',
            name='suspended_by',
            field=fields.ForeignKeyField('models.Instruction', source_field='suspended_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='consents', on_delete=OnDelete.SET_NULL),
        ),
    ]
