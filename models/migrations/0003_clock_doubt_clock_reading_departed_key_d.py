from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import Category, Number, OneOf
from models.records.break_glass import Verdict
from models.records.clock import DoubtKind
from models.records.disclosure import Recipient, Secrecy
from models.records.fields import Content
from models.records.instruction import InstructionKind, InstructionState
from models.records.task import Occasion
from models.records.task_review import ReviewReason
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
            name='ClockDoubt',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('kind', OneOf(description='In which way the clock is doubted.', enum_type=DoubtKind, max_length=40)),
                ('ending', fields.CharField(default='', max_length=40)),
                ('latest_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('clock_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due', fields.IntField(default=0)),
                ('standing', fields.IntField(default=0)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('ended_by', fields.ForeignKeyField('models.Account', source_field='ended_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='ended_doubts', on_delete=OnDelete.SET_NULL)),
            ],
            options={'table': 'clock_doubts', 'app': 'models', 'pk_attr': 'id', 'table_description': 'A doubt of the clock. While it stands, nothing is ended by time; only somebody who has looked ends it.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='ClockReading',
            fields=[
                ('id', Number(primary_key=True, unique=True, db_index=True)),
                ('latest_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('proven_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('count', fields.BigIntField(default=0)),
            ],
            options={'table': 'clock_readings', 'app': 'models', 'pk_attr': 'id', 'table_description': 'What is known of the time; one row, of id 1.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DepartedKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('digest', fields.BinaryField()),
            ],
            options={'table': 'departed_keys', 'app': 'models', 'indexes': [Index(fields=['digest'])], 'pk_attr': 'id', 'table_description': 'A key under which another system knows somebody who left here, as a keyed hash of 32 bytes.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='Disclosure',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('hold_id', fields.UUIDField()),
                ('customer_id', fields.UUIDField(db_index=True)),
                ('category', OneOf(description='A kind of personal data, consented to as one: one declaration, one table, one GraphQL type.', enum_type=Category, max_length=40)),
                ('recipient', OneOf(description='Who may ask for what is held back.', enum_type=Recipient, max_length=40)),
                ('roles', fields.CharField(max_length=200)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('secrecy', OneOf(null=True, description='Why the law forbids to tell the customer yet, as listed in Article 23(1) of the GDPR.', enum_type=Secrecy, max_length=40)),
                ('tell_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('told_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'disclosures', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One disclosure of a category that a legal hold keeps back.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('customer_id', fields.UUIDField(db_index=True)),
                ('digest', fields.BinaryField()),
            ],
            options={'table': 'former_addresses', 'app': 'models', 'indexes': [Index(fields=['digest'])], 'pk_attr': 'id', 'table_description': 'An address or personal code that was erased, removed or changed here, as a keyed hash of 32 bytes.'},
            bases=['Record'],
        ),
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
        ops.CreateModel(
            name='TaskReview',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('revision', fields.IntField(default=1)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_index=True, db_constraint=True, to_field='id', related_name='reviews', on_delete=OnDelete.RESTRICT)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=True, to_field='id', related_name='task_reviews', on_delete=OnDelete.RESTRICT)),
                ('reason', OneOf(description='Why a task is reviewed.', enum_type=ReviewReason, max_length=40)),
                ('given_by', fields.ForeignKeyField('models.Account', source_field='given_by_id', db_index=True, db_constraint=True, to_field='id', related_name='given_task_reviews', on_delete=OnDelete.RESTRICT)),
                ('given_to', fields.ForeignKeyField('models.Account', source_field='given_to_id', db_index=True, db_constraint=True, to_field='id', related_name='task_reviews', on_delete=OnDelete.RESTRICT)),
                ('given_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('content', Content(null=True)),
                ('verdict', OneOf(null=True, description='The verdict of a review.', enum_type=Verdict, max_length=40)),
                ('reviewed_by', fields.ForeignKeyField('models.Account', source_field='reviewed_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='reviewed_task_reviews', on_delete=OnDelete.RESTRICT)),
                ('reviewed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'task_reviews', 'app': 'models', 'indexes': [Index(fields=['verdict', 'given_at'])], 'pk_attr': 'id', 'table_description': 'One giving of a task, or putting off of its day, that has to be reviewed; without a verdict until it is.'},
            bases=['SealedRow'],
        ),
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
        ops.AddField(
            model_name='Consent',
            name='suspended_by',
            field=fields.ForeignKeyField('models.Instruction', source_field='suspended_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='consents', on_delete=OnDelete.SET_NULL),
        ),
        ops.AlterModelOptions(
            name='Suppression',
            options={'table': 'suppressions', 'app': 'models', 'pk_attr': 'id', 'table_description': 'An address or personal code of somebody who left, by which nobody is to be taken in again.'},
        ),
        ops.AddField(
            model_name='Suppression',
            name='imports_only',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Task',
            name='extended_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Task',
            name='occasion',
            field=OneOf(null=True, description="What of the customer's own asks for a task, as it was when the task was given or put off last.", enum_type=Occasion, max_length=40),
        ),
    ]
