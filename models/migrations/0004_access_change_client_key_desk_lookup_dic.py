from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import Category, OneOf
from models.records.access_change import AccessChangeKind
from models.records.desk_lookup import LookupWay
from models.records.dictation import DictationChange, DictationState
from models.records.fields import BlindIndex, Content
from models.records.instruction import InstructionKind, Medium, Proof
from models.records.session import UserAgent
from models.records.task import TaskPriority
from models.vocabulary import Role, WordField
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0003_clock_doubt_clock_reading_departed_key_d')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AccessChange',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('kind', OneOf(description='What was changed of who may do what.', enum_type=AccessChangeKind, max_length=40)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_index=True, db_constraint=True, to_field='id', related_name='access_changes', on_delete=OnDelete.CASCADE)),
                ('role', WordField(null=True, vocabulary=Role, max_length=20)),
                ('by', fields.ForeignKeyField('models.Account', source_field='by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='made_access_changes', on_delete=OnDelete.SET_NULL)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('notified_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'access_changes', 'app': 'models', 'indexes': [Index(fields=['notified_at', 'at'])], 'pk_attr': 'id', 'table_description': 'One change of who may do what.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='ClientKey',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('actor', fields.ForeignKeyField('models.Account', source_field='actor_id', db_index=True, db_constraint=True, to_field='id', related_name='client_keys', on_delete=OnDelete.CASCADE)),
                ('digest', fields.CharField(unique=True, max_length=64)),
                ('arguments', fields.CharField(max_length=64)),
                ('made', fields.TextField(unique=False)),
                ('used_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'client_keys', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One key of one account, with what was made under it; written in the same transaction.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='DeskLookup',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('actor_id', fields.UUIDField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('way', OneOf(description='What somebody was looked up by who does not know their customer number.', enum_type=LookupWay, max_length=40)),
                ('found', fields.IntField()),
                ('counted', fields.IntField()),
                ('alarm', fields.BooleanField(default=False)),
                ('told_at', fields.DatetimeField(null=True, description='to the privacy officers, by mail', auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'desk_lookups', 'app': 'models', 'indexes': [Index(fields=['actor_id', 'at']), Index(fields=['at'])], 'pk_attr': 'id', 'table_description': 'One look-up at the desk, with nothing of what was looked for.'},
            bases=['Record'],
        ),
        ops.CreateModel(
            name='Dictation',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('revision', fields.IntField(default=1)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=True, to_field='id', related_name='dictations', on_delete=OnDelete.RESTRICT)),
                ('category', OneOf(description='the category of the row', enum_type=Category, max_length=40)),
                ('record_id', fields.UUIDField()),
                ('record_revision', fields.IntField()),
                ('change', OneOf(description='What a dictation did to a row.', enum_type=DictationChange, max_length=40)),
                ('content', Content()),
                ('state', OneOf(default=DictationState.STANDS, description='The state of a dictation.', enum_type=DictationState, max_length=40)),
                ('recorded_by', fields.ForeignKeyField('models.Account', source_field='recorded_by_id', db_index=True, db_constraint=True, to_field='id', related_name='dictations', on_delete=OnDelete.RESTRICT)),
                ('recorded_roles', fields.CharField(max_length=200)),
                ('recorded_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('kept_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'dictations', 'app': 'models', 'indexes': [Index(fields=['record_id']), Index(fields=['kept_until']), Index(fields=['recorded_by_id', 'recorded_at'])], 'pk_attr': 'id', 'table_description': "One row of a customer's data, written by somebody else on the customer's word."},
            bases=['SealedRow'],
        ),
        ops.CreateModel(
            name='Finding',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', db_index=True, db_constraint=True, to_field='id', related_name='findings', on_delete=OnDelete.CASCADE)),
                ('actor_id', fields.UUIDField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'findings', 'app': 'models', 'indexes': [Index(fields=['actor_id', 'at'])], 'pk_attr': 'id', 'table_description': 'That somebody at the desk found a customer: for a while they may begin what customers come to the desk for.'},
            bases=['Record'],
        ),
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
        ops.CreateModel(
            name='PasswordCode',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('customer', fields.ForeignKeyField('models.Customer', source_field='customer_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='password_codes', on_delete=OnDelete.CASCADE)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='password_codes', on_delete=OnDelete.CASCADE)),
                ('contact_point_id', fields.UUIDField(null=True)),
                ('point_revision', fields.IntField(null=True)),
                ('digest', fields.BinaryField()),
                ('begun_by_id', fields.UUIDField(null=True)),
                ('sent_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'password_codes', 'app': 'models', 'pk_attr': 'id', 'table_description': 'One code: good once, until it expires, or another one for the same person was used.'},
            bases=['Record'],
        ),
        ops.AddField(
            model_name='Access',
            name='found_by',
            field=OneOf(null=True, description='What somebody was looked up by who does not know their customer number.', enum_type=LookupWay, max_length=40),
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
            model_name='ContactPoint',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AlterField(
            model_name='Export',
            name='begun_by',
            field=fields.ForeignKeyField('models.Account', source_field='begun_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='exports', on_delete=OnDelete.CASCADE),
        ),
        ops.AlterField(
            model_name='Export',
            name='token_hash',
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name='HealthRecord',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Identity',
            name='company_name_index',
            field=BlindIndex(null=True, db_index=True),
        ),
        ops.AddField(
            model_name='Identity',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='IdentityEvidence',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AlterModelOptions(
            name='ImportedRow',
            options={'table': 'imported_rows', 'app': 'models', 'unique_together': (('source', 'entity', 'key'),), 'pk_attr': 'id', 'table_description': 'One row of an outside source: keyed hashes of its key there and of what was read, our record.'},
        ),
        ops.AlterModelOptions(
            name='Instruction',
            options={'table': 'instructions', 'app': 'models', 'indexes': [Index(fields=['state', 'due_at'])], 'pk_attr': 'id', 'table_description': 'One instruction about one customer: one consent, all to a category, all for a purpose, or a right on paper.'},
        ),
        ops.AlterField(
            model_name='Instruction',
            name='kind',
            field=OneOf(description='What an instruction is about: consents that end, or a right that the customer exercises on paper.', enum_type=InstructionKind, max_length=40),
        ),
        ops.AddField(
            model_name='Instruction',
            name='code_digest',
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name='Instruction',
            name='code_point_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Instruction',
            name='extended_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Instruction',
            name='fetched_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Instruction',
            name='link_digest',
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name='Instruction',
            name='link_ends_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Instruction',
            name='link_point_id',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Instruction',
            name='medium',
            field=OneOf(null=True, description='How somebody told what the customer wants.', enum_type=Medium, max_length=40),
        ),
        ops.AddField(
            model_name='Instruction',
            name='proof',
            field=OneOf(null=True, description='How surely it is known that it was the customer who asked.', enum_type=Proof, max_length=40),
        ),
        ops.AddField(
            model_name='Instruction',
            name='proved_by',
            field=fields.ForeignKeyField('models.Account', source_field='proved_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='proved_instructions', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Instruction',
            name='received_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Instruction',
            name='sent_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Instruction',
            name='suppress',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Instruction',
            name='tries',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Interaction',
            name='verified_by',
            field=fields.UUIDField(null=True),
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
        ops.AddField(
            model_name='Order',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='PaymentCard',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='PersonalCode',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='PostalAddress',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Preference',
            name='verified_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Request',
            name='medium',
            field=OneOf(null=True, description='How somebody told what the customer wants.', enum_type=Medium, max_length=40),
        ),
        ops.AddField(
            model_name='Request',
            name='proof',
            field=OneOf(null=True, description='How surely it is known that it was the customer who asked.', enum_type=Proof, max_length=40),
        ),
        ops.AddField(
            model_name='Request',
            name='recorded_by',
            field=fields.ForeignKeyField('models.Account', source_field='recorded_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='recorded_requests', on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Session',
            name='agent',
            field=OneOf(null=True, description='What somebody signed in with, as it calls itself.', enum_type=UserAgent, max_length=40),
        ),
        ops.AddField(
            model_name='Session',
            name='last_seen_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Session',
            name='new_place',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Session',
            name='place',
            field=fields.BinaryField(null=True),
        ),
        ops.AddField(
            model_name='Task',
            name='content',
            field=Content(null=True),
        ),
        ops.AddField(
            model_name='Task',
            name='priority',
            field=OneOf(default=TaskPriority.NORMAL, description='How urgent a task is; the values sort from the most urgent.', db_default=TaskPriority.NORMAL, enum_type=TaskPriority, max_length=40),
        ),
        ops.AddField(
            model_name='Task',
            name='revision',
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.RemoveField(model_name='Company', name='parent'),
        ops.DeleteModel(name='Company'),
    ]
