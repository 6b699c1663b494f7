"""What plain Oso is asked about later: of a share of the operations, which fields of which records they released.

A sample holds identifiers and names of fields, and no value. Which operations are sampled nobody can foresee.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import SystemRandom
from time import monotonic
from typing import Any
from uuid import UUID

from policies.actor import Actor
from policies.policy import Policy

#: How many records of an operation are asked about at most; of more, so many are chosen by chance.
RECORDS = 20
#: How many operations wait at most to be asked about.
WAITING = 100
#: Seconds of each minute for asking.
BUDGET = 2.0

_CHANCE = SystemRandom()


@dataclass(frozen=True)
class Row:
    """One record of an answer: the fields asked for, and those of them that were released.

    Where none was released, that the record is there was: then no field is named, and any may be asked about.
    """

    type_name: str
    asked: frozenset[str]
    id: UUID
    released: frozenset[str]


@dataclass
class Sample:
    """One operation: who asked, under which policies, and some of its records, each as likely as the others.

    Attributes:
        actor: its clock stands at the end of the operation.
        policy: by which it was decided.
        seen: how many records there were.
    """

    actor: Actor
    policy: Policy
    rows: list[Row] = field(default_factory=list)
    seen: int = 0

    def add(self, type_name: str, asked: frozenset[str], id: Any, released: frozenset[str]) -> None:
        """Note a record; `id` as the driver gives it."""
        self.seen += 1
        place = len(self.rows) if len(self.rows) < RECORDS else _CHANCE.randrange(self.seen)
        if place < RECORDS:
            self.rows[place : place + 1] = [
                Row(type_name, asked if released else frozenset(), UUID(str(id)), released)
            ]

    def by_type(self) -> Iterator[tuple[str, frozenset[str], dict[UUID, frozenset[str]]]]:
        """For each type and the fields asked of it: by record, what was released."""
        groups: dict[tuple[str, frozenset[str]], dict[UUID, frozenset[str]]] = defaultdict(dict)
        for row in self.rows:
            groups[row.type_name, row.asked][row.id] = row.released
        for (type_name, asked), rows in groups.items():
            yield type_name, asked, rows


class Samples:
    """The operations of one installation that this process is to ask plain Oso about.

    Attributes:
        share: how likely an operation is sampled: from 0, where nothing is served, to 1.
        budget: seconds of each minute that may be spent on asking.
        waiting: those not yet asked about, the oldest first.
        dropped: how many found no place there.
    """

    def __init__(self) -> None:
        self.share, self.budget = 0.0, BUDGET
        self.waiting: deque[Sample] = deque()
        self.dropped = 0
        self._minute, self._spent = monotonic(), 0.0

    def draw(self, actor: Actor, policy: Policy) -> Sample | None:
        """A sample to fill, if this operation is one; decided by chance."""
        return Sample(actor, policy) if _CHANCE.random() < self.share else None

    def offer(self, sample: Sample) -> bool:
        """Let a filled sample wait; whether there was something in it, and a place for it."""
        now = sample.actor.now
        sample.actor = replace(sample.actor, clock=lambda: now)
        if sample.rows and len(self.waiting) >= WAITING:
            self.dropped += 1
            return False
        if sample.rows:
            self.waiting.append(sample)
        return bool(sample.rows)

    def spend(self, seconds: float) -> None:
        """Count seconds that were spent on asking."""
        self._spent += seconds

    def affordable(self) -> bool:
        """Whether some of this minute's budget is left."""
        if monotonic() - self._minute >= 60:
            self._minute, self._spent = monotonic(), 0.0
        return self._spent < self.budget
