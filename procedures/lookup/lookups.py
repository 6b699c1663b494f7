"""What one operation looks up, and how much of it was found."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

#: A query or mutation, and the arguments by which records were looked up.
Way = tuple[str, tuple[str, ...]]


@dataclass
class Tally:
    """How many records were looked up in one way, and how many of these were found."""

    asked: int = 0
    found: int = 0


@dataclass
class Lookups:
    """The look-ups of one operation, by the way they were made.

    Attributes:
        missed: a hash of each thing that was not found, which stays in the memory of this process.
        under_way: the queries that have begun; where one fails, those beside it are given up, and counted all the same.
    """

    tallies: dict[Way, Tally] = field(default_factory=dict)
    missed: set[bytes] = field(default_factory=set)
    under_way: list[asyncio.Future[Any]] = field(default_factory=list)

    async def finished(self) -> None:
        """Wait until all that has begun is counted."""
        await asyncio.gather(*self.under_way, return_exceptions=True)

    def give_up(self) -> None:
        """Have nothing go on for an operation that is over: its caller left, or its time is up."""
        for each in self.under_way:
            each.cancel()

    def add(self, way: Way, asked: int, missed: Sequence[bytes]) -> None:
        """Count what was looked up in one way; `missed` are the marks of what was not found."""
        tally = self.tallies.setdefault(way, Tally())
        tally.asked += asked
        tally.found += asked - len(missed)
        self.missed.update(missed)


def missed_mark(*parts: str) -> bytes:
    """A hash of what was looked for."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
