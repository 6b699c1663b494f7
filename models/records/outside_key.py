"""Under which keys other systems know customers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from tortoise import fields

from models.base import refers_to
from models.records.customer import Customer
from models.records.fields import Content
from models.records.sealed import SealedRow


@dataclass(frozen=True, slots=True, repr=False)
class OutsideKeyContent:
    """A key under which an outside source knows a customer."""

    key: str


class OutsideKey(SealedRow, table="outside_keys", governed=True):
    """Under which key an outside source knows a customer, sealed as the customer's own; goes with the customer."""

    category: ClassVar[str] = "outside_key"

    customer = refers_to(Customer, "outside_keys")
    customer_id: UUID
    source = fields.CharField(max_length=100)
    content = Content(OutsideKeyContent)
