"""What a look at the clock teaches: pure, so that it can be tested on any sequence of runs, stops and jumps.

Time is proven while a process runs, by its monotonic clock, which nobody sets. Time in which none ran is not: it counts
once a process has run as long again. So the proven time follows the clock, and moves on at most `PACE` times as fast as
processes run. How far it lags behind the clock is the account of the time that nobody can vouch for: small jumps add up
in it, and what is beyond `FAR` is doubted, be it one jump or many.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models import DoubtKind

#: How fast the proven time may catch up with the clock, as a multiple of the time that processes run.
PACE: Final = 2
#: How far the clock may be ahead of the proven time.
FAR: Final = timedelta(days=30)
#: How far the clock may be behind the last known time.
BACK: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the time: the latest that was believed, and that by which things are destroyed."""

    latest: datetime
    proven: datetime


def seen(known: Known, now: datetime, ran: timedelta, *, doubted: bool) -> tuple[Known, DoubtKind | None]:
    """What is known after a look at the clock, and why it is doubted from now on, if it was not before.

    Args:
        known: what was known before.
        now: what the clock shows.
        ran: how long a process has run since, by its monotonic clock.
        doubted: whether a doubt stands. Then the clock counts for nothing, and time passes as processes run.
    """
    # Not beyond the clock; but what was proven stays so, though the clock be behind it.
    proven = max(known.proven, min(now, known.proven + PACE * ran))
    kind = None if doubted else _doubtful(known.latest, proven, now)
    if doubted or kind is not None:
        return Known(known.latest + ran, known.proven + ran), kind
    return Known(max(known.latest, now), proven), None


def _doubtful(latest: datetime, proven: datetime, now: datetime) -> DoubtKind | None:
    if now - proven > FAR:
        return DoubtKind.AHEAD
    return DoubtKind.BEHIND if latest - now > BACK else None
