"""What staff and partners enter of their work with a customer: what was said, and what was ordered."""

from decimal import Decimal
from typing import Any

import strawberry

from models import PERSONAL, Category, Part
from policies.actor import Actor
from procedures import own
from schema.category import VIEWS
from schema.own import given
from schema.reading import Given, Id, input_type, mutation_of, value

INTERACTION, ORDER = PERSONAL[Category.INTERACTION], PERSONAL[Category.ORDER]
CUSTOMER = Given(strawberry.ID, "The customer.", id=Id("Customer"))


@input_type
class OrderLineInput:
    """One line of an order."""

    product: str = value("The product.")
    quantity: int = value("The quantity.")
    unit_price: Decimal = value("The unit price, in the order's currency.")


def _parts(model: Any, *without: str) -> dict[str, Part]:
    return {name: part for name, part in own.written(model).items() if name not in without}


async def _record(*, customer_id: Any, by: Actor, **values: Any) -> Any:
    return await own.record_interaction(customer_id, values, by=by)


async def _enter(*, customer_id: Any, lines: Any, evidence: str, by: Actor, **values: Any) -> Any:
    return await own.enter_order(
        customer_id, values, [vars(each) for each in lines], by=by, evidence=evidence
    )


INTERACTION_RECORD = mutation_of(
    "interaction_record",
    "Write down what was said with a customer, for your task; the customer is told, and can contradict.",
    _record,
    {"customer_id": CUSTOMER, **given(_parts(INTERACTION))},
    "What was said, when and by which channel.",
    "The recorded interaction.",
    {"interaction": (VIEWS["Interaction"], "The interaction.")},
)

ORDER_ENTER = mutation_of(
    "order_enter",
    "Enter an order of a customer, for your task; the customer is told, and can contradict.",
    _enter,
    {
        "customer_id": CUSTOMER,
        **given(_parts(ORDER, "lines")),
        "lines": Given(
            list[OrderLineInput], "The lines of the order; if there are any, they add up to the total.", []
        ),
        "evidence": Given(str, "How the customer ordered, such as by telephone."),
    },
    "The order.",
    "The entered order.",
    {"order": (VIEWS["Order"], "The order.")},
)
