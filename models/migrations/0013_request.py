from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.base import Category
from models.records import Content, ObligationKind, RequestContent, RequestKind, RequestState


class Migration(migrations.Migration):
    dependencies = [("models", "0012_double_opt_in")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Request",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("revision", fields.IntField(default=1)),
                (
                    "customer",
                    fields.ForeignKeyField(
                        "models.Customer",
                        source_field="customer_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(description="which right", enum_type=RequestKind, max_length=20),
                ),
                (
                    "category",
                    fields.CharEnumField(
                        description="the category of the row", enum_type=Category, max_length=20
                    ),
                ),
                ("record_id", fields.UUIDField(db_index=True)),
                ("record_revision", fields.IntField()),
                ("content", Content(null=True, shape=RequestContent, version=1)),
                (
                    "state",
                    fields.CharEnumField(
                        default=RequestState.RECEIVED,
                        description="RECEIVED: RECEIVED\nEXTENDED: EXTENDED\nGRANTED: GRANTED\nREFUSED: REFUSED\nWITHDRAWN: WITHDRAWN",
                        enum_type=RequestState,
                        max_length=20,
                    ),
                ),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("extended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Actor",
                        source_field="decided_by_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="decided_requests",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("decided_roles", fields.CharField(default="", max_length=200)),
                ("overdue", fields.BooleanField(default=False)),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.Task",
                        source_field="task_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "requests",
                "app": "models",
                "indexes": [Index(fields=["state", "due_at"])],
                "pk_attr": "id",
                "table_description": "One request of one customer about one field of one row.",
            },
            bases=["SealedRow"],
        ),
        ops.AddField(
            model_name="Obligation",
            name="kind",
            field=fields.CharEnumField(
                default=ObligationKind.ERASE,
                db_default=ObligationKind.ERASE,
                description="what is to be done",
                enum_type=ObligationKind,
                max_length=20,
            ),
        ),
        ops.AddField(
            model_name="Obligation",
            name="category",
            field=fields.CharEnumField(
                null=True, description="the category of the row", enum_type=Category, max_length=20
            ),
        ),
        ops.AddField(model_name="Obligation", name="record_id", field=fields.UUIDField(null=True)),
        ops.AddField(
            model_name="Obligation", name="request_id", field=fields.UUIDField(null=True, db_index=True)
        ),
        ops.AlterModelOptions(
            name="Obligation",
            options={
                "table": "obligations",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A partner is to erase what it has of a customer, or to put a row of it right, until a day, and to say that it has.",
            },
        ),
    ]
