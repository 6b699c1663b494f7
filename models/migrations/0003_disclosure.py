from tortoise import migrations
from tortoise.migrations import operations as ops
from models.base import Category, OneOf
from models.records.disclosure import Recipient, Secrecy
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_difference')]

    initial = False

    operations = [
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
    ]
