"""Who opens a restored backup says so in the ledger, once, and before anything else is written."""

import shutil
from pathlib import Path

import pytest

from models.database import sqlite_path
from models.event import Event
from models.ledger import Checkpoint
from procedures.audit import restored
from procedures.checkpoint import checkpoint
from procedures.current import Addresses
from tests import installation, ledger
from tests.installation import at_work
from tests.procedures.checkpoint.test_checkpoint import FIRST, audited, cut, grown, write
from tests.procedures.ledgers import free, short, sql


@pytest.fixture
async def where(database: str) -> Addresses:
    return installation.place(database)


async def backup(url: str) -> Path:
    """A copy of an embedded database."""
    copy = sqlite_path(url).with_name("backup.sqlite3")
    copy.unlink(missing_ok=True)
    await sql(f"VACUUM INTO '{copy}'")
    return copy


def restore(url: str) -> None:
    """Put the copy in the place of the database, which is closed."""
    file = sqlite_path(url)
    for left in file.parent.glob(f"{file.name}-*"):
        left.unlink()
    shutil.copyfile(file.with_name("backup.sqlite3"), file)


async def test_a_backup_between_an_entry_and_its_checkpoint_is_no_tampering(sqlite_url: str):
    where = installation.place(sqlite_url)
    async with at_work(sqlite_url):
        await write(4)
        await checkpoint.keep()
        await write(3)
        await backup(sqlite_url)
        await checkpoint.keep()
        last = await Checkpoint.all().order_by("-size").first()
    assert last is not None
    restore(sqlite_url)
    for _ in range(2):
        async with at_work(sqlite_url):
            await write(2)
            await checkpoint.keep()
            report = await audited(where)
            assert short(report) == []
            assert [told.size for told in report.restorations] == [last.size]


async def test_an_older_checkpoint_that_somebody_removed_is_found_after_a_restart(sqlite_url: str):
    where = installation.place(sqlite_url)
    async with at_work(sqlite_url):
        await write(4)
        await checkpoint.keep()
        first = await Checkpoint.all().order_by("-size").first()
        await write(3)
        await checkpoint.keep()
        await sql("DELETE FROM checkpoints")
    assert first is not None
    async with at_work(sqlite_url):
        await checkpoint.keep()
        assert short(await audited(where)) == [f"CHECKPOINT_REMOVED {first.size} {first.size}"]


@pytest.mark.parametrize("lost", [1, 5])
async def test_a_restored_backup_is_said_before_anything_else_is_written(sqlite_url: str, lost: int):
    where = installation.place(sqlite_url)
    async with at_work(sqlite_url):
        await write(4)
        await checkpoint.keep()
        await backup(sqlite_url)
        await write(lost)
        await checkpoint.keep()
        last = await Checkpoint.all().order_by("-size").first()
    assert last is not None
    restore(sqlite_url)
    async with at_work(sqlite_url):
        await write(20)
        await checkpoint.keep()
        await write(2)
        await checkpoint.keep()

        assert await ledger.data(Event.LEDGER_RESTORED) == [
            {"size": last.size, "root": bytes(last.root).hex()}
        ]
        report = await audited(where)
        assert short(report) == []
        assert [told.size for told in report.restorations] == [last.size]


async def test_a_restoration_is_said_once_however_often_it_is_opened(sqlite_url: str):
    async with at_work(sqlite_url):
        await write(4)
        await backup(sqlite_url)
        await grown()
        await checkpoint.deliver()
    restore(sqlite_url)
    for _ in range(3):
        async with at_work(sqlite_url):
            assert not await restored.record_restoration()

    async with at_work(sqlite_url):
        assert len(await ledger.data(Event.LEDGER_RESTORED)) == 1


async def test_a_tail_cut_while_the_server_runs_is_not_signed_over_in_silence(where: Addresses):
    await write(4)
    await checkpoint.keep()
    await write(4)
    await checkpoint.keep()
    await free("ledger_entries", "ledger_head", "checkpoints")
    await cut(FIRST + 5)
    await sql(f"DELETE FROM checkpoints WHERE size > {FIRST + 4}")
    await checkpoint.keep()

    report = await audited(where)
    assert [told.size for told in report.restorations] == [FIRST + 8]
    assert report.covered == FIRST + 6


async def test_a_deleted_checkpoint_is_no_restoration(where: Addresses):
    await write(4)
    await checkpoint.keep()
    await sql("DELETE FROM checkpoints")

    assert not await restored.record_restoration()
    assert short(await audited(where)) == [f"CHECKPOINT_REMOVED {FIRST + 4} {FIRST + 4}"]


async def test_a_note_that_somebody_put_there_is_no_restoration(where: Addresses):
    await write(4)
    await checkpoint.keep()
    forged = (where.witness / "checkpoints").read_text("utf-8").replace(f"\n{FIRST + 4}\n", "\n99\n")
    (where.witness / "checkpoints").write_text(forged, "utf-8")

    assert not await restored.record_restoration()
