"""What was said with a customer, written down by employees and partners."""

from typing import Any

import strawberry

from models import PERSONAL, Category
from policies.actor import Actor
from procedures import own
from schema.category import VIEWS
from schema.own import given
from schema.reading import Given, Id, mutation_of


async def _record(*, customer_id: Any, by: Actor, **values: Any) -> Any:
    return await own.interaction.record(customer_id, values, by=by)


INTERACTION_RECORD = mutation_of(
    "interaction_record",
    "Write down what was said with a customer, for your task; the customer is notified, and can contradict.",
    _record,
    {
        "customer_id": Given(strawberry.ID, "The customer.", id=Id("Customer")),
        **given(own.written(PERSONAL[Category.INTERACTION])),
    },
    "What was said, when and by which channel.",
    "The recorded interaction.",
    {"interaction": (VIEWS["Interaction"], "The interaction.")},
    creates=True,
)
