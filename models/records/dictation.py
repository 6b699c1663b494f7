"""What others than the customer wrote into a customer's data on the customer's word, and what was there before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import fields

from models.base import Category, Choice, OneOf, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow

#: The source of rows that others than the customer wrote on the customer's word.
DICTATED: Final = "dictated"


class DictationChange(Choice):
    """What a dictation did to a row."""

    ADDED = "ADDED", "The row was added."
    CHANGED = "CHANGED", "The row was changed; what was there before is kept sealed until `keptUntil`."


class DictationState(Choice):
    """The state of a dictation."""

    STANDS = "STANDS", "The customer has not said anything about it yet."
    REPLACED = "REPLACED", "The customer has changed or removed the row since."
    CONFIRMED = "CONFIRMED", "Confirmed by the customer; what was there before is deleted."
    CONTRADICTED = "CONTRADICTED", "Contradicted by the customer; what was there before is there again."


@dataclass(frozen=True, slots=True, repr=False)
class DictationContent:
    """How the customer said so; and, while it is kept, the row as it was, as an `Earlier` writes it."""

    evidence: str | None
    before: str | None = None


class Dictation(
    SealedRow,
    table="dictations",
    governed=True,
    indexes=(("record_id",), ("kept_until",), ("recorded_by_id", "recorded_at")),
):
    """One row of a customer's data, written by somebody else on the customer's word.

    Sealed under the key of the row's category, so that it goes with the category.

    Attributes:
        record_id: no foreign key; the row may be removed.
        record_revision: the row's revision once it was written.
        recorded_roles: of who wrote it, separated by blanks; none of a partner.
        kept_until: until when what was there before is kept; none where nothing is.
    """

    customer = refers_to(Customer, "dictations")
    customer_id: UUID
    category = OneOf(Category, description="the category of the row")
    record_id: UUID = fields.UUIDField()
    record_revision = fields.IntField()
    change = OneOf(DictationChange)
    content = Content(DictationContent)
    state = OneOf(DictationState, default=DictationState.STANDS)
    recorded_by = refers_to(Account, "dictations")
    recorded_by_id: UUID
    recorded_roles = fields.CharField(max_length=200)
    recorded_at: datetime = fields.DatetimeField()
    kept_until: datetime | None = fields.DatetimeField(null=True)
    decided_at: datetime | None = fields.DatetimeField(null=True)
