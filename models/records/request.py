"""A customer's request to put data right, to be decided by staff until a day."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Category, Choice, OneOf, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.instruction import Medium, Proof
from models.records.sealed import SealedRow
from models.records.task import Task


class RequestKind(Choice):
    """The right that a request is about; rights that need no decision are exercised without a request."""

    RECTIFICATION = "RECTIFICATION", "Rectification of inaccurate data: Article 16 of the GDPR."


class RequestState(Choice):
    """The state of a request."""

    RECEIVED = "RECEIVED", "Waits for an answer, until `dueAt`."
    EXTENDED = "EXTENDED", "Waits for an answer, until the extended `dueAt`."
    GRANTED = "GRANTED", "Granted: the field was corrected."
    REFUSED = "REFUSED", "Refused; `decisionReason` says why."
    WITHDRAWN = "WITHDRAWN", "Withdrawn by the customer."


@dataclass(frozen=True, slots=True, repr=False)
class RequestContent:
    """What people wrote.

    Attributes:
        field: the field to be corrected, by its GraphQL name.
        wanted: its value as the customer wants it; None: empty.
        reason: why, in the customer's words.
        extension_reason: why it took longer.
        decision_reason: why it was decided so.
        evidence: where it came on paper, by what it is found again.
    """

    field: str
    wanted: str | None
    reason: str
    extension_reason: str | None = None
    decision_reason: str | None = None
    evidence: str | None = None


class Request(SealedRow, table="requests", governed=True, indexes=(("state", "due_at"),)):
    """One request of one customer about one field of one row.

    Sealed as the row is, under the key of its category, so that the category's erasure takes it along.

    Attributes:
        record_id: the row; no foreign key, the row may be erased. None until somebody names it, where who recorded the
            request sees no row.
        record_revision: of the row when the request was made; none as for `record_id`.
        content: gone once the customer took the request back.
        decided_roles: in which roles it was decided, as words with blanks between them.
        overdue: whether its day passed while it waited; stays once it is so.
        task: the work of deciding it.
        recorded_by: who recorded it; none where the customer made it.
        medium, proof: how it came, and how surely it was the customer; none as for `recorded_by`.
    """

    customer = refers_to(Customer, "requests")
    customer_id: UUID
    kind = OneOf(RequestKind, description="which right")
    category = OneOf(Category, description="the category of the row")
    record_id: UUID | None = fields.UUIDField(db_index=True, null=True)
    record_revision: int | None = fields.IntField(null=True)
    content = Content(RequestContent, null=True)
    state = OneOf(RequestState, default=RequestState.RECEIVED)
    received_at: datetime = fields.DatetimeField()
    due_at: datetime = fields.DatetimeField()
    extended_at: datetime | None = fields.DatetimeField(null=True)
    decided_at: datetime | None = fields.DatetimeField(null=True)
    decided_by = may_refer_to(Account, "decided_requests")
    decided_by_id: UUID | None
    decided_roles = fields.CharField(max_length=200, default="")
    overdue = fields.BooleanField(default=False)
    task = may_refer_to(Task, "requests")
    task_id: UUID | None
    recorded_by = may_refer_to(Account, "recorded_requests", fields.RESTRICT)
    recorded_by_id: UUID | None
    medium = OneOf(Medium, null=True)
    proof = OneOf(Proof, null=True)
