"""Rows that an older version left in plain are sealed, whoever is killed at it, and nothing plain stays behind."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tortoise.connection import get_connection

import models
from models.database import CONNECTION, backup, dialect, sqlite_path
from models.event import Event
from models.keys import keybook
from procedures.current import Addresses
from procedures.installation.migration import MigrationError, migrate, plain, seal
from procedures.keys import sealing
from tests import installation, ledger
from tests.campaigns import Campaign
from tests.procedures.installed import at_work, people, reads, whole
from tests.procedures.mined import kill
from vault.seal import is_sealed

#: Before what a process that seals is killed: the n-th call of a function.
STEPS = [
    ("models.keys.keybook.begin", 1),
    ("procedures.keys.sealing._batch", 1),
    ("procedures.keys.sealing._seal", 2),
    ("procedures.keys.sealing._batch", 2),
    ("procedures.keys.sealing._vacuum", 1),
    ("models.keys.keybook.finish", 1),
]


async def in_plain(count: int) -> None:
    """Customers whose addresses lie there as an older version wrote them."""
    await people(count)
    await leave()


async def leave() -> None:
    """Make every address what an older version left."""
    slots = ("?", "?") if dialect() == "sqlite" else ("$1", "$2")
    values = [(row.id, (await models.opened(row)).value) for row in await models.ContactPoint.all()]
    for row, value in values:
        await get_connection(CONNECTION).execute_query(
            f"UPDATE contact_points SET content = {slots[0]}, value_index = NULL WHERE id = {slots[1]}",
            [json.dumps({"value": value}).encode(), str(row) if dialect() == "sqlite" else row],
        )


@pytest.fixture
async def older(place: Addresses) -> Addresses:
    """An installation with three addresses in plain."""
    async with at_work(place):
        await in_plain(3)
    return place


@pytest.fixture
async def older_file(sqlite_url: str) -> Addresses:
    """The same, embedded."""
    where = installation.place(sqlite_url)
    async with at_work(where):
        await in_plain(3)
    return where


async def dropped(what: str, about: str) -> str:
    """Take a rule away from an embedded database, so that a migration has something to do; gives its name."""
    client = get_connection(CONNECTION)
    found = await client.execute_query_dict(
        f"SELECT name FROM sqlite_master WHERE type = '{what}' AND sql LIKE '%{about}%' ORDER BY name LIMIT 1"
    )
    await client.execute_query(f"DROP {what} {found[0]['name']}")
    return str(found[0]["name"])


async def contents() -> list[Any]:
    """What lies in the rows."""
    return list(await models.ContactPoint.all().values_list("content", flat=True))


def holds_plain(directory: Path) -> list[str]:
    """The files of a directory that hold a value in plain."""
    return [
        each.name for each in directory.iterdir() if each.is_file() and b"@example.org" in each.read_bytes()
    ]


async def test_rows_in_plain_are_sealed_found_and_recorded(older: Addresses) -> None:
    told: list[tuple[int, int]] = []
    assert await plain(older.database) == 3

    assert await seal(older, progress=lambda done, total: told.append((done, total))) == (3, 0)

    assert (told[0], told[-1]) == ((0, 3), (3, 3))
    async with at_work(older):
        assert await reads() == whole(3)
        assert await ledger.data(Event.ROWS_SEALED) == [{"category": "contact_point", "rows": 3}]
        assert all(is_sealed(content.raw) for content in await contents())


@pytest.mark.every_database
async def test_sealing_that_is_killed_anywhere_is_finished(older: Addresses, campaign: Campaign) -> None:
    campaign.tried(len(STEPS), "processes killed at a step")
    for step, number in STEPS:
        kill(older, "seal", step, number)
        await seal(older, progress=lambda _done, _all: None)
        async with at_work(older):
            assert await reads() == whole(3), (step, number)
            assert (await sealing.plain_rows(), await keybook.unfinished()) == (0, [])
            await leave()


async def test_nothing_plain_stays_in_the_files(older_file: Addresses) -> None:
    directory = sqlite_path(older_file.database).parent
    assert holds_plain(directory) == ["savas.sqlite3"]

    await seal(older_file, progress=lambda _done, _all: None)

    assert holds_plain(directory) == []


async def test_what_a_killed_run_left_to_be_cleaned_is_cleaned_at_the_next_start(
    older_file: Addresses,
) -> None:
    kill(older_file, "seal", "procedures.keys.sealing._vacuum")

    async with at_work(older_file):
        assert await keybook.unfinished() == []

    assert holds_plain(sqlite_path(older_file.database).parent) == []


@pytest.mark.every_database
async def test_two_that_seal_at_once_record_each_row_once(older: Addresses) -> None:
    async with at_work(older):
        rows = await sealing._plain(models.ContactPoint, UUID(int=0))

        assert await sealing._batch(models.ContactPoint, rows) == 3
        assert await sealing._batch(models.ContactPoint, rows) == 0

        assert await ledger.data(Event.ROWS_SEALED) == [{"category": "contact_point", "rows": 3}]


async def test_a_row_that_cannot_be_read_stays_and_stops_no_other(older: Addresses, caplog) -> None:
    async with at_work(older):
        damaged = "X'7B00'" if dialect() == "sqlite" else "'\\x7B00'::bytea"
        first = "(SELECT id FROM contact_points ORDER BY id LIMIT 1)"
        await get_connection(CONNECTION).execute_query(
            f"UPDATE contact_points SET content = {damaged} WHERE id = {first}"
        )

    assert await seal(older, progress=lambda _done, _all: None) == (2, 1)

    assert "CONTENT_DAMAGED table=contact_points" in caplog.text


async def test_a_sealed_vault_seals_nothing_and_says_what_is_left(older: Addresses) -> None:
    Path(older.provider.removeprefix("file:")).chmod(0o644)

    assert await seal(older, progress=lambda _done, _all: None) == (0, 3)


async def test_no_copy_with_values_in_plain_is_kept(older_file: Addresses) -> None:
    async with at_work(older_file):
        name = await dropped("index", "value_index")

    with pytest.raises(MigrationError) as refused:
        await migrate(older_file.database, keep_backup=True)
    assert refused.value.code == "BACKUP_IN_PLAIN"

    assert (await migrate(older_file.database)).enforced == (name,)
    await seal(older_file, progress=lambda _done, _all: None)
    assert holds_plain(sqlite_path(older_file.database).parent) == []


@pytest.mark.parametrize(
    "step", ["procedures.installation.migration._refuse_loss", "models.database.backup.discard"]
)
async def test_the_copy_of_a_killed_migration_is_gone_after_the_next(
    older_file: Addresses, step: str
) -> None:
    path = sqlite_path(older_file.database)
    async with at_work(older_file):
        await dropped("trigger", "")
    kill(older_file, "migrate", step, 2 if step.endswith("discard") else 1)
    assert backup.beside(path).exists()

    await migrate(older_file.database)
    await seal(older_file, progress=lambda _done, _all: None)

    assert not backup.beside(path).exists()
    assert holds_plain(path.parent) == []
