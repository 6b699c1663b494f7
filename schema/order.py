"""What a customer ordered, entered by employees."""

from decimal import Decimal
from typing import Any

import strawberry

from models import PERSONAL, Category
from policies.actor import Actor
from procedures import own
from schema.category import VIEWS
from schema.own import given
from schema.reading import Given, Id, input_type, mutation_of, value


@input_type
class OrderLineInput:
    """One line of an order."""

    product: str = value("The product.")
    quantity: int = value("The quantity.")
    unit_price: Decimal = value("The unit price, in the order's currency.")


async def _enter(*, customer_id: Any, lines: Any, evidence: str, by: Actor, **values: Any) -> Any:
    return await own.order.enter(
        customer_id, values, [vars(each) for each in lines], by=by, evidence=evidence
    )


ORDER_ENTER = mutation_of(
    "order_enter",
    "Enter an order of a customer, for your task; the customer is notified, and can contradict.",
    _enter,
    {
        "customer_id": Given(strawberry.ID, "The customer.", id=Id("Customer")),
        **given(
            {name: part for name, part in own.written(PERSONAL[Category.ORDER]).items() if name != "lines"}
        ),
        "lines": Given(
            list[OrderLineInput], "The lines of the order; if there are any, they add up to the total.", []
        ),
        "evidence": Given(str, "How the customer ordered, such as by telephone."),
    },
    "The order.",
    "The entered order.",
    {"order": (VIEWS["Order"], "The order.")},
    creates=True,
)
