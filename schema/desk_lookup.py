"""Look-ups at the front desk: finding a customer who does not know their number."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from models import LookupWay
from policies.actor import Actor
from policies.statements import Order, search
from procedures import front_desk
from schema.employee import Employee
from schema.reading import (
    Context,
    Guarded,
    Plain,
    Question,
    Released,
    all_of,
    encode,
    input_type,
    mutation,
    object_type,
    one,
    recorded,
    value,
)


@object_type
class FoundCustomer(Plain):
    """A customer who was found at the front desk, with nothing but the number."""

    number: str = value("The customer's number.")
    customer_id: strawberry.ID = value(
        "The identifier, for `taskOpen` and `passwordCodeSend` within the next hour."
    )


@mutation(
    "The customers who were found.",
    {
        "customers": (
            list[FoundCustomer],
            "The customers whom it fits, at most five; empty if there are none. Several share an address or a name.",
        )
    },
    input="What the person says: one kind of value. A name alone finds nobody.",
)
async def desk_lookup_make(
    email: Annotated[str | None, "An e-mail address, alone."] = None,
    phone: Annotated[str | None, "A telephone number, alone."] = None,
    personal_code: Annotated[str | None, "A national identification number, alone."] = None,
    given_name: Annotated[str | None, "The given names, with the family name and more."] = None,
    family_name: Annotated[str | None, "The family name, with the given names and more."] = None,
    birth_date: Annotated[
        date | None, "The birth date, with both names; found if the customer's personal code holds it."
    ] = None,
    street: Annotated[
        str | None, "The street and house number, with both names and the postal code or city."
    ] = None,
    postal_code: Annotated[str | None, "The postal code, with both names and the street."] = None,
    city: Annotated[str | None, "The city, with both names and the street."] = None,
    *,
    by: Actor,
) -> Any:
    """Find a customer who calls or comes and does not know their number; for the front desk.

    The customer sees in the access log that, and by what kind of value, they were found.
    """
    wanted = front_desk.Wanted(
        email, phone, personal_code, given_name, family_name, birth_date, street, postal_code, city
    )
    found = await front_desk.make(wanted, by=by)
    return [
        FoundCustomer(number=each.number, customer_id=strawberry.ID(encode("Customer", each.id)))
        for each in found
    ]


@recorded
class DeskLookup(Released, Guarded):
    """A look-up at the front desk: who made it and by what kind of value, and not whom it found."""

    at: datetime | None = value("When it was made.")
    way: LookupWay | None = value("By what kind of value.")
    found: int | None = value("How many customers were found.")
    counted: int | None = value("How much it counts against what the account may look up in a day.")
    alarm: bool | None = value("Whether with it the account had looked up conspicuously much in a day.")
    notified_at: datetime | None = value(
        "When privacy officers were notified of the alarm by mail; null if they were not."
    )
    employee: Employee | None = one("The employee who made it.", here="actor_id", there="actor_id")


@input_type
class DeskLookupFilter:
    """Which of them to return."""

    alarm: bool | None = value("Only those that raised an alarm (true) or raised none (false).", default=None)


def _where(context: Context, filter: DeskLookupFilter) -> Question:
    if filter.alarm is None:
        return Question()
    plan = context.policy.plan(context.actor, "DeskLookup")
    return Question().also(search.equals(plan, "alarm", "alarm"), {"alarm": filter.alarm})


DESK_LOOKUPS = all_of(
    DeskLookup,
    "desk_lookups",
    "The look-ups at the front desk, the latest first.",
    Order("at", descending=True),
    DeskLookupFilter,
    _where,
)
