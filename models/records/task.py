"""Work on a customer's behalf: the only source of need-to-know."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation, ForeignKeyRelation

from models.base import Record
from models.records.actor import Actor
from models.records.agreement import Agreement
from models.records.customer import Customer
from models.vocabulary import Purpose, word_of


class TaskStatus(StrEnum):
    """Whether a task opens a door."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Outcome(StrEnum):
    """How a task ended."""

    DONE = "DONE"
    CANCELLED = "CANCELLED"


class Task(Record):
    """One task for one customer and one purpose, carried by an employee or a partner's client.

    A task given to a partner's client names the agreement under which it was given.
    """

    customer: ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="tasks", db_index=True, on_delete=fields.RESTRICT
    )
    customer_id: UUID
    purpose = word_of(Purpose)
    assignee: ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "models.Actor", related_name="tasks", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    assignee_id: UUID | None
    agreement: ForeignKeyNullableRelation[Agreement] = fields.ForeignKeyField(
        "models.Agreement", related_name="tasks", null=True, db_index=True, on_delete=fields.RESTRICT
    )
    agreement_id: UUID | None
    status = fields.CharEnumField(TaskStatus, max_length=20, default=TaskStatus.OPEN)
    opened_by: ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "models.Actor", related_name="opened_tasks", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    opened_by_id: UUID | None
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    outcome = fields.CharEnumField(Outcome, max_length=20, null=True)

    class Meta:
        table = "tasks"
        indexes = (("customer_id", "assignee_id", "status"),)
