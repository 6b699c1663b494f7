"""Tasks of an older version: each that is open has a day once the database is migrated, and the ledger knows it."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from models import Task
from models.event import Event
from policies.actor import utc_now
from procedures.installation.migration import migrate
from tests import ledger
from tests.installation import at_work
from tests.procedures import older, records

#: The version in which tasks had no day by themselves.
OLDER = ("0001_initial", "0002_difference")
#: In which states tasks are there, and whether they have a day.
TASKS = {"open": ("OPEN", False), "due": ("OPEN", True), "closed": ("CLOSED", False)}


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with the migrations of the older version."""
    return older.package(OLDER, tmp_path, monkeypatch)


async def made(url: str, migrations: str, now: datetime) -> dict[str, UUID]:
    """Make the database of that version, with a task in each state."""
    customer, ids = uuid4(), {name: uuid4() for name in TASKS}
    async with older.migrated(url, migrations) as client:
        await older.insert(
            client, "customers", id=customer, number="C-1", status="ACTIVE", restricted=False, created_at=now
        )
        for name, (status, has_day) in TASKS.items():
            day = now + timedelta(days=3) if has_day else None
            await older.insert(
                client, "tasks", id=ids[name], customer_id=customer, purpose="support", status=status, opened_at=now,
                due_at=day,
            )  # fmt: skip
    return ids


@pytest.mark.long
async def test_an_open_task_without_a_day_gets_one(empty: str, migrations: str) -> None:
    before = utc_now()
    ids = await made(empty, migrations, before)

    await migrate(empty)

    async with at_work(empty):
        due = {name: (await Task.get(id=id)).due_at for name, id in ids.items()}
        assert due["open"] is not None
        assert before + timedelta(days=30) <= due["open"] <= utc_now() + timedelta(days=30)
        assert (due["due"], due["closed"]) == (before + timedelta(days=3), None)
        (entry,) = [each for each in await ledger.entries(Event.DATABASE_MIGRATED) if "changed" in each]
        assert entry["changed"]["tasks"].keys() == {str(id) for id in ids.values()}


@pytest.mark.every_database
async def test_a_database_of_this_version_keeps_its_days(database_url: str) -> None:
    async with at_work(database_url):
        task = await records.task((await records.customer()).id, due_at=None)

    await migrate(database_url)

    async with at_work(database_url):
        assert (await Task.get(id=task.id)).due_at is None
