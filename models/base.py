"""What every record shares, and the two closed lists that everything personal is measured by."""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import Model, fields


class Purpose(StrEnum):
    """Why personal data may be used; the closed list that the header `Purpose` draws from."""

    SUPPORT = "support"
    SALES = "sales"
    DELIVERY = "delivery"
    BILLING = "billing"
    MARKETING = "marketing"
    VERIFICATION = "verification"
    CARE = "care"


class Category(StrEnum):
    """A kind of personal data: one table, one GraphQL type, one consent."""

    IDENTITY = "identity"
    IDENTITY_EVIDENCE = "identity_evidence"
    PERSONAL_CODE = "personal_code"
    CONTACT = "contact"
    ADDRESS = "address"
    PREFERENCE = "preference"
    INTERACTION = "interaction"
    ORDER = "order"
    PAYMENT_CARD = "payment_card"
    HEALTH = "health"


#: Special categories of data (GDPR, Art. 9), and the one purpose for which somebody can consent to them, by name.
SPECIAL = {Category.HEALTH: Purpose.CARE}


class Number(fields.BigIntField):
    """A primary key that the program counts, never the database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "primary_key": True, "generated": False})


class Record(Model):
    """A row with an identity that tells nothing: a random UUID."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)

    class Meta:
        abstract = True
