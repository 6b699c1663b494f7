"""Connecting and transactions: what works, and what is said when it does not."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import TransactionManagementError

from models import Customer
from models.database import (
    CONNECTION,
    DatabaseError,
    beside,
    configuration,
    connected,
    dialect,
    kind,
    sqlite_path,
    sqlite_url,
    transaction,
)
from models.database.sqlite import statements
from tests import postgres

pytestmark = pytest.mark.every_database

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def made() -> Customer:
    """A customer."""
    return await Customer.create(created_at=NOW)


async def fail(error: Exception) -> None:
    """Make a customer, and fail before it is certain."""
    async with transaction():
        await made()
        raise error


async def refused(url: str) -> DatabaseError:
    """What is said when this address is connected to."""
    with pytest.raises(DatabaseError) as error:
        async with connected(url):
            pass
    return error.value


async def test_what_is_written_is_read_again(database: str) -> None:
    customer = await made()

    assert (await Customer.get(id=customer.id)).created_at == NOW
    assert dialect() == kind(database)


async def test_an_instant_of_another_zone_keeps_its_place_in_time(database: str) -> None:
    vilnius = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    earlier = await Customer.create(created_at=vilnius)
    await made()

    assert await Customer.all().order_by("created_at").first() == earlier
    assert await Customer.filter(created_at__lt=NOW).get() == earlier
    assert (await Customer.get(id=earlier.id)).created_at.tzname() == "UTC"


async def test_a_transaction_is_all_or_nothing(database: str) -> None:
    with pytest.raises(LookupError):
        await fail(LookupError())

    assert await Customer.all().count() == 0


async def test_an_inner_transaction_alone_can_fail(database: str) -> None:
    async with transaction():
        kept = await made()
        with pytest.raises(LookupError):
            await fail(LookupError())

    assert await Customer.all() == [kept]


async def test_an_error_about_transactions_rolls_back_as_well(database: str) -> None:
    with pytest.raises(TransactionManagementError):
        await fail(TransactionManagementError())

    await made()
    assert await Customer.all().count() == 1


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(database: str) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        async with transaction():
            await made()
            begun.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await begun.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging

    async with transaction():
        await made()
    assert await Customer.all().count() == 1


async def test_many_writers_at_once_all_get_their_turn(database: str) -> None:
    async def read_then_write() -> None:
        async with transaction():
            await Customer.all().count()
            await made()

    await asyncio.gather(*(read_then_write() for _ in range(20)))

    assert await Customer.all().count() == 20


async def test_two_processes_that_read_and_then_write_wait_for_each_other(sqlite_url: str) -> None:
    """A deferred transaction would fail here: it reads, another one writes, and it may not write any more."""

    def elsewhere() -> None:
        other = sqlite3.connect(sqlite_path(sqlite_url), timeout=300, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE customers SET restricted = 1")
        other.execute("COMMIT")
        other.close()

    async with connected(sqlite_url):
        customer = await made()
        async with transaction():
            await Customer.get(id=customer.id)
            writing = asyncio.create_task(asyncio.to_thread(elsewhere))
            await Customer.filter(id=customer.id).update(restricted=False)
        await writing

        assert (await Customer.get(id=customer.id)).restricted


async def test_a_lock_that_is_held_too_long_is_told(sqlite_url: str) -> None:
    other = sqlite3.connect(sqlite_path(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with connected(sqlite_url):
        await get_connection(CONNECTION).execute_query("PRAGMA busy_timeout = 1")
        with pytest.raises(DatabaseError) as busy:
            async with transaction():
                pass
        other.execute("ROLLBACK")
        other.close()

        assert busy.value.code == "DATABASE_BUSY"
        async with transaction():
            await made()


async def test_the_embedded_database_is_durable_and_keeps_its_references(sqlite_url: str) -> None:
    async with connected(sqlite_url):
        client = get_connection(CONNECTION)
        for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}.items():
            (row,) = await client.execute_query_dict(f"PRAGMA {pragma}")
            assert list(row.values()) == [value]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "savas",
        "mysql://host/savas",
        "sqlite://",
        "sqlite:///",
        "postgresql://host",
        "postgresql://host:port/savas",
        "postgresql://host:99999/savas",
        "postgresql://[::1/savas",
        "postgresql://user:se/cret@host/savas?colour=blue",
        "postgresql://host/savas?maxsize=many",
    ],
)
async def test_an_address_that_is_none_is_told_so(url: str) -> None:
    error = await refused(url)

    assert error.code == "DATABASE_URL_INVALID"
    assert "cret" not in str(error)


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "missing.sqlite3"

    assert (await refused(sqlite_url(path))).code == "DATABASE_MISSING"
    assert not path.exists()


async def test_a_file_that_is_no_database_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ona, " * 1000)

    assert (await refused(sqlite_url(path))).code == "DATABASE_UNUSABLE"


async def test_a_server_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    error = await refused(f"postgresql://ruta:secret@/savas?host={tmp_path}")

    assert error.code == "DATABASE_UNREACHABLE"
    assert "secret" not in str(error)


async def test_a_database_that_is_not_on_the_server_is_told_so(postgres_server: postgres.Server) -> None:
    assert (await refused(postgres_server.url("nowhere"))).code == "DATABASE_MISSING"


async def test_a_user_that_the_server_does_not_know_is_told_so(postgres_server: postgres.Server) -> None:
    url = postgres_server.url("postgres").replace("postgres@", "stranger:secret@")

    error = await refused(url)

    assert error.code == "DATABASE_REFUSED"
    assert "secret" not in str(error)


async def test_after_a_failure_the_next_connection_works(database_url: str, tmp_path: Path) -> None:
    await refused(sqlite_url(tmp_path / "missing.sqlite3"))

    async with connected(database_url):
        assert await made()


@pytest.mark.parametrize(
    "name", ["savas.sqlite3", "sa vas.sqlite3", "50%.sqlite3", "a?b#c.sqlite3", "ąčę.sqlite3"]
)
def test_any_file_name_has_an_address(tmp_path: Path, name: str) -> None:
    assert sqlite_path(sqlite_url(tmp_path / name)) == tmp_path / name


def test_three_or_four_slashes_name_the_same_file() -> None:
    assert (
        sqlite_path("sqlite:///srv/a.sqlite3")
        == sqlite_path("sqlite:////srv/a.sqlite3")
        == Path("/srv/a.sqlite3")
    )


def test_special_characters_of_a_password_arrive_whole() -> None:
    for scheme in ("postgres", "postgresql", "asyncpg"):
        config = configuration(f"{scheme}://r%C5%ABta:p%40ss%2Fw%3Ard@db.example:5433/savas?sslmode=require")
        credentials = config["connections"][CONNECTION]["credentials"]

        assert (credentials["user"], credentials["password"]) == ("rūta", "p@ss/w:rd")
        assert (credentials["host"], credentials["port"]) == ("db.example", 5433)
        assert (credentials["database"], credentials["ssl"]) == ("savas", "require")


def test_a_script_falls_into_whole_statements() -> None:
    script = "CREATE TABLE a (b /* one; two */); CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;\n;"

    assert [statement.split()[1] for statement in statements(script)] == ["TABLE", "TRIGGER"]


async def test_a_process_works_with_one_kind_of_database_at_a_time(sqlite_url: str, postgres_url: str):
    async with connected(sqlite_url):
        with pytest.raises(DatabaseError, match="other kind") as refused:
            async with connected(postgres_url):
                pass
        assert refused.value.code == "DATABASE_KINDS_MIXED"

    async with connected(postgres_url):
        assert await Customer.all().count() == 0


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_ways_of_writing_postgresql_are_read(scheme: str) -> None:
    url = f"{scheme}://ruta:secret@db/savas"

    assert kind(url) == "postgres"
    assert beside(url, Path()) == f"{scheme}://ruta:secret@db/savas_keys"
    assert configuration(url)["connections"]["default"]["credentials"]["database"] == "savas"
