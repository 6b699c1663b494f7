"""Asking plain Oso again about what was released, while the server runs.

For each record of a sample the guard is asked once more what it would release, and what the rules need of the record is
loaded, both as the database is at one instant; then plain Oso is asked. So a difference is one of deciding, and not one of
the world, which may have changed since the answer. What was released and is granted by neither any more is counted as
changed. Asking that fails is logged and closes nothing: it shows nothing of what was released.

READINGS_JUDGED   how many operations and records plain Oso was asked about, and what came of it
JUDGING_FAILED    plain Oso could not be asked about an operation; the code follows
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from uuid import UUID

from models.database import snapshot
from policies.conditions import SUSPENDED, Kind
from policies.judging import NotLoaded, Plain
from policies.policy import Policy
from policies.statements import values_of
from procedures import difference, worker
from procedures.current import installation
from procedures.difference import Seen
from schema.reading import guard
from schema.reading.context import Context
from schema.reading.sample import Sample, Samples
from schema.reading.shapes import shape

log = logging.getLogger("savas.policy")

#: The name of the job.
JOB = "judging"


@dataclass
class Count:
    """What became of the samples of one run."""

    operations: int = 0
    records: int = 0
    differences: int = 0
    changed: int = 0
    failed: int = 0
    dropped: int = 0


@dataclass
class Oso:
    """Plain Oso with the text that it was asked by last, which is the next one's, too."""

    policy: str = ""
    plain: Plain | None = None

    def of(self, policy: Policy) -> Plain:
        """Plain Oso with the text of a policy."""
        if self.plain is None or self.policy != policy.version:
            self.policy, self.plain = policy.version, Plain(policy.sources, policy.declared.zone)
        return self.plain


async def offer(sample: Sample) -> None:
    """Have plain Oso asked about an operation, once there is time; returns at once."""
    if installation().instance(Samples).offer(sample):
        await worker.ring(JOB)


async def judge() -> Count:
    """Ask about the operations that wait, as far as the budget of this minute reaches."""
    samples, count = installation().instance(Samples), Count()
    while samples.waiting and samples.affordable():
        sample, started = samples.waiting[0], perf_counter()
        differences = await _judged(sample, count)
        samples.spend(perf_counter() - started)
        count.differences += len(differences)
        for seen in differences:
            # What cannot be recorded is found again: the sample stays the first.
            await difference.record_found(seen)
        samples.waiting.popleft()
    count.dropped, samples.dropped = samples.dropped, 0
    if any(vars(count).values()):
        log.info("READINGS_JUDGED %s", " ".join(f"{name}={number}" for name, number in vars(count).items()))
    return count


async def _judged(sample: Sample, count: Count) -> list[Seen]:
    seen: list[Seen] = []
    try:
        plain = await asyncio.to_thread(installation().instance(Oso).of, sample.policy)
        for group in sample.by_type():
            seen += await _Judging(sample, plain, count, *group).run()
    except Exception as error:  # noqa: BLE001 whatever it is, it says nothing about what was released
        log.error("JUDGING_FAILED code=%s", getattr(error, "code", type(error).__name__))
        count.failed += 1
    else:
        count.operations += 1
    return seen


@dataclass
class _Judging:
    """The records of one type in a sample, of which the same fields were asked."""

    sample: Sample
    plain: Plain
    count: Count
    type_name: str
    asked: frozenset[str]
    released: dict[UUID, frozenset[str]]
    values: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        plan = self.sample.policy.plan(self.sample.actor, self.type_name)
        # A record is there for whoever may read any field of it.
        self.asked = self.asked or frozenset(plan.grants) & shape(self.type_name).fields
        self.values = values_of(self.sample.actor)

    async def run(self) -> list[Seen]:
        """What is decided otherwise by plain Oso."""
        kind = Kind.of(self.sample.actor)
        while True:
            async with snapshot():
                ours = await guard.granted(
                    Context(self.sample.actor, policy=self.sample.policy),
                    self.type_name, self.asked, self.released,
                )  # fmt: skip
                records = await self.plain.load(kind, self.type_name, self.released)
            try:
                theirs = await asyncio.to_thread(self._ask, kind, records)
            except NotLoaded as missing:
                self.plain.follow(kind, self.type_name, missing.path)
            else:
                return list(self._compared(ours, theirs))

    def _ask(self, kind: Kind, records: list[Any]) -> dict[UUID, frozenset[str]]:
        return {record.id: self.plain.reads(kind, self.values, record, self.asked) for record in records}

    def _compared(
        self, ours: dict[UUID, frozenset[str]], theirs: dict[UUID, frozenset[str]]
    ) -> Iterator[Seen]:
        plan = self.sample.policy.plan(self.sample.actor, self.type_name)
        for id, released in self.released.items():
            we, they = ours.get(id, frozenset()), theirs.get(id, frozenset())
            self.count.records += 1
            self.count.changed += bool(released - we - they)
            for name in sorted(we ^ they):
                # What is closed is withheld on purpose.
                if plan.grant(name) != SUSPENDED:
                    yield Seen(
                        f"{self.type_name}.{name}", name in we, self.sample.policy.version, id,
                        self.sample.actor.actor_id,
                    )  # fmt: skip
