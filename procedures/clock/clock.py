"""What is known of the time, stored and followed: the clock is a witness like others, and may be wrong.

`look` is called by every process that serves, when it starts, each minute, and before anything is ended by time. What it
doubts is stored, and stands until somebody has looked (`confirm`): until then nothing is begun or ended by time. `past`
and `certain` only read.

    CLOCK_DOUBTED   the clock is doubted: why, and by how many days; nothing is ended by time until somebody has looked
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models import ClockDoubt, ClockReading, DoubtKind, LedgerEntry
from models.database import transaction
from models.event import Event
from models.ledger import Checkpoint, written_at
from policies.actor import Actor, utc_now
from procedures.clock import pace
from procedures.clock.pace import Known
from procedures.current import installation
from procedures.errors import ClockDoubted
from procedures.ledger import record
from procedures.work import Clock

log = logging.getLogger("savas.clock")


class Watch:
    """What this process saw of an installation's time when it last looked.

    Attributes:
        count: that of the stored reading then; None before the first look.
        known: what was known then.
        doubt: why the time is doubted; None where it is not.
    """

    def __init__(self) -> None:
        self.count: int | None = None
        self.known: Known | None = None
        self.doubt: DoubtKind | None = None
        self._looked = 0.0

    def took(self, count: int, known: Known, doubt: DoubtKind | None) -> None:
        """Remember what was seen just now."""
        self.count, self.known, self.doubt, self._looked = count, known, doubt, time.monotonic()

    def ran(self, count: int) -> timedelta:
        """How long this process was the only one to watch; no time where another has counted it meanwhile."""
        return self._passed() if count == self.count else timedelta(0)

    def earliest(self) -> datetime | None:
        """The instant before which it cannot be any more, as far as this process knows."""
        if self.known is None:
            return None
        # While the clock is doubted, time passes nevertheless.
        return self.known.latest + self._passed() if self.doubt else self.known.latest

    def _passed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._looked)


@dataclass(frozen=True)
class Status:
    """What is known of the time, what the clock shows, and the doubts that stand, the oldest first."""

    known: Known | None
    now: datetime
    confirmed_at: datetime | None
    doubts: list[ClockDoubt]


async def look(*, clock: Clock = utc_now) -> Known:
    """Look at the clock, and store what that teaches; a doubt that comes up is recorded and logged.

    One that stood before is logged when a process looks first.

    Raises:
        LedgerUnavailable: a doubt cannot be recorded.
    """
    watch = installation().instance(Watch)
    stored = await _stored() or await _begun(clock())
    standing, now, ran = await _doubt(), clock(), watch.ran(stored.count)
    known, kind = pace.seen(_known(stored), now, ran, doubted=standing is not None)
    count = stored.count + 1 if ran else stored.count
    async with transaction():
        unchanged = ClockReading.filter(id=1, count=stored.count)
        if await unchanged.update(latest_at=known.latest, proven_at=known.proven, count=count) and kind:
            since = known.proven if kind is DoubtKind.AHEAD else stored.latest_at
            await doubt(kind, since, now)
    if standing is not None and watch.count is None:
        _tell(standing)
    watch.took(count, known, standing.kind if standing else kind)
    return known


async def past(*, clock: Clock = utc_now) -> datetime | None:
    """The instant until which everything is surely over, to clear traces by; None while the clock is doubted."""
    stored = await _stored()
    if stored is None:
        return clock()
    return stored.proven_at if await _doubtful(stored, clock) is None else None


async def certain(*, clock: Clock = utc_now) -> None:
    """Nothing, while the clock is believed: for whatever begins to count by it.

    Raises:
        ClockDoubted: it is not.
    """
    stored = await _stored()
    if stored is not None and await _doubtful(stored, clock) is not None:
        raise ClockDoubted


def steady(clock: Clock) -> Clock:
    """A clock that never shows an instant before the last known one: what is over does not begin again."""
    watch = installation().instance(Watch)

    def now() -> datetime:
        earliest, shown = watch.earliest(), clock()
        return shown if earliest is None else max(shown, earliest)

    return now


async def status(*, clock: Clock = utc_now) -> Status:
    """What is known of the time; changes nothing."""
    stored = await _stored()
    doubts = await ClockDoubt.filter(ended_at=None).order_by("clock_at", "id").prefetch_related("ended_by")
    if stored is None:
        return Status(None, clock(), None, doubts)
    return Status(_known(stored), clock(), stored.confirmed_at, doubts)


async def confirm(*, by: Actor) -> list[UUID]:
    """Believe the clock as it is, in the transaction under way, and end every doubt; returns which.

    Args:
        by: who has looked at it.
    """
    now = by.now
    await _stored() or await _begun(now)
    doubts = [each.id for each in await ClockDoubt.filter(ended_at=None)]
    await ClockDoubt.filter(id__in=doubts).update(ended_at=now, ended_by_id=by.actor_id)
    stored = await ClockReading.filter(id=1).select_for_update().get()
    believed = {"latest_at": now, "proven_at": now, "confirmed_at": now, "count": stored.count + 1}
    await ClockReading.filter(id=1).update(**believed)
    record(Event.CLOCK_CONFIRMED, by, changed={ClockDoubt: doubts}, doubts=doubts, actor=by.actor_id)
    return doubts


async def doubt(
    kind: DoubtKind, latest: datetime, now: datetime, ending: str = "", *, due: int = 0, standing: int = 0
) -> None:
    """Store a doubt in the transaction under way, unless the same one stands."""
    # Of two processes that doubt at once, one waits and finds that it is stored.
    await ClockReading.filter(id=1).select_for_update().first()
    if await ClockDoubt.exists(kind=kind, ending=ending, ended_at=None):
        return
    made = await ClockDoubt.create(
        kind=kind, ending=ending, latest_at=latest, clock_at=now, due=due, standing=standing
    )
    days = abs(now - latest).days
    details: dict[str, Any] = {
        "doubt": made.id,
        "kind": kind,
        "ending": ending or None,
        "days": days,
        "due": due,
    }
    record(Event.CLOCK_DOUBTED, None, changed={ClockDoubt: [made.id]}, **details)
    _tell(made)


def _tell(made: ClockDoubt) -> None:
    days = abs(made.clock_at - made.latest_at).days
    log.error("CLOCK_DOUBTED kind=%s days=%d ending=%s", made.kind, days, made.ending or "-")


async def _stored() -> ClockReading | None:
    return await ClockReading.get_or_none(id=1)


def _known(stored: ClockReading) -> Known:
    return Known(stored.latest_at, stored.proven_at)


async def _doubt() -> ClockDoubt | None:
    """The doubt of the time that stands, if there is one."""
    return await ClockDoubt.filter(ended_at=None, ending="").first()


async def _doubtful(stored: ClockReading, clock: Clock) -> DoubtKind | None:
    """Why the time is doubted, or would be by the next look."""
    if (standing := await _doubt()) is not None:
        return DoubtKind(standing.kind)
    ran = installation().instance(Watch).ran(stored.count)
    return pace.seen(_known(stored), clock(), ran, doubted=False)[1]


async def _begun(now: datetime) -> ClockReading:
    """The first reading: of an installation that was at work before, the last time that it recorded or signed."""
    last = await LedgerEntry.all().order_by("-number").first()
    signed = await Checkpoint.all().order_by("-size").first()
    times = [written_at(bytes(last.entry))] if last else []
    latest = max([*times, *([signed.at] if signed else [])], default=now)
    async with transaction():
        await ClockReading.get_or_create({"latest_at": latest, "proven_at": latest, "count": 0}, id=1)
    return await ClockReading.get(id=1)
