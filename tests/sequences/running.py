"""Running sequences: one, many, or one that failed, made as short as it still fails."""

import shutil
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from models.database import sqlite_url
from tests import installation, scratch
from tests.procedures.ways_in import Ways
from tests.sequences import ending
from tests.sequences.judge import Judge
from tests.sequences.machine import Machine
from tests.sequences.stage import Act, Stage
from tests.sequences.steps import do
from tests.sequences.town import Town, founded

#: How many steps a sequence has.
LENGTH = 30


@dataclass
class Outcome:
    """What came of a sequence: what was done, and what must not be."""

    acts: list[Act] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def steps_of(seed: int) -> list[int]:
    """The steps of a sequence."""
    chance = Random(seed)  # noqa: S311 a test's chance, to be repeated
    return [chance.getrandbits(48) for _ in range(LENGTH)]


@dataclass
class Template:
    """A town that was founded once, embedded, from which every sequence begins."""

    directory: Path
    logins: dict[str, str]
    of: dict[str, int]

    @classmethod
    async def made(cls, migrated: Path, directory: Path) -> "Template":
        """Found a town from a migrated, empty database."""
        here = directory / "town"
        here.mkdir()
        shutil.copyfile(migrated, here / installation.DATABASE)
        machine = Machine(Random("town"))  # noqa: S311 identifiers of tests
        with machine.in_use():
            town = _town(sqlite_url(here / installation.DATABASE), machine, directory)
            await town.open()
            await founded(town)
            await town.close()
        return cls(here, town.logins, town.of)

    @asynccontextmanager
    async def begun(self, seed: int) -> AsyncIterator[Town]:
        """A town of its own."""
        with scratch.directory("sequence") as directory:
            here = shutil.copytree(self.directory, directory / "town")
            machine = Machine(Random(f"sequence {seed}"))  # noqa: S311 identifiers of tests
            with machine.in_use():
                town = _town(sqlite_url(here / installation.DATABASE), machine, directory)
                town.logins, town.of = dict(self.logins), dict(self.of)
                await town.open()
                try:
                    yield town
                finally:
                    await town.close()


@asynccontextmanager
async def anew(url: str, seed: int, directory: Path) -> AsyncIterator[Town]:
    """A town that is founded in an empty database of either kind."""
    directory.mkdir()
    machine = Machine(Random(f"sequence {seed}"))  # noqa: S311 identifiers of tests
    with machine.in_use():
        town = _town(url, machine, directory)
        await town.open()
        try:
            yield await founded(town)
        finally:
            await town.close()


def _town(url: str, machine: Machine, directory: Path) -> Town:
    return Town(installation.place(url), machine, Ways(directory))


async def run(town: Town, steps: Sequence[int]) -> Outcome:
    """Do the steps, and judge each; ends with the first at which something is wrong."""
    await town.prepare()
    stage, judge, outcome = Stage(town), Judge(town.machine, town.of), Outcome()
    before = await town.seen()
    for step in steps:
        try:
            act = await do(stage, step)
        except Exception as error:  # noqa: BLE001 whatever it is, the sequence that led to it is shown
            outcome.wrong = [f"step {step} broke: {error!r} {traceback.format_exc()}"]
            return outcome
        after = await town.seen()
        outcome.acts.append(act)
        outcome.wrong = judge.judged(act, before, after)
        if outcome.wrong:
            return outcome
        before = after
    outcome.wrong = [each async for each in ending.wrong(town, judge)]
    return outcome


async def shortened(template: Template, seed: int, steps: list[int]) -> list[int]:
    """As few of the steps as still fail."""
    size = max(1, len(steps) // 2)
    while size:
        for start in range(len(steps) - size, -1, -size):
            fewer = steps[:start] + steps[start + size :]
            async with template.begun(seed) as town:
                if (await run(town, fewer)).wrong:
                    steps = fewer
        size //= 2
    return steps


def told(seed: int, outcome: Outcome) -> str:
    """What a sequence did, and what was wrong, to be read."""
    acts = "\n".join(f"  {number}. {act}" for number, act in enumerate(outcome.acts, 1))
    return f"sequence {seed}:\n{acts}\n" + "\n".join(f"  WRONG: {each}" for each in outcome.wrong)
