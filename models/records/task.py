"""Work on a customer's behalf: the only source of need-to-know."""

from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.agreement import Agreement
from models.records.customer import Customer
from models.vocabulary import Purpose, word_of


class TaskStatus(Choice):
    """Whether a task is open."""

    OPEN = "OPEN", "Open: its assignee can read the data that the purpose needs."
    CLOSED = "CLOSED", "Closed: it permits reading nothing."


class Outcome(Choice):
    """How a task ended."""

    DONE = "DONE", "The work is done."
    CANCELLED = "CANCELLED", "The work is no longer needed."


class Task(Record, table="tasks", governed=True, indexes=(("customer_id", "assignee_id", "status"),)):
    """One task for one customer and one purpose, carried by an employee or a partner's client.

    A task given to a partner's client names the agreement under which it was given.
    """

    customer = refers_to(Customer, "tasks")
    customer_id: UUID
    purpose = word_of(Purpose)
    assignee = may_refer_to(Account, "tasks")
    assignee_id: UUID | None
    agreement = may_refer_to(Agreement, "tasks", fields.RESTRICT)
    agreement_id: UUID | None
    status = OneOf(TaskStatus, default=TaskStatus.OPEN)
    opened_by = may_refer_to(Account, "opened_tasks")
    opened_by_id: UUID | None
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    outcome = OneOf(Outcome, null=True)
