"""What a customer bought."""

from datetime import datetime
from decimal import Decimal

import strawberry

from schema.reading import PROVENANCE, Guarded, Plain, Provenance, Released, recorded, value


@strawberry.type(description="One line of an order.")
class OrderLine(Plain):
    """A product and how much of it."""

    product: str = strawberry.field(description="What was bought.")
    quantity: int = strawberry.field(description="How many.")
    unit_price: Decimal = strawberry.field(description="The price of one, in the order's currency.")


@recorded
@strawberry.type(description="One order of a customer.")
class Order(Released, Guarded):
    """The category `order`."""

    placed_at: datetime | None = value("When it was placed.")
    number: str | None = value("The order's number.")
    total: Decimal | None = value("What it cost in all.")
    currency: str | None = value("The currency of every amount, as ISO 4217 writes it.")
    billing_address: str | None = value("Where the invoice went.")
    lines: list[OrderLine] | None = value("What was bought.")
    provenance: Provenance | None = value(PROVENANCE)
