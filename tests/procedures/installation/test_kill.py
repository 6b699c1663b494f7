"""`kill -9` at any moment: what was told as done is done, and the ledger and the data say the same.

Processes are killed on each database, one after the other, while each changes and reads with sixteen workers.
"""

import asyncio
import secrets
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from models import Access, Checkpoint, ConsentEvent, Erasure, Purpose, Role, Task, TaskStatus
from models.database import dialect
from models.event import Event
from procedures.audit import audit, authority, evidence
from procedures.audit.authority import Trouble
from procedures.checkpoint import checkpoint
from tests import ledger
from tests.campaigns import Campaign
from tests.forked import forked
from tests.installation import at_work, place
from tests.procedures import records
from tests.procedures.killed import kill_many
from tests.procedures.ledgers import sql
from vault.checkpoint import parse

CUSTOMERS = 40
STATES = {
    "GIVEN": Event.CONSENT_GIVEN,
    "RENEWED_CONSENT_GIVEN": Event.CONSENT_RENEWED,
    "WITHDRAWN": Event.CONSENT_WITHDRAWN,
}
OTHERS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass
class Told:
    """What the killed processes said was done."""

    opened: int = 0
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)
    tasks: set[tuple[str, str]] = field(default_factory=set)
    readings: dict[int, list[str]] = field(default_factory=dict)
    checkpoints: set[int] = field(default_factory=set)
    refusals: dict[int, str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def take(self, line: str) -> None:
        """Take down one line."""
        kind, *words = line.split()
        match kind:
            case "opened":
                self.opened += 1
            case "consent":
                self.consents[words[0], words[1]] += 1
            case "task":
                self.tasks.add((words[0], words[1]))
            case "reading":
                self.readings[int(words[0])] = words[1:]
            case "checkpoint":
                self.checkpoints.add(int(words[0]))
            case "refusal":
                self.refusals[int(words[0])] = words[1]
            case "ended":
                self.ended.append(line)
            case _:
                self.others.append(line)


async def peopled(url: str) -> None:
    """Customers who can sign in, a manager, and a notice."""
    async with at_work(url):
        for _ in range(CUSTOMERS):
            await records.person(await records.customer())
        await records.employee(Role.MANAGER)
        await records.notice(Purpose.SUPPORT)


async def killed(url: str, seed: int, cycles: int) -> Told:
    """Let processes work on an installation and kill each of them."""
    with forked(kill_many, place(url), cycles, seed) as process:
        said = await asyncio.to_thread(process.stdout.read)
        assert process.wait() == 0, said
    told = Told()
    for line in said.splitlines():
        told.take(line)
    return told


async def alone() -> None:
    """Wait until the server has noticed that the killed are gone: a commit under way is still carried out."""
    async with asyncio.timeout(30):
        while dialect() == "postgres" and await sql(OTHERS):  # noqa: ASYNC110 the server cannot call us
            await asyncio.sleep(0.01)


@pytest.mark.every_database
async def test_what_was_told_is_done_and_ledger_and_data_agree(database_url: str, campaign: Campaign) -> None:
    seed, cycles = secrets.randbits(32), campaign.of(short=12, long=200)
    await peopled(database_url)

    told = await killed(database_url, seed, cycles)
    campaign.tried(cycles, "processes killed at work")

    assert told.ended == [], (f"seed {seed}", told.others)
    assert told.opened > cycles / 4
    async with at_work(database_url):
        await alone()
        assert await ledger.sound() > len(told.readings) + len(told.refusals)
        await _consents_agree(told)
        await _tasks_agree(told)
        await _notes_agree(told)
        await _erasures_agree()
        await _rows_agree()
        await _checkpoints_agree(told, database_url)


async def _consents_agree(told: Told) -> None:
    kept = Counter((str(row.consent_id), row.state.value) for row in await ConsentEvent.all())
    recorded: Counter[tuple[str, str]] = Counter()
    for state, event in STATES.items():
        recorded.update((entry["consent"], state) for entry in await ledger.data(event))
    assert told.consents
    assert kept == recorded
    assert told.consents <= kept


async def _tasks_agree(told: Told) -> None:
    rows = await Task.all()
    opened = {(str(row.id), "OPEN") for row in rows}
    closed = {(str(row.id), "CLOSED") for row in rows if row.status is TaskStatus.CLOSED}
    assert told.tasks
    assert told.tasks <= opened | closed
    assert sorted(entry["task"] for entry in await ledger.data(Event.TASK_OPENED)) == sorted(
        name for name, _ in opened
    )
    assert sorted(entry["task"] for entry in await ledger.data(Event.TASK_CLOSED)) == sorted(
        name for name, _ in closed
    )


async def _notes_agree(told: Told) -> None:
    entries = await ledger.entries()
    assert told.refusals
    assert {number: entries[number]["data"]["id"] for number in told.refusals} == told.refusals
    recorded = {
        number: entry["data"]["groups"][0]["customers"]
        for number, entry in enumerate(entries)
        if entry["event"] == Event.READING_RELEASED
    }
    kept: dict[int, list[UUID]] = {}
    for access in await Access.all():
        kept.setdefault(access.entry, []).append(access.customer_id)
    assert told.readings
    assert {number: sorted(map(str, customers)) for number, customers in kept.items()} == recorded
    assert told.readings.items() <= recorded.items()


async def _erasures_agree() -> None:
    """Opening has finished what was interrupted, each once."""
    rows = await Erasure.all()
    ids = sorted(str(row.id) for row in rows)
    assert all(row.completed_at for row in rows)
    assert sorted(entry["erasure"] for entry in await ledger.data(Event.ERASURE_BEGUN)) == ids
    assert sorted(entry["erasure"] for entry in await ledger.data(Event.ERASURE_COMPLETED)) == ids


async def _rows_agree() -> None:
    """Of every consent and task the ledger has the last word; the people were there before, and it was not told of them."""
    found = (await authority.verify()).findings
    assert {each.trouble for each in found} <= {Trouble.AUTHORITY_ADDED}


async def _checkpoints_agree(told: Told, url: str) -> None:
    """One checkpoint a size, in the database and at the witness, and no ledger told in two ways."""
    await checkpoint.keep()
    sizes = {row.size for row in await Checkpoint.all()}
    report = await audit.verify(evidence.collected(place(url)))
    assert told.checkpoints <= sizes
    assert not report.findings
    assert not report.restorations
    # A witness that has nothing yet begins with the newest, and from then on has each.
    known = {parse(note)[0].size for note in evidence.notes(place(url), 10**7)}
    assert known == {size for size in sizes if size >= min(known)}
    assert report.covered == report.entries == max(sizes)
