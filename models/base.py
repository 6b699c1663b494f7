"""What every record shares, and the categories of personal data."""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import Model, fields


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


class Number(fields.BigIntField):
    """A primary key that the program counts, never the database."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "primary_key": True, "generated": False})


class Record(Model):
    """A row with an identity that tells nothing: a random UUID."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)

    class Meta:
        abstract = True
