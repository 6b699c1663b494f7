"""Tasks that the privacy officer looks at, since they were given without an occasion or among managers."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, may_refer_to, refers_to
from models.records.account import Account
from models.records.break_glass import Verdict
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow
from models.records.task import Task


class ReviewReason(Choice):
    """Why a task is reviewed."""

    NO_OCCASION = "NO_OCCASION", "Nothing of the customer's own asked for the task."
    AMONG_MANAGERS = "AMONG_MANAGERS", "A manager gave the task to a manager."


@dataclass(frozen=True, slots=True, repr=False)
class ReviewContent:
    """What the review found."""

    note: str


class TaskReview(SealedRow, table="task_reviews", governed=True, indexes=(("verdict", "given_at"),)):
    """One giving of a task, or putting off of its day, that has to be reviewed; without a verdict until it is.

    Attributes:
        given_by: who gave it, or put it off.
        given_to: whose it was then.
    """

    category: ClassVar[str] = "task_review"

    task = refers_to(Task, "reviews")
    task_id: UUID
    customer = refers_to(Customer, "task_reviews")
    customer_id: UUID
    reason = OneOf(ReviewReason)
    given_by = refers_to(Account, "given_task_reviews")
    given_by_id: UUID
    given_to = refers_to(Account, "task_reviews")
    given_to_id: UUID
    given_at: datetime = fields.DatetimeField()
    content = Content(ReviewContent, null=True)
    verdict = OneOf(Verdict, null=True)
    reviewed_by = may_refer_to(Account, "reviewed_task_reviews", fields.RESTRICT)
    reviewed_by_id: UUID | None
    reviewed_at = fields.DatetimeField(null=True)
