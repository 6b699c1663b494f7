"""How much an account may look up and not find, and how long further look-ups are refused after that.

What was looked for and not found counts against an account for a day, once however often it is repeated: a client that
refreshes what it keeps asks for the same erased records again and again, while whoever guesses asks for another each time.
The bound is far above what people mistype or a cache has lost, and far below what guessing needs. Beyond it each further
thing that is not found makes the account wait longer, up to a day; what is found in between changes nothing.
"""

import math
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from procedures.errors import RateLimited

#: How long something that was not found counts against the account.
WINDOW: Final = timedelta(days=1)
#: How much longer look-ups are refused with each thing beyond the bound that is not found.
STEP: Final = timedelta(minutes=1)
#: An agent who looks up each of 80 callers by number, name and address, and may see none of them, misses 240 a day; a
#: client's cache asks for 100 records at a time, and all of them may be gone.
A_DAY: Final = 500
#: How many things are remembered that were not found; beyond it, the one that was missed longest ago is forgotten.
CAPACITY: Final = 50_000


class LookupsLimited(RateLimited):
    """The account looked up too much that was not found.

    Args:
        left: how long look-ups are refused.
    """

    def __init__(self, left: timedelta) -> None:
        super().__init__(
            math.ceil(left.total_seconds()), "Too much was looked up that is not there, or not for you."
        )


class Bounds:
    """How much one account of an installation may miss in a day, and what was missed lately in this process."""

    def __init__(self) -> None:
        self.a_day = A_DAY
        self._missed: OrderedDict[tuple[UUID, bytes], datetime] = OrderedDict()

    def refused_for(self, level: int) -> timedelta:
        """How long look-ups are refused to an account that has missed so much within a day."""
        return min(max(level - self.a_day, 0) * STEP, WINDOW)

    def new(self, actor: UUID, marks: Iterable[bytes], now: datetime) -> set[bytes]:
        """Those things that the account had not missed within a day."""
        return {mark for mark in marks if not self._recent(self._missed.get((actor, mark)), now)}

    def remember(self, actor: UUID, marks: Iterable[bytes], now: datetime) -> None:
        """Keep in mind what was counted."""
        for mark in marks:
            self._missed.pop((actor, mark), None)
            self._missed[actor, mark] = now
        while len(self._missed) > CAPACITY:
            self._missed.popitem(last=False)

    @staticmethod
    def _recent(at: datetime | None, now: datetime) -> bool:
        return at is not None and timedelta(0) <= now - at < WINDOW
