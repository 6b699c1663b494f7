from uuid import uuid4

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.base import Purpose
from models.fields import Content
from models.message import MessageChannel, MessageContent, MessageState, Template


class Migration(migrations.Migration):
    dependencies = [("models", "0003_personal_code")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ContactCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("customer_id", fields.UUIDField(db_index=True)),
                ("contact_point_id", fields.UUIDField(db_index=True)),
                ("point_revision", fields.IntField()),
                ("digest", fields.BinaryField()),
                ("tries", fields.IntField(default=0)),
                ("sent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "contact_codes",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One code: the latest of a contact point is the only one that is good, and that only once.",
            },
            bases=["Record"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("revision", fields.IntField(default=1)),
                ("customer_id", fields.UUIDField(db_index=True)),
                ("contact_point_id", fields.UUIDField(null=True)),
                (
                    "template",
                    fields.CharEnumField(description="what it says", enum_type=Template, max_length=40),
                ),
                (
                    "channel",
                    fields.CharEnumField(
                        description="EMAIL: EMAIL\nSMS: SMS\nACCOUNT: ACCOUNT",
                        enum_type=MessageChannel,
                        max_length=20,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        null=True,
                        description="SUPPORT: support\nSALES: sales\nDELIVERY: delivery\nBILLING: billing\nMARKETING: marketing\nVERIFICATION: verification",
                        enum_type=Purpose,
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="QUEUED: QUEUED\nKEPT: KEPT\nSENT: SENT\nFAILED: FAILED",
                        enum_type=MessageState,
                        max_length=20,
                    ),
                ),
                ("content", Content(null=True, shape=MessageContent, version=1)),
                ("attempts", fields.IntField(default=0)),
                ("queued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("next_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("code", fields.CharField(null=True, max_length=60)),
            ],
            options={
                "table": "messages",
                "app": "models",
                "indexes": [Index(fields=["state", "next_at"])],
                "pk_attr": "id",
                "table_description": "One message to one customer; its content is gone once it has been sent, or will not be.",
            },
            bases=["SealedRow"],
        ),
    ]
