"""Records that were looked up and not found, for privacy officers."""

from __future__ import annotations

from datetime import datetime

from models import Purpose
from policies.statements import Order, search
from schema.customer import Customer
from schema.employee import Employee
from schema.enums import ActorKind
from schema.partner import PartnerClient
from schema.reading import (
    Context,
    Guarded,
    Question,
    Released,
    all_of,
    composed,
    input_type,
    one,
    recorded,
    value,
)


@recorded
class MissedLookup(Released, Guarded):
    """An answer in which records that were looked up were not found: they are not there, or not for who asked."""

    at: datetime | None = value("When it was asked.")
    actor_kind: ActorKind | None = value("The kind of caller.")
    employee: Employee | None = one(
        "The employee who asked; null if it was none.", here="actor_id", there="actor_id"
    )
    client: PartnerClient | None = one(
        "The partner's client that asked; null if it was none.", here="actor_id", there="actor_id"
    )
    customer: Customer | None = one("The customer who asked; null if it was none.", here="caller_id")
    purposes: list[Purpose] | None = value("The purposes that the caller stated.")
    lookups: list[str] | None = value(
        "The queries and arguments that records were looked up by, as `customers.email`."
    )
    asked: int | None = value("How many records were looked up.")
    found: int | None = value("How many of them were found.")
    counted: int | None = value(
        "How many of those not found the account had not missed within a day; these count against it."
    )
    alarm: bool | None = value("Whether with this answer the account had missed too much in a day.")
    refused_until: datetime | None = value(
        "Until when further look-ups of the account were refused because of it; null if they were not."
    )
    notified_at: datetime | None = value(
        "When privacy officers were notified of the alarm by mail; null if they were not."
    )


@composed("lookups", "lookups")
def _lookups(lookups: str) -> list[str]:
    return lookups.split()


@input_type
class MissedLookupFilter:
    """Which of them to return."""

    alarm: bool | None = value("Only those that raised an alarm (true) or raised none (false).", default=None)


def _where(context: Context, filter: MissedLookupFilter) -> Question:
    if filter.alarm is None:
        return Question()
    plan = context.policy.plan(context.actor, "MissedLookup")
    return Question().also(search.equals(plan, "alarm", "alarm"), {"alarm": filter.alarm})


MISSED_LOOKUPS = all_of(
    MissedLookup,
    "missed_lookups",
    "The look-ups that did not find all they asked for, the latest first.",
    Order("at", descending=True),
    MissedLookupFilter,
    _where,
)
