"""What was held back by law and given to somebody who may ask for it: the customer is told, at once or on a day."""

from datetime import datetime
from uuid import UUID

from tortoise import fields

from models.base import Category, Choice, OneOf, Record


class Recipient(Choice):
    """Who may ask for what is held back."""

    COURT = "COURT", "A court."
    AUTHORITY = "AUTHORITY", "An authority that the law lets ask."
    COUNSEL = "COUNSEL", "Who represents us in a legal claim."


class Secrecy(Choice):
    """Why the law forbids to tell the customer yet, as listed in Article 23(1) of the GDPR."""

    SECURITY = "SECURITY", "National or public security, or defence: points (a) to (c)."
    INVESTIGATION = "INVESTIGATION", "The investigation or prosecution of crimes: point (d)."
    PROCEEDINGS = "PROCEEDINGS", "The protection of judicial proceedings: point (f)."


class Disclosure(Record, table="disclosures"):
    """One disclosure of a category that a legal hold keeps back.

    Attributes:
        customer_id: no foreign key; the customer may be gone.
        roles: of whoever disclosed it, as words with blanks between them.
        secrecy: why the customer is not told at once; none, and the customer is.
        notify_at: when the customer is notified at the latest.
    """

    hold_id: UUID = fields.UUIDField()
    customer_id: UUID = fields.UUIDField(db_index=True)
    category = OneOf(Category)
    recipient = OneOf(Recipient)
    roles = fields.CharField(max_length=200)
    at: datetime = fields.DatetimeField()
    secrecy = OneOf(Secrecy, null=True)
    notify_at: datetime = fields.DatetimeField(db_index=True)
    notified_at: datetime | None = fields.DatetimeField(null=True)
