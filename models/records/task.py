"""Work on a customer's behalf: the only source of need-to-know."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, may_refer_to, refers_to
from models.records.account import Account
from models.records.agreement import Agreement
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow
from models.vocabulary import Purpose, word_of


class TaskStatus(Choice):
    """Whether a task is open."""

    OPEN = "OPEN", "Open: its assignee can read the data that the purpose needs, until `dueAt`."
    CLOSED = "CLOSED", "Closed: it permits reading nothing."


class Outcome(Choice):
    """How a task ended."""

    DONE = "DONE", "The work is done."
    CANCELLED = "CANCELLED", "The work is no longer needed."


class Occasion(Choice):
    """What of the customer's own asks for a task, as it was when the task was given or put off last."""

    REQUEST = "REQUEST", "A request of the customer's waits to be answered."
    OWN_TASK = "OWN_TASK", "The customer opened a task within the last 90 days."
    INTERACTION = "INTERACTION", "There was an interaction with the customer within the last 90 days."
    ORDER = "ORDER", "The customer ordered something within the last 90 days."
    INTAKE = "INTAKE", "The customer is being taken in: nothing is kept yet."
    DUE = "DUE", "The task was opened by nobody, but by what is due, such as a verification that expires."


class TaskPriority(Choice):
    """How urgent a task is; the values sort from the most urgent."""

    HIGH = "1-high", "To be done before others."
    NORMAL = "2-normal", "To be done in its turn."
    LOW = "3-low", "To be done when there is time."


@dataclass(frozen=True, slots=True, repr=False)
class TaskContent:
    """What is to be done, in words, which may name people."""

    subject: str | None = None
    text: str | None = None


class Task(SealedRow, table="tasks", governed=True, indexes=(("customer_id", "assignee_id", "status"),)):
    """One task for one customer and one purpose, carried by an employee or a partner's client.

    A task given to a partner's client names the agreement under which it was given.

    Attributes:
        content: none of a task of which nobody said anything.
        due_at: from then on it opens nothing, and without it never; only of tasks closed long ago it is missing.
        extended_at: when its day was put off last.
        handed_back_at: when it went back to the managers last, because who had it could carry it no longer.
        occasion: none, too, of a task that nobody has.
    """

    category: ClassVar[str] = "task"

    # With a default in the database, as the priority: there were rows before it.
    revision = fields.IntField(default=1, db_default=1)
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
    due_at: datetime | None = fields.DatetimeField(null=True)
    extended_at: datetime | None = fields.DatetimeField(null=True)
    handed_back_at: datetime | None = fields.DatetimeField(null=True)
    occasion = OneOf(Occasion, null=True)
    priority = OneOf(TaskPriority, default=TaskPriority.NORMAL, db_default=TaskPriority.NORMAL)
    content = Content(TaskContent, null=True)
    closed_at = fields.DatetimeField(null=True)
    outcome = OneOf(Outcome, null=True)
