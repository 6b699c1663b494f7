"""What a customer bought."""

from dataclasses import dataclass
from typing import ClassVar

from tortoise import fields

from models.base import Category
from models.records.fields import Content
from models.records.personal import Personal


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order; `unit_price` is a decimal string in the order's currency."""

    product: str
    quantity: int
    unit_price: str


@dataclass(frozen=True, slots=True)
class OrderContent:
    """An order as invoiced; `total` is a decimal string, `currency` an ISO 4217 code."""

    number: str
    total: str
    currency: str
    billing_address: str | None = None
    lines: tuple[OrderLine, ...] = ()


class Order(Personal):
    """One order of a customer."""

    category: ClassVar[Category] = Category.ORDER

    placed_at = fields.DatetimeField()
    content = Content(OrderContent)

    class Meta:
        table = "orders"
