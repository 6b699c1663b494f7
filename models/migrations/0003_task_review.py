from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import OneOf
from models.records.break_glass import Verdict
from models.records.fields import Content
from models.records.task import Occasion
from models.records.task_review import ReviewReason
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0002_difference')]

    initial = False

    operations = [
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
