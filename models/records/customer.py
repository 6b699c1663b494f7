"""The row that all data about a person refer to, and which holds no personal value itself."""

import secrets

from tortoise import fields

from models.base import Choice, OneOf, Record


class CustomerStatus(Choice):
    """Whether a customer is active."""

    ACTIVE = "ACTIVE", "The customer is active."
    WITHDRAWN = "WITHDRAWN", "The customer has left."


def new_number() -> str:
    """A customer number to read aloud: eight random digits, so that numbers count nobody."""
    digits = f"{secrets.randbelow(10**8):08d}"
    return f"C-{digits[:4]}-{digits[4:]}"


class Customer(Record, table="customers", governed=True):
    """A person, as a number: personal values live in the category tables."""

    number = fields.CharField(max_length=20, unique=True, default=new_number)
    status = OneOf(CustomerStatus, default=CustomerStatus.ACTIVE)
    restricted = fields.BooleanField(default=False, description="processing is restricted: storage only")
    created_at = fields.DatetimeField()
