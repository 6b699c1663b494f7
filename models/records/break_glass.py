"""Reading data without a task: requested by one, approved by another, reviewed afterwards by a third."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields import ReverseRelation

from models.base import Category, Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow
from models.vocabulary import Purpose, word_of


class BreakGlassState(Choice):
    """The state of a break-glass request."""

    REQUESTED = "REQUESTED", "Waits for approval, until `endsAt`."
    APPROVED = "APPROVED", "The categories may be read, until `endsAt`."
    REFUSED = "REFUSED", "Refused."
    ENDED = "ENDED", "Ended early."


class Verdict(Choice):
    """The verdict of a review."""

    JUSTIFIED = "JUSTIFIED", "It was necessary."
    UNJUSTIFIED = "UNJUSTIFIED", "It was not necessary."


@dataclass(frozen=True, slots=True, repr=False)
class BreakGlassContent:
    """What people wrote: why it was asked for, and what the review found."""

    reason: str
    note: str | None = None


class BreakGlass(
    SealedRow, table="break_glasses", governed=True, indexes=(("customer_id", "requested_by_id", "state"),)
):
    """One request to read named categories of one customer without a task, for one purpose.

    Attributes:
        reason_digest: a keyed hash of who asked and why, so that a reason serves once.
        special: whether a category is named of which only the privacy officer decides.
        ends_at: until when it may be approved; once approved, until when it opens.
        opened_at: when it was approved; it opened nothing unless this is set.
    """

    category: ClassVar[str] = "break_glass"

    customer = refers_to(Customer, "break_glasses")
    customer_id: UUID
    requested_by = refers_to(Account, "break_glasses")
    requested_by_id: UUID
    purpose = word_of(Purpose)
    special = fields.BooleanField()
    content = Content(BreakGlassContent)
    reason_digest = fields.BinaryField()
    state = OneOf(BreakGlassState, default=BreakGlassState.REQUESTED)
    requested_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    decided_by = may_refer_to(Account, "decided_break_glasses", fields.RESTRICT)
    decided_by_id: UUID | None
    opened_at: datetime | None = fields.DatetimeField(null=True)
    verdict = OneOf(Verdict, null=True, description="The verdict of the review of a break-glass request.")
    reviewed_by = may_refer_to(Account, "reviewed_break_glasses", fields.RESTRICT)
    reviewed_by_id: UUID | None
    reviewed_at = fields.DatetimeField(null=True)

    categories: ReverseRelation["BreakGlassCategory"]


class BreakGlassCategory(
    Record, table="break_glass_categories", governed=True, unique_together=(("break_glass", "category"),)
):
    """One category that a request names."""

    break_glass = refers_to(BreakGlass, "categories", fields.CASCADE)
    break_glass_id: UUID
    category = OneOf(Category)
