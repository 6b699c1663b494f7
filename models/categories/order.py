"""Orders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from models.declaration import Given, Personal, plain, sealed
from models.errors import Unfit
from models.values import amount, as_it_stands, currency, currency_letters, line, one_line, read_whole


@dataclass(frozen=True, slots=True, repr=False)
class OrderLine:
    """One line of an order."""

    product: str = field(metadata={"description": "The product."})
    quantity: int = field(metadata={"description": "The quantity.", "check": read_whole})
    unit_price: str = field(
        metadata={
            "description": "The unit price, in the order's currency.",
            "type": Decimal,
            "check": amount,
        }
    )


class Order(Personal, table="orders", term="pd:Purchase", words={"lt": "užsakymai"}):
    """One order of a customer."""

    placed_at: datetime = plain("When it was placed.")
    number: str = sealed("The order's number.", one_line(100), imported=one_line(200))
    total: Decimal = sealed("The total amount.", amount)
    currency: str = sealed(
        "The currency of all amounts, as an ISO 4217 code such as EUR.", currency, imported=currency_letters
    )
    billing_address: str | None = sealed(
        "The address that the invoice was sent to.", one_line(500), imported=as_it_stands
    )
    lines: tuple[OrderLine, ...] = sealed("The lines of the order.", rectified=False)

    @classmethod
    def judge(cls, given: Given) -> None:
        """Refuse an imported order whose lines do not add up to its total."""
        lines = given.row.get("lines") or ()
        if given.imported:
            check_total(lines, given.row["total"], given.at("total"))


def order_total(lines: tuple[OrderLine, ...]) -> Decimal:
    """The sum of quantities times unit prices."""
    return sum((Decimal(line.unit_price) * line.quantity for line in lines), Decimal(0))


def check_total(lines: Sequence[OrderLine], total: str, name: str) -> None:
    """Refuse a total that is not the sum of the lines, where there are any; raises Unfit, naming the field so."""
    if lines and order_total(tuple(lines)) != Decimal(total):
        raise Unfit("The total is not the sum of the lines.", name, code="TOTAL_DIFFERS")


def entered_lines(lines: Iterable[Mapping[str, Any]]) -> tuple[OrderLine, ...]:
    """The lines of an order as somebody enters them, by name, each checked; raises Unfit."""
    return tuple(
        OrderLine(
            line(each["product"], "lines"),
            read_whole(str(each["quantity"]), "lines"),
            amount(str(each["unit_price"]), "lines"),
        )
        for each in lines
    )
