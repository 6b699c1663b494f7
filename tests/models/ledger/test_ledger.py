"""The ledger as the database keeps it: no number twice, none left out, and nothing ever edited."""

import asyncio
import json
from contextlib import ExitStack
from uuid import UUID, uuid4

import pytest
from tortoise import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException, IntegrityError

from models import Access, LedgerEntry, LedgerHead
from models.database import Write, after_commit, before_commit, dialect, transaction
from models.event import Event
from models.ledger import Accesses, append
from tests import ledger
from tests.forked import forked, ready
from tests.models.writers import APART, NOW, appended, writes, written
from tests.procedures.ledgers import free, sql

#: Locks and triggers keep it, and each database has its own.
pytestmark = pytest.mark.every_database


async def epochs() -> list[int]:
    """The numbers that tell the entries apart, in the ledger's order."""
    return [told["epoch"] - APART for told in await ledger.data(Event.EPOCH_BEGUN) if told["epoch"] >= APART]


async def test_entries_are_numbered_from_nought_in_their_order(database: str) -> None:
    start = await ledger.sound()
    assert await appended(7) == range(start, start + 1)
    assert await appended(8, 9) == range(start + 1, start + 3)

    assert await epochs() == [7, 8, 9]
    assert await ledger.sound() == start + 3


async def test_nothing_appended_is_nothing_written(database: str) -> None:
    start = await ledger.sound()
    assert len(await appended()) == 0
    assert await ledger.sound() == start


async def test_64_writers_at_once_leave_no_gap_and_take_no_number_twice(database: str) -> None:
    start = await ledger.sound()

    numbers = await asyncio.gather(*(appended(writer, writer + 100) for writer in range(64)))

    assert sorted(number for each in numbers for number in each) == list(range(start, start + 128))
    assert sorted(await epochs()) == sorted([*range(64), *range(100, 164)])
    assert await ledger.sound() == start + 128


async def test_writers_that_fail_leave_no_gap(database: str) -> None:
    start = await ledger.sound()

    async def fails(epoch: int) -> None:
        async with transaction() as client:
            await append(client, [(written(epoch), ())])
            raise ZeroDivisionError

    results = await asyncio.gather(
        *(fails(epoch) if epoch % 2 else appended(epoch) for epoch in range(64)), return_exceptions=True
    )

    assert sum(isinstance(result, ZeroDivisionError) for result in results) == 32
    assert sorted(await epochs()) == list(range(0, 64, 2))
    assert await ledger.sound() == start + 32


async def test_several_processes_leave_no_gap_and_take_no_number_twice(database: str) -> None:
    start, go = await ledger.sound(), ready().Event()
    with ExitStack() as stack:
        writers = [stack.enter_context(forked(writes, database, place * 100, go)) for place in range(4)]
        assert [await asyncio.to_thread(writer.stdout.readline) for writer in writers] == ["ready\n"] * 4
        go.set()
        told = [await asyncio.to_thread(writer.stdout.read) for writer in writers]
        assert [(writer.wait(), said) for writer, said in zip(writers, told, strict=True)] == [(0, "")] * 4

    assert sorted(await epochs()) == [place * 100 + each for place in range(4) for each in range(25)]
    assert await ledger.sound() == start + 100


async def test_a_thousand_accesses_stand_behind_one_entry(database: str) -> None:
    customers = [uuid4() for _ in range(1000)]
    tasks = {str(customer): f"{UUID(int=1)} {UUID(int=2)}" for customer in customers}
    read = Accesses("Employee", "agent", NOW, "support", "Identity.givenName", tasks)

    async with transaction() as client:
        (number,) = await append(client, [(written(1), [read])])

    kept = await Access.filter(entry=number)
    assert {access.customer_id for access in kept} == set(customers)
    assert len({access.id for access in kept}) == 1000
    assert {access.id.version for access in kept} == {4}
    assert {
        (access.kind, access.roles, access.at, access.purposes, access.fields_read) for access in kept
    } == {("Employee", "agent", NOW, "support", "Identity.givenName")}
    assert {access.task_ids for access in kept} == {f"{UUID(int=1)} {UUID(int=2)}"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entries SET entry = leaf",
        "UPDATE ledger_entries SET number = number + 1000",
        "DELETE FROM ledger_entries",
    ],
)
async def test_an_entry_is_never_edited(database: str, statement: str) -> None:
    await appended(1)

    with pytest.raises(IntegrityError, match="LEDGER_APPEND_ONLY"):
        await sql(statement)

    await ledger.sound()


async def test_an_entry_is_neither_replaced_nor_truncated(database: str) -> None:
    (number,) = await appended(1)
    attack = "TRUNCATE ledger_entries"
    if dialect() == "sqlite":
        copied = f"SELECT number, leaf, leaf FROM ledger_entries WHERE number = {number}"
        attack = f"INSERT OR REPLACE INTO ledger_entries {copied}"

    with pytest.raises(IntegrityError, match="LEDGER_APPEND_ONLY"):
        await sql(attack)

    assert await epochs() == [1]


@pytest.mark.parametrize(
    "tampering",
    ["DELETE FROM ledger_head", "UPDATE ledger_head SET size = 0, frontier = leaf FROM ledger_entries"],
)
async def test_a_head_set_back_writes_over_nothing(database: str, tampering: str) -> None:
    await appended(1, 2, 3)
    before = await LedgerEntry.all().order_by("number").values_list("number", "entry")
    await sql(tampering)

    with pytest.raises((BaseORMException, ValueError)):
        await appended(4)

    assert await LedgerEntry.all().order_by("number").values_list("number", "entry") == before


async def test_the_first_writers_of_all_begin_one_ledger_together(database: str) -> None:
    await free("ledger_entries", "ledger_head")
    await sql("DELETE FROM ledger_entries")
    await sql("DELETE FROM ledger_head")

    await asyncio.gather(*(appended(writer) for writer in range(16)))

    assert await LedgerHead.all().count() == 1
    assert await ledger.sound() == 16


async def test_what_is_to_be_done_before_a_commit_is_part_of_it(database: str) -> None:
    start = await ledger.sound()

    async def append_two(client: BaseDBAsyncClient, _items: list[int]) -> None:
        await append(client, [(written(2), ())])

    async with transaction() as client:
        before_commit(append_two, 2)
        await append(client, [(written(1), ())])
    with pytest.raises(ZeroDivisionError):
        await _failing(append_two)

    assert await epochs() == [1, 2]
    assert await ledger.sound() == start + 2


async def _failing(work: Write) -> None:
    async with transaction():
        before_commit(work, 1)
        raise ZeroDivisionError


async def test_items_of_one_kind_are_written_in_one_call_and_in_order(database: str) -> None:
    calls: list[list[int]] = []

    async def write(_client: BaseDBAsyncClient, items: list[int]) -> None:
        calls.append(items)

    async with transaction():
        before_commit(write, 1)
        with pytest.raises(ZeroDivisionError):
            await _failing(write)
        async with transaction():
            before_commit(write, 2)

    assert calls == [[1, 2]]


async def test_what_cannot_be_done_before_a_commit_undoes_everything(database: str) -> None:
    start = await ledger.sound()

    async def fail(_client: BaseDBAsyncClient, _items: list[int]) -> None:
        raise ZeroDivisionError

    async def change() -> None:
        async with transaction() as client:
            await append(client, [(written(1), ())])
            before_commit(fail, 1)

    with pytest.raises(ZeroDivisionError):
        await change()
    assert await ledger.sound() == start


async def test_what_an_inner_part_asked_for_goes_with_it(database: str) -> None:
    done: list[str] = []

    async def before(_client: BaseDBAsyncClient, _items: list[int]) -> None:
        done.append("before")

    async def after() -> None:
        done.append("after")

    async def inner() -> None:
        async with transaction():
            after_commit(after)
            await _failing(before)

    async with transaction():
        with pytest.raises(ZeroDivisionError):
            await inner()
    assert done == []

    async with transaction():
        async with transaction():
            after_commit(after)
            before_commit(before, 1)
        assert done == []
    assert done == ["before", "after"]


async def test_nothing_is_asked_of_a_transaction_that_is_not_there(database: str) -> None:
    async def work(*_anything: object) -> None:
        raise AssertionError("there was no transaction")

    with pytest.raises(RuntimeError):
        before_commit(work, 1)
    with pytest.raises(RuntimeError):
        after_commit(work)


async def test_a_task_that_outlives_the_transaction_of_its_birth_begins_none_and_asks_nothing(
    database: str,
) -> None:
    over = asyncio.Event()

    async def late() -> list[type[BaseException]]:
        await over.wait()
        found: list[type[BaseException]] = []
        for attempt in (appended(1), _asking()):
            try:
                await attempt
            except RuntimeError as error:
                found.append(type(error))
        return found

    async with transaction():
        task = asyncio.create_task(late())
    over.set()

    assert await task == [RuntimeError, RuntimeError]
    assert await epochs() == []


async def _asking() -> None:
    async def work(*_anything: object) -> None:
        raise AssertionError("nobody would ever do it")

    before_commit(work, 1)


async def test_an_entry_is_kept_byte_by_byte(database: str) -> None:
    (number,) = await appended(5)
    kept = await LedgerEntry.get(number=number)
    assert bytes(kept.entry) == written(5)
    assert json.loads(bytes(kept.entry))["data"] == {"epoch": APART + 5}
