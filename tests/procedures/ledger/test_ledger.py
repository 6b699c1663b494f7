"""What happens is recorded, and what cannot be recorded does not happen."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

import demo
from models import Customer, Outcome, Role, TaskStatus
from models.database import CONNECTION, dialect, transaction
from models.event import Event
from models.ledger import Accesses
from models.ledger.grammar import UnfitDetail
from policies.actor import ANONYMOUS, Actor, utc_now
from procedures.errors import AlreadyClosed
from procedures.installation.migration import counted
from procedures.ledger import LedgerUnavailable, note, record
from procedures.ledger import ledger as ledgers
from procedures.task import task
from tests import ledger
from tests.installation import at_work
from tests.procedures import changes, changing, records
from tests.procedures.changes import CHANGES
from tests.procedures.changing import World
from tests.procedures.ledgers import sql

ID = UUID(int=7)


@pytest.fixture
async def world(database: str, tmp_path: Path) -> World:
    """Where each of the procedures succeeds."""
    return await changing.world(tmp_path)


async def kept() -> dict[str, list[str]]:
    """Everything in the database."""
    tables = await counted(get_connection(CONNECTION))
    return {name: sorted(str(dict(row)) for row in await sql(f'SELECT * FROM "{name}"')) for name in tables}


async def broken() -> None:
    """Let the database refuse every further entry."""
    if dialect() == "postgres":
        await sql(
            "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        await sql("CREATE TRIGGER full_up BEFORE INSERT ON ledger_entries EXECUTE FUNCTION full_up()")
        return
    refusal = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    await sql(f"CREATE TRIGGER full_up BEFORE INSERT ON ledger_entries {refusal}")


async def headless() -> None:
    """Take the head away."""
    await sql("ALTER TABLE ledger_head RENAME TO ledger_heads")


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_is_recorded(world: World, name: str) -> None:
    change, events = CHANGES[name]
    if name in changes.BEFORE:
        await changes.BEFORE[name](world)
    before, size = await kept(), await ledger.sound()

    await change(world)

    told = (await ledger.entries())[size:]
    assert [entry["event"] for entry in told] == [event.value for event in events]
    assert {name for name, rows in (await kept()).items() if rows != before[name]} > {"ledger_entries"}
    await ledger.sound()


@pytest.mark.parametrize(
    "name",
    # Whichever it is, the database refuses the same entry.
    [pytest.param(name, marks=pytest.mark.every_database) if name == "give" else name for name in CHANGES],
)
@pytest.mark.parametrize("breaking", [broken, headless])
async def test_what_cannot_be_recorded_does_not_happen(
    world: World, name: str, breaking: Callable[[], Awaitable[None]]
) -> None:
    change, _ = CHANGES[name]
    if name in changes.BEFORE:
        await changes.BEFORE[name](world)
    await breaking()
    before = await kept()

    with pytest.raises(LedgerUnavailable) as refused:
        await change(world)

    assert refused.value.code == "LEDGER_UNAVAILABLE"
    assert "disk" not in refused.value.message
    assert await kept() == before


async def test_a_demo_is_recorded_or_not_filled(database: str) -> None:
    await broken()
    before = await kept()
    with pytest.raises(LedgerUnavailable):
        await demo.fill(customers=3)
    assert await kept() == before

    await sql("DROP TRIGGER full_up" + (" ON ledger_entries" if dialect() == "postgres" else ""))
    await demo.fill(customers=3)
    assert await ledger.data(Event.DEMO_FILLED) == [{"customers": 3}]


async def test_a_refused_change_leaves_no_entry(world: World) -> None:
    await task.close(world.task.id, Outcome.DONE, by=world.manager)
    size = await ledger.sound()

    with pytest.raises(AlreadyClosed):
        await task.close(world.task.id, Outcome.DONE, by=world.manager)

    assert await ledger.sound() == size


async def test_an_entry_says_who_did_it_when_and_in_which_role(world: World) -> None:
    await task.close(world.task.id, Outcome.DONE, by=world.manager)

    (entry,) = await ledger.entries(Event.TASK_CLOSED)
    assert entry["by"] == {"kind": "Employee", "id": str(world.manager.actor_id), "roles": ["manager"]}
    assert entry["at"] == f"{world.manager.now:%Y-%m-%dT%H:%M:%S.%f}Z"
    assert entry["data"] == {
        "task": str(world.task.id),
        "customer": str(world.customer.id),
        "outcome": "DONE",
    }


async def test_a_right_to_write_that_was_taken_away_is_told_like_a_full_disk(
    postgres_url: str, tmp_path: Path
) -> None:
    async with at_work(postgres_url):
        made = await changing.world(tmp_path)
        await sql("DO $$ BEGIN CREATE ROLE clerk LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        await sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk")
        await sql("REVOKE INSERT ON ledger_entries FROM clerk")
    async with at_work(postgres_url.replace("//postgres@", "//clerk@")):
        with pytest.raises(LedgerUnavailable):
            await task.close(made.task.id, Outcome.DONE, by=made.manager)
        with pytest.raises(LedgerUnavailable):
            await note(Event.LEDGER_EXPORTED, None, entries=1)
        await made.task.refresh_from_db()
        assert made.task.status is TaskStatus.OPEN


async def test_a_database_that_can_only_be_read_is_told_and_written_again_later(sqlite_url: str) -> None:
    async with at_work(sqlite_url):
        await sql("PRAGMA query_only = ON")
        with pytest.raises(LedgerUnavailable):
            await note(Event.LEDGER_EXPORTED, None, entries=1)
        with pytest.raises(OperationalError):
            await records.customer()
        await sql("PRAGMA query_only = OFF")

        await note(Event.LEDGER_EXPORTED, None, entries=2)
        assert await ledger.data(Event.LEDGER_EXPORTED) == [{"entries": 2}]


async def test_a_disk_that_is_full_is_told_and_leaves_the_ledger_sound(sqlite_url: str) -> None:
    async with at_work(sqlite_url):
        (pages,) = await sql("PRAGMA page_count")
        await sql(f"PRAGMA max_page_count = {pages['page_count']}")
        tasks = {str(UUID(int=each)): "" for each in range(10_000)}
        read = Accesses("Employee", "agent", utc_now(), "support", "Identity.givenName", tasks)

        with pytest.raises(LedgerUnavailable):
            await note(Event.LEDGER_EXPORTED, None, accesses=[read], entries=1)

        await ledger.sound()
        await sql("PRAGMA max_page_count = 100000")
        await note(Event.LEDGER_EXPORTED, None, entries=2)
        assert await ledger.data(Event.LEDGER_EXPORTED) == [{"entries": 2}]


@pytest.mark.every_database
async def test_64_who_note_at_once_share_commits_and_each_gets_a_number(database: str) -> None:
    start = await ledger.sound()

    numbers = await asyncio.gather(*(note(Event.RECOVERY_MADE, None, epoch=each) for each in range(64)))

    assert sorted(numbers) == list(range(start, start + 64))
    told = await ledger.entries()
    assert [told[number]["data"]["epoch"] for number in numbers] == list(range(64))
    assert await ledger.sound() == start + 64


@pytest.mark.every_database
async def test_procedures_and_notes_at_once_leave_no_gap(world: World) -> None:
    tasks = [await records.task(world.customer.id) for _ in range(32)]
    start = await ledger.sound()

    await asyncio.gather(
        *(task.close(each.id, Outcome.DONE, by=world.manager) for each in tasks),
        *(note(Event.RECOVERY_MADE, None, epoch=each) for each in range(32)),
    )

    assert await ledger.sound() == start + 64
    closed = [UUID(told["task"]) for told in await ledger.data(Event.TASK_CLOSED)]
    assert sorted(closed) == sorted(each.id for each in tasks)


@pytest.mark.every_database
async def test_who_stops_waiting_is_recorded_and_disturbs_nobody(database: str) -> None:
    waiting = [asyncio.create_task(note(Event.RECOVERY_MADE, None, epoch=each)) for each in range(9)]
    await asyncio.sleep(0)
    for each in waiting[::2]:
        each.cancel()

    results = await asyncio.gather(*waiting, return_exceptions=True)
    await note(Event.RECOVERY_MADE, None, epoch=9)

    assert [isinstance(result, asyncio.CancelledError) for result in results] == [True, False] * 4 + [True]
    assert sorted(told["epoch"] for told in await ledger.data(Event.RECOVERY_MADE)) == list(range(10))
    await ledger.sound()


@pytest.mark.every_database
async def test_after_a_failure_notes_are_written_again(database: str) -> None:
    await headless()
    failed = await asyncio.gather(
        *(note(Event.RECOVERY_MADE, None, epoch=each) for each in range(5)), return_exceptions=True
    )
    await sql("ALTER TABLE ledger_heads RENAME TO ledger_head")

    await note(Event.RECOVERY_MADE, None, epoch=6)

    assert all(isinstance(each, LedgerUnavailable) for each in failed)
    assert await ledger.data(Event.RECOVERY_MADE) == [{"epoch": 6}]


@pytest.mark.every_database
async def test_a_note_is_not_undone_with_a_transaction_that_runs_meanwhile(database: str) -> None:
    begun, noted = asyncio.Event(), asyncio.Event()

    async def fails() -> None:
        async with transaction():
            await records.customer()
            begun.set()
            await asyncio.sleep(0)
            raise ZeroDivisionError

    async def notes() -> None:
        await begun.wait()
        await note(Event.RECOVERY_MADE, None, epoch=1)
        noted.set()

    results = await asyncio.gather(fails(), notes(), return_exceptions=True)

    assert isinstance(results[0], ZeroDivisionError)
    assert noted.is_set()
    assert await ledger.data(Event.RECOVERY_MADE) == [{"epoch": 1}]
    assert not await Customer.exists()


async def test_a_note_within_a_transaction_is_refused_rather_than_waited_for_for_ever(database: str) -> None:
    async def change() -> None:
        async with transaction():
            await note(Event.RECOVERY_MADE, None, epoch=1)

    with pytest.raises(RuntimeError):
        await change()


async def test_nothing_is_recorded_outside_of_a_transaction(database: str) -> None:
    with pytest.raises(RuntimeError):
        record(Event.RECOVERY_MADE, None, epoch=1)


@pytest.mark.every_database
async def test_more_than_one_group_is_written_whole(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "GROUP", 4)
    start = await ledger.sound()
    numbers = await asyncio.gather(*(note(Event.RECOVERY_MADE, None, epoch=each) for each in range(11)))
    assert sorted(numbers) == list(range(start, start + 11))


async def test_who_is_not_signed_in_is_nobody(database: str) -> None:
    await note(Event.RECOVERY_MADE, ANONYMOUS, epoch=1)
    await note(Event.RECOVERY_MADE, None, epoch=1)
    told = [entry["by"] for entry in await ledger.entries(Event.RECOVERY_MADE)]
    assert told == [{"kind": kind, "id": None, "roles": []} for kind in ("Anonymous", "System")]


@pytest.mark.parametrize("way", [record, note])
async def test_a_change_with_a_detail_that_does_not_fit_does_not_happen(database: str, way: Any) -> None:
    async def change() -> None:
        async with transaction():
            await records.customer()
            record(Event.USER_ADDED, None, actor=ID, kind="Ona Kazlauskienė")

    with pytest.raises(UnfitDetail):
        await (change() if way is record else note(Event.USER_ADDED, None, actor=ID, kind="Ona Kazlauskienė"))

    assert not await Customer.exists()
    assert await ledger.entries(Event.USER_ADDED) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seconds=st.floats(0, 250_000_000_000), roles=st.frozensets(st.sampled_from(list(Role))))
async def test_any_moment_and_any_roles_are_told(
    database: str, seconds: float, roles: frozenset[Role]
) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)
    number = await note(Event.RECOVERY_MADE, Actor("Employee", ID, roles, clock=lambda: instant), epoch=1)
    entry = (await ledger.entries())[number]
    assert datetime.fromisoformat(entry["at"]) == instant
    assert entry["by"]["roles"] == sorted(roles)
