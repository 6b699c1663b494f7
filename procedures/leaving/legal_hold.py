"""Legal hold: what the law forbids to erase yet is kept apart, used for nothing, and erased when the hold ends.

A hold changes nothing until a row of its category would be erased, removed or overwritten: then the row is moved away
instead (`procedures.erasure.held_rows`). When the last hold on a category ends, the rows that it held are erased:

    ENDED       in one transaction: its rows are deleted, or pass to another hold on the category
    LISTED      a line outside of the databases, so that no restored backup brings the keys back
    DESTROYED   the keys that only those rows needed
    ERASED      an entry of the ledger says so

A process that is killed is finished by the next one that opens the installation.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models import (
    Category,
    Customer,
    CustomerStatus,
    HeldRow,
    HoldReason,
    LegalHold,
    LegalHoldContent,
)
from models.database import after_commit, transaction
from models.event import Event
from models.keys import keybook
from models.values import later, line
from policies.actor import Actor, utc_now
from policies.decide import require
from procedures import clock as clocks
from procedures import erasure
from procedures.consent import locked
from procedures.erasure import erasure_list, held_rows
from procedures.errors import AlreadyClosed
from procedures.ledger import record
from procedures.work import Clock, Progress, one_by_one, silent
from vault.errors import SealBroken

#: They end by themselves after their last day.
HOLDS: Final = clocks.Ending("holds", lambda: LegalHold.filter(ended_at=None), "until")


@dataclass(frozen=True, slots=True)
class Line(erasure_list.Line):
    """One line of the list of holds that ended."""

    LIST = "holds"

    category: Category


class HoldEnded(AlreadyClosed):
    """The hold has ended before."""


async def place(
    customer_id: UUID, category: Category, reason: HoldReason, *, by: Actor, basis: str, until: datetime
) -> LegalHold:
    """Hold a category of a customer's data back from erasure.

    Args:
        customer_id: whose.
        category: what.
        reason: one of those that the law lists.
        by: a privacy officer.
        basis: the reference of the law or of the case.
        until: when it ends by itself.

    Raises:
        Refused: the actor may place no hold.
        NotFound: there is no such customer, or the customer has left.
        Unfit: the basis is no line of text, or the end has passed.
    """
    async with transaction():
        await require(by, "place_legal_hold", "Customer", customer_id)
        await locked(customer_id)
        hold = await LegalHold.create(
            customer_id=customer_id,
            category=category,
            reason=reason,
            content=LegalHoldContent(line(basis, "basis")),
            placed_by_id=by.actor_id,
            placed_at=by.now,
            until=later(until, "until", than=by.now),
        )
        record(
            Event.LEGAL_HOLD_PLACED,
            by,
            changed={LegalHold: [hold.id]},
            **held_rows.details(hold),
            reason=reason,
        )
        return hold


async def end(hold_id: UUID, *, by: Actor) -> LegalHold:
    """End a hold before its last day; the rows that it alone held are erased.

    Raises:
        Refused: the actor may end no hold.
        HoldEnded: it has ended; nothing changes.
    """
    async with transaction():
        await require(by, "end", "LegalHold", hold_id)
        return await _end(hold_id, by.now, by)


async def expire(*, clock: Clock = utc_now) -> int:
    """End the holds whose last day has passed; returns how many.

    Raises:
        ClockDoubted: the clock is doubted, or too many would end at once; nothing was done.
    """
    permit = await clocks.permit(HOLDS, clock=clock)
    due = await permit.due()
    for hold in due:
        async with transaction():
            await _end(hold.id, permit.now, None)
    return len(due)


async def listed() -> list[LegalHold]:
    """Every hold that has not ended, the first to end first."""
    return await LegalHold.filter(ended_at=None).order_by("until")


async def finish() -> None:
    """Destroy the keys that only ended holds needed, and add to the list the holds that it lacks.

    A process that was killed is finished by this in the next one.
    """
    on_list = {each.id for each in erasure_list.read(Line)}
    for hold in await LegalHold.exclude(ended_at=None):
        if hold.erased_at is None or hold.id not in on_list:
            await _complete(hold)


async def missing() -> list[Line]:
    """The holds that the list has as ended and one of the databases has not: a backup was restored."""
    unended = set(await LegalHold.filter(ended_at=None).values_list("id", flat=True))
    waiting = await LegalHold.exclude(ended_at=None).filter(erased_at=None).values_list("id", flat=True)
    completed = await keybook.erased() | {str(id) for id in waiting}
    return [each for each in erasure_list.read(Line) if each.id in unended or str(each.id) not in completed]


async def replay(progress: Progress = silent) -> int:
    """End again the holds that a restored backup has as not ended; returns how many there were."""
    lines = await missing()
    for each in one_by_one(lines, progress):
        if await LegalHold.exists(id=each.id, ended_at=None):
            async with transaction():
                await _end(each.id, each.at, None)
        await _destroy(each)
    return len(lines)


async def _end(hold_id: UUID, now: datetime, by: Actor | None) -> LegalHold:
    hold = await LegalHold.get(id=hold_id)
    # Holding rows back locks the customer as well, so that none comes in between.
    await Customer.filter(id=hold.customer_id).select_for_update(no_key=True).first()
    if not await LegalHold.filter(id=hold_id, ended_at=None).update(ended_at=now):
        raise HoldEnded
    if await Customer.exists(id=hold.customer_id, status=CustomerStatus.WITHDRAWN):
        await LegalHold.filter(id=hold_id).update(content=None)
    rows = HeldRow.filter(hold_id=hold_id)
    other = await held_rows.hold_on(hold.customer_id, hold.category, now)
    # Rows that another hold needs pass to that one.
    count = 0 if other else await rows.count()
    await (rows.update(hold_id=other.id) if other else rows.delete())
    record(Event.LEGAL_HOLD_ENDED, by, changed={LegalHold: [hold_id]}, **held_rows.details(hold), rows=count)
    after_commit(finish)
    return await LegalHold.get(id=hold_id)


async def _complete(hold: LegalHold) -> None:
    ended = Line(hold.id, hold.customer_id, hold.ended_at or utc_now(), hold.category)
    erasure_list.append(ended)
    # The keys of a damaged ring are destroyed once it is brought back, or with it once nothing needs it.
    with suppress(SealBroken):
        await _destroy(ended)
        async with transaction():
            # Of two processes that finish it at once, one does, and records it.
            if await LegalHold.filter(id=hold.id, erased_at=None).update(erased_at=utc_now()):
                record(Event.LEGAL_HOLD_ERASED, None, customer=hold.customer_id, holds=[hold.id])


async def _destroy(ended: Line) -> None:
    if await Customer.exists(id=ended.customer_id, status=CustomerStatus.WITHDRAWN):
        await held_rows.erase_keys(ended.customer_id)
    else:
        await erasure.destroy_keys(ended.customer_id, ended.category)
    await keybook.mark_erased(ended.id)
