"""The places in which requests run.

BUSY   too many requests are running; try again in a moment
"""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import NamedTuple

from web.errors import HTTPProblem

#: A caller's turn, which comes when there is a place.
Turn = asyncio.Future[None]


class Caller(NamedTuple):
    """Who asks: whether they say who they are, and what tells them from others."""

    known: bool
    mark: bytes


@dataclass(eq=False)
class Places:
    """Who may run now; others wait for their turn, one of each caller after another.

    There are few places: one process computes one thing at a time, and each that runs beside makes all others slower. A
    quarter of them is kept from those who say who they are, and a quarter from those who do not, so that neither shuts
    out the other.

    Args:
        most: how many places there are.
        each: how many of them one caller may have.
        waiting: how many may wait, and how many of one caller are a quarter of that.
        patience: seconds for which one waits.
        refusing: seconds after which one is refused for whom there is no room to wait; at once, they would ask again at once.
    """

    most: int = 16
    each: int = 4
    waiting: int = 1_024
    patience: float = 5.0
    refusing: float = 1.0
    _running: Counter[Caller] = field(default_factory=Counter)
    _kinds: Counter[bool] = field(default_factory=Counter)
    _turns: dict[Caller, deque[Turn]] = field(default_factory=dict)

    async def enter(self, caller: Caller, patience: float | None = None) -> None:
        """Take a place, when there is one.

        Args:
            caller: who asks.
            patience: seconds to wait of who goes on with what was begun, however many wait; else it is that of all.

        Raises:
            HTTPProblem: 503 `BUSY`: too many wait already, or none became free in time.
        """
        if caller not in self._turns and self._free(caller):
            self._take(caller)
            return
        theirs = self._turns.get(caller, deque())
        if patience is None and self._crowded(len(theirs)):
            await asyncio.sleep(self.refusing)
            raise _busy()
        turn: Turn = asyncio.get_running_loop().create_future()
        self._turns.setdefault(caller, theirs).append(turn)
        try:
            async with asyncio.timeout(patience or self.patience):
                await turn
        except TimeoutError:
            self._give_up(caller, turn)
            raise _busy() from None
        except asyncio.CancelledError:
            self._give_up(caller, turn)
            raise

    def leave(self, caller: Caller) -> None:
        """Give a place back."""
        self._kinds[caller.known] -= 1
        self._running[caller] -= 1
        if not self._running[caller]:
            del self._running[caller]
        self._admit()

    def _take(self, caller: Caller) -> None:
        self._kinds[caller.known] += 1
        self._running[caller] += 1

    def _free(self, caller: Caller) -> bool:
        theirs = self._kinds[caller.known]
        return (
            self._kinds.total() < self.most
            and theirs < max(1, self.most - self.most // 4)
            and self._running[caller] < self.each
        )

    def _crowded(self, theirs: int) -> bool:
        return theirs >= self.waiting // 4 or sum(map(len, self._turns.values())) >= self.waiting

    def _give_up(self, caller: Caller, turn: Turn) -> None:
        """Who waited for a turn waits no more; one that came at that moment goes to another."""
        if turn.done() and not turn.cancelled():
            self.leave(caller)
        elif turn in self._turns.get(caller, ()):
            self._turns[caller].remove(turn)
            self._forget(caller)

    def _admit(self) -> None:
        for caller in list(self._turns):
            if self._free(caller):
                self._next(caller)

    def _next(self, caller: Caller) -> None:
        """The next turn of a caller; whoever has more of them gets those after everybody else."""
        turns = self._turns.pop(caller)
        while turns:
            turn = turns.popleft()
            if not turn.done():
                self._take(caller)
                turn.set_result(None)
                break
        if turns:
            self._turns[caller] = turns

    def _forget(self, caller: Caller) -> None:
        if not self._turns[caller]:
            del self._turns[caller]


@dataclass
class Place:
    """The place of one request, which it may give back and take again."""

    places: Places
    caller: Caller
    taken: bool = False

    async def take(self, patience: float | None = None) -> None:
        """Wait for it, if it is not taken; as `Places.enter`."""
        if not self.taken:
            await self.places.enter(self.caller, patience)
            self.taken = True

    def give_back(self) -> None:
        """Let somebody else have it, if it is taken."""
        if self.taken:
            self.taken = False
            self.places.leave(self.caller)


def _busy() -> HTTPProblem:
    return HTTPProblem(
        503,
        "BUSY",
        "Too many requests are running.",
        "Try again in a moment.",
        headers={"Retry-After": "1"},
    )
