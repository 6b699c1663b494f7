"""Where a customer lives or receives things."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from tortoise import fields

from models.base import Category
from models.records.fields import Content
from models.records.personal import Personal


class AddressKind(StrEnum):
    """What an address is for."""

    HOME = "HOME"
    BILLING = "BILLING"
    DELIVERY = "DELIVERY"


@dataclass(frozen=True, slots=True)
class AddressContent:
    """A postal address, its parts as the customer writes them."""

    street: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


class PostalAddress(Personal):
    """One postal address of a customer."""

    category: ClassVar[Category] = Category.ADDRESS

    kind = fields.CharEnumField(AddressKind, max_length=20)
    content = Content(AddressContent)

    class Meta:
        table = "postal_addresses"
