"""Kinds of things that end when their time is over, and the permission to end them, which only the clock's check gives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import ClockDoubt, ClockReading, DoubtKind
from models.database import transaction
from policies.actor import utc_now
from procedures.clock import clock as clocks
from procedures.errors import ClockDoubted
from procedures.work import Clock

#: So many of a kind may always end in one run; beyond, no more than that share of all that stand.
FEW: Final = 10
SHARE: Final = 0.1
#: How much longer than the longest of its kind something may seem to last; beyond, it was made by a clock that was ahead.
LEEWAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Ending:
    """A kind of thing that ends by time.

    Attributes:
        name: a word for the ledger and for people, such as `consents`.
        standing: the query for those that have not ended.
        column: when each of them ends.
        lifetime: how long one lasts at most; None where that is anybody's choice.
        few: how many may always end in one run.
        after: how long after what the column says it ends.
    """

    name: str
    standing: Callable[[], QuerySet[Any]]
    column: str
    lifetime: timedelta | None = None
    few: int = FEW
    after: timedelta = timedelta()

    def due(self, past: datetime, now: datetime) -> QuerySet[Any]:
        """The query for those whose time is over, and those that would last longer than any can.

        Args:
            past: the time that can be accounted for.
            now: what the clock shows.
        """
        over = self.compared("lte", past)
        if self.lifetime is not None:
            over |= self.compared("gt", now + self.lifetime + LEEWAY)
        return self.standing().filter(over)

    def compared(self, order: str, at: datetime) -> Q:
        """Those that end before, at or after an instant, as `order` says: `lte`, `gt`."""
        comparison: dict[str, Any] = {f"{self.column}__{order}": at - self.after}
        return Q(**comparison)


@dataclass(frozen=True)
class Permit:
    """The permission to end what is due of one kind; only `permit` gives it.

    Attributes:
        ending: the kind.
        past: the time that can be accounted for: what ends until then is over.
        now: what the clock shows, for the record.
    """

    ending: Ending
    past: datetime
    now: datetime

    def due(self) -> QuerySet[Any]:
        """The query for what may be ended."""
        return self.ending.due(self.past, self.now)


@dataclass(frozen=True)
class Foreseen:
    """How many of a kind would end, of how many that stand."""

    ending: str
    due: int
    standing: int


async def permit(ending: Ending, *, clock: Clock = utc_now) -> Permit:
    """Look at the clock, and permit to end what is due of a kind.

    Raises:
        ClockDoubted: the clock is doubted, or so many would end that somebody has to look first; nothing may be ended.
        LedgerUnavailable: a doubt cannot be recorded.
    """
    known = await clocks.look(clock=clock)
    await clocks.certain(clock=clock)
    given = Permit(ending, known.proven, clock())
    if await _too_many(given):
        async with transaction():
            many = await foreseen(ending, given.past, given.now)
            await clocks.doubt(
                DoubtKind.MANY,
                known.latest,
                given.now,
                ending.name,
                due=many.due,
                standing=many.standing,
            )
    if await ClockDoubt.exists(ending=ending.name, ended_at=None):
        raise ClockDoubted
    return given


async def foreseen(ending: Ending, past: datetime, now: datetime) -> Foreseen:
    """How many of a kind would end if everything until `past` were over; changes nothing."""
    return Foreseen(ending.name, await ending.due(past, now).count(), await ending.standing().count())


async def _too_many(given: Permit) -> bool:
    """Whether an unusual share of all would end at once, of which nobody was told yet."""
    unseen, stored = given.due(), await ClockReading.get(id=1)
    if stored.confirmed_at is not None:
        unseen = unseen.filter(given.ending.compared("gt", stored.confirmed_at))
    count = await unseen.count()
    return count > given.ending.few and count > await given.ending.standing().count() * SHARE
