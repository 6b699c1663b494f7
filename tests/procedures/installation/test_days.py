"""Tasks of an older version: each that is open has a day once the database is migrated, and the ledger knows it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import Task
from models.database import configuration, forget_statements, kind, run, sqlite_url, transaction
from models.event import Event
from policies.actor import utc_now
from procedures.installation import migration
from procedures.installation.migration import migrate
from tests import ledger
from tests.installation import at_work
from tests.procedures import records

#: The version in which tasks had no day by themselves.
OLDER = ("0001_initial", "0002_difference")
#: In which states tasks are there, and whether they have a day.
TASKS = {"open": ("OPEN", False), "due": ("OPEN", True), "closed": ("CLOSED", False)}


@pytest.fixture
def empty(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Any:
    """A database without any table."""
    if kind(database_url) == "sqlite":
        yield sqlite_url(tmp_path / "older" / "savas.sqlite3")
        return
    server, name = request.getfixturevalue("postgres_server"), f"test_{uuid4().hex}_older"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with the migrations of the older version."""
    name = f"older_{uuid4().hex}"
    (tmp_path / name).mkdir()
    for each in OLDER:
        text = f"from importlib import import_module\nMigration = import_module('models.migrations.{each}').Migration\n"
        (tmp_path / name / f"{each}.py").write_text(text)
    (tmp_path / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


async def made(url: str, migrations: str, now: datetime) -> dict[str, UUID]:
    """Make the database of that version, with a task in each state."""
    embedded = kind(url) == "sqlite"
    if embedded:
        Path(url.removeprefix("sqlite://")).parent.mkdir()
    plain: Any = str if embedded else lambda value: value
    at, customer, ids = plain(now), uuid4(), {name: uuid4() for name in TASKS}
    async with migration._opened(configuration(url, migrations=migrations)), transaction() as client:
        forget_statements()
        executor = migration._Executor(client, migrations)
        await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
        await executor.migrate(direction="forward")
        await run(
            client,
            "INSERT INTO customers (id, number, status, restricted, created_at) VALUES (?, 'C-1', 'ACTIVE', ?, ?)",
            [plain(customer), False, at],
        )
        for name, (status, has_day) in TASKS.items():
            day = plain(now + timedelta(days=3)) if has_day else None
            await run(
                client,
                "INSERT INTO tasks (id, customer_id, purpose, status, opened_at, due_at)"
                " VALUES (?, ?, 'support', ?, ?, ?)",
                [plain(ids[name]), plain(customer), status, at, day],
            )
    forget_statements()
    return ids


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
