"""What a partner has to erase or put right of the data that it received."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Category, Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.partner import Partner


class ObligationKind(Choice):
    """What a partner has to do."""

    ERASE = "ERASE", "Erase the data of the customer."
    RECTIFY = "RECTIFY", "Correct the row, or erase it."


class Obligation(Record, table="obligations", governed=True):
    """A partner is to erase what it has of a customer, or to put a row of it right, until a day, and to say that it has.

    Identifiers are those that the partner knew customer and row by, and no foreign keys: both may be erased.

    Attributes:
        category, record_id: the row; all of the category, or all there is, where none is named.
        request_id: the request that it follows from.
    """

    partner = refers_to(Partner, "obligations")
    partner_id: UUID
    kind = OneOf(
        ObligationKind,
        default=ObligationKind.ERASE,
        db_default=ObligationKind.ERASE,
        description="what is to be done",
    )
    customer_id: UUID = fields.UUIDField(db_index=True)
    category = OneOf(Category, null=True, description="the category of the row")
    record_id: UUID | None = fields.UUIDField(null=True)
    request_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    created_at: datetime = fields.DatetimeField()
    due_at: datetime = fields.DatetimeField()
    acknowledged_at: datetime | None = fields.DatetimeField(null=True)
    acknowledged_by = may_refer_to(Account, "acknowledged_obligations")
    acknowledged_by_id: UUID | None
