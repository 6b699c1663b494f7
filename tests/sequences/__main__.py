"""Run some sequences, and show how each ends; one that fails is shortened: `python -m tests.sequences FIRST [LAST]`."""

import asyncio
import logging
import sys
import time

import pytest

from models.database import sqlite_url
from procedures.installation import migrate
from tests import hashes, scratch
from tests.sequences.running import Template, run, shortened, steps_of, told


async def main(first: int, last: int, *, shorten: bool) -> int:
    """Run the sequences from one number to another; returns how many failed."""
    failed = 0
    with scratch.directory("sequences") as directory:
        migrated = directory / "migrated.sqlite3"
        await migrate(sqlite_url(migrated))
        template = await Template.made(migrated, directory)
        begun = time.process_time()
        for seed in range(first, last):
            failed += await _one(template, seed, shorten=shorten)
        spent = time.process_time() - begun
    _say(f"{last - first} sequences, {failed} failed, {spent / (last - first):.2f} CPU-s each")
    return failed


async def _one(template: Template, seed: int, *, shorten: bool) -> bool:
    steps = steps_of(seed)
    async with template.begun(seed) as town:
        outcome = await run(town, steps)
    if outcome.wrong and shorten:
        fewer = await shortened(template, seed, steps)
        async with template.begun(seed) as town:
            outcome = await run(town, fewer)
    if outcome.wrong or not shorten:
        _say(told(seed, outcome))
    return bool(outcome.wrong)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    hashes.cheap(pytest.MonkeyPatch())
    for name in ("tortoise", "aiosqlite", "savas"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    start = int(sys.argv[1])
    end = int(sys.argv[2]) if len(sys.argv) > 2 else start + 1
    sys.exit(bool(asyncio.run(main(start, end, shorten="--whole" not in sys.argv))))
