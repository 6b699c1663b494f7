"""Looking somebody up who calls or comes: recorded before the answer, counted, and shown to whoever was found.

DESK_LOOKUPS_MANY   an account at the front desk has looked up conspicuously much in a day
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.functions import Sum

from models import Account, Customer, DeskLookup, Employee, Finding, LookupWay
from models.database import transaction
from models.event import Event
from models.ledger import Accesses
from policies.actor import Actor
from policies.decide import may, require
from procedures import clock as clocks
from procedures import worker
from procedures.current import installation
from procedures.errors import Conflict
from procedures.front_desk.bounds import MISS, WINDOW, DeskBounds, DeskLimited
from procedures.front_desk.telling import JOB
from procedures.front_desk.wanted import MOST, Wanted
from procedures.ledger import Changed, record

log = logging.getLogger("savas.desk")

_NOBODY: Final = UUID(int=0)


class TooManyFound(Conflict):
    """What was given is shared by too many to be anybody's own."""

    code = "TOO_MANY_FOUND"
    message = f"More than {MOST} customers share this. Ask for something that is their own."


async def make(wanted: Wanted, *, by: Actor) -> list[Customer]:
    """The customers whom it fits what somebody says of themselves; empty where there are none.

    Nobody's data is shown by it. For an hour the actor may begin for them what people come to the desk for.

    Raises:
        Refused: the actor is not at the front desk.
        LookupUnfit: nobody is looked up by these values.
        DeskLimited: the actor looked up as much as one may in a day.
        TooManyFound: more customers share the value than are told of.
    """
    way, actor_id = wanted.way, by.actor_id or _NOBODY
    employee = await Employee.get_or_none(actor_id=by.actor_id) if by.actor_id else None
    async with transaction():
        await require(by, "make_desk_lookup", "Employee", employee.id if employee else _NOBODY)
        # Whoever else looks up for this account waits, so that both are counted.
        await Account.filter(id=actor_id).select_for_update(no_key=True).first()
        before = await _counted(actor_id, by.now)
        fitting = await _permitted(await wanted.fitting(), by)
        found = fitting if len(fitting) <= MOST else []
        alarmed = await _store(actor_id, way, found, before, by)
    if alarmed:
        log.warning("DESK_LOOKUPS_MANY account=%s", actor_id)
        await worker.ring(JOB)
    if len(fitting) > MOST:
        raise TooManyFound
    return await Customer.filter(id__in=found).order_by("number")


async def _permitted(customers: Iterable[UUID], by: Actor) -> list[UUID]:
    """Those whom the policies let the actor find; no more are asked for than tell that there are too many."""
    found: list[UUID] = []
    for id in sorted(customers):
        if len(found) <= MOST and await may(by, "find", "Customer", id):
            found.append(id)
    return found


async def _counted(actor_id: UUID, now: datetime) -> int:
    """How much was looked up by an account within a day; raises DeskLimited where that is as much as it may."""
    lately = DeskLookup.filter(actor_id=actor_id, at__gt=now - WINDOW)
    (row,) = await lately.annotate(sum=Sum("counted")).values("sum") or [{"sum": 0}]
    level = int(row["sum"] or 0)
    if level >= installation().instance(DeskBounds).a_day:
        (first,) = await lately.order_by("at").limit(1)
        raise DeskLimited(min(first.at + WINDOW - now, WINDOW))
    return level


async def _store(actor_id: UUID, way: LookupWay, found: Sequence[UUID], before: int, by: Actor) -> bool:
    """Store and record a look-up, in the transaction under way; returns whether there is an alarm with it."""
    counted = 1 if found else MISS
    many = installation().instance(DeskBounds).conspicuous
    alarm = before < many <= before + counted
    await DeskLookup.create(
        actor_id=actor_id, at=by.now, way=way, found=len(found), counted=counted, alarm=alarm
    )
    await _forget(actor_id, by.now)
    findings = [Finding(customer_id=id, actor_id=actor_id, at=by.now) for id in found]
    await Finding.bulk_create(findings)
    seen = Accesses(
        by.kind, " ".join(sorted(by.roles)), by.now, "", "Customer.number", {str(id): "" for id in found},
        found_by=way,
    )  # fmt: skip
    accesses = [seen] if found else []
    changed: Changed = {Finding: [each.id for each in findings]}
    record(Event.DESK_LOOKUP_MADE, by, changed=changed, accesses=accesses, way=way, customers=found)
    if alarm:
        record(Event.DESK_LOOKUP_ALARMED, by, counted=before + counted)
    return alarm


async def _forget(actor_id: UUID, now: datetime) -> None:
    """Delete which customers the actor found long ago; it permits nothing any more."""
    if past := await clocks.past(clock=lambda: now):
        await Finding.filter(actor_id=actor_id, at__lt=past - WINDOW).delete()
