"""The record of a consent that the customer can keep."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import OneOf, Record, refers_to
from models.records.consent import Consent, ConsentState


class Receipt(Record, table="receipts", governed=True):
    """A receipt for one turn of one consent, never edited.

    `document` is the receipt itself: JSON-LD, of which `digest` is the SHA-256 in hexadecimal, as the ledger has it.
    It knows the customer by number alone, and does not say how the consent can be demonstrated.
    """

    consent = refers_to(Consent, "receipts")
    consent_id: UUID
    customer_id: UUID = fields.UUIDField(db_index=True)
    state = OneOf(ConsentState)
    made_at: datetime = fields.DatetimeField()
    document = fields.TextField()
    digest = fields.CharField(max_length=64)
