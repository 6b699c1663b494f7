"""Restriction of processing: the data are kept and not used."""

from typing import Any

from policies.actor import Actor
from procedures.own import restriction
from schema.customer import Customer
from schema.reading import CustomerId, mutation

SHOWN = {"customer": (Customer, "The customer.")}


@mutation("The customer, whose data are now restricted.", SHOWN, input="The customer whose data to restrict.")
async def restriction_begin(customer_id: CustomerId, *, by: Actor) -> Any:
    """Restrict processing of a customer's data.

    They are kept, and only the customer can read them until the restriction is lifted.
    """
    return await restriction.begin(customer_id, by=by)


@mutation(
    "The customer, whose data are no longer restricted.",
    SHOWN,
    input="The customer whose restriction to lift.",
)
async def restriction_end(customer_id: CustomerId, *, by: Actor) -> Any:
    """Lift the restriction: tasks and consents permit reading the data again."""
    return await restriction.end(customer_id, by=by)
