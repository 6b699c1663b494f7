"""Tasks of an older version: each that is open has a day once the database is migrated, and the ledger knows it."""

from datetime import timedelta

import pytest
from tortoise.connection import get_connection

from models import Task, TaskStatus
from models.database import CONNECTION, transaction
from models.event import Event
from policies.actor import utc_now
from procedures.installation.migration import migrate
from tests import ledger
from tests.installation import at_work
from tests.procedures import records

OLDER = """DROP TABLE task_reviews;
ALTER TABLE tasks DROP COLUMN extended_at;
ALTER TABLE tasks DROP COLUMN occasion;
DELETE FROM tortoise_migrations WHERE name >= '0003';"""


async def older() -> dict[str, Task]:
    """Make the database that of the version before, with a task in each state."""
    customer = await records.customer()
    made = {
        "open": await records.task(customer.id, due_at=None),
        "due": await records.task(customer.id),
        "closed": await records.task(customer.id, due_at=None, status=TaskStatus.CLOSED),
    }
    for statement in OLDER.splitlines():
        await get_connection(CONNECTION).execute_script(statement)
    return made


@pytest.mark.every_database
async def test_an_open_task_without_a_day_gets_one(database_url: str) -> None:
    async with at_work(database_url), transaction():
        await ledger.adopt()
    async with at_work(database_url):
        made = await older()
    before = utc_now()

    await migrate(database_url)

    async with at_work(database_url):
        due = {name: (await Task.get(id=task.id)).due_at for name, task in made.items()}
        assert due["open"] is not None
        assert before + timedelta(days=30) <= due["open"] <= utc_now() + timedelta(days=30)
        assert (due["due"], due["closed"]) == (made["due"].due_at, None)
        (entry,) = [each for each in await ledger.entries(Event.DATABASE_MIGRATED) if "changed" in each]
        assert entry["changed"]["tasks"].keys() == {str(task.id) for task in made.values()}


@pytest.mark.every_database
async def test_a_database_of_this_version_keeps_its_days(database_url: str) -> None:
    async with at_work(database_url):
        task = await records.task((await records.customer()).id, due_at=None)

    await migrate(database_url)

    async with at_work(database_url):
        assert (await Task.get(id=task.id)).due_at is None
