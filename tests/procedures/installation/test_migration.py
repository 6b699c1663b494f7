"""Migrating a filled database of either kind keeps every row and every rule, or changes nothing."""

import asyncio
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from uuid import uuid4

import pytest
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from models import PERSONAL, Category, Consent, ContactPoint, opened
from models.constraints import missing
from models.database import (
    CONNECTION,
    DatabaseError,
    configuration,
    sqlite_path,
    sqlite_url,
)
from models.database.backup import SUFFIX
from procedures.installation.migration import MigrationError, MigrationReport, counted, migrate, pending
from tests.campaigns import Campaign
from tests.forked import forked
from tests.installation import at_work
from tests.models import facts
from tests.procedures.killed import migrating

pytestmark = pytest.mark.every_database

ROOT = Path(__file__).resolve().parents[3]

Package = Callable[..., str]

#: A change that rebuilds the table of consents on SQLite.
CHANGE = """
    ops.AlterField("Consent", "code", fields.CharField(null=True, max_length=300)),
"""
#: One that rebuilds others as well.
REBUILD = f"""
    {CHANGE}
    ops.AlterField("Account", "login", fields.CharField(max_length=300, unique=True)),
    ops.AlterField("AgreementTerm", "field", fields.CharField(max_length=90)),
"""
RUN = "ops.RunPython(step)"
#: Our migrations, in order.
OURS = sorted(path.stem for path in (ROOT / "models" / "migrations").glob("0*.py"))


WHOLE = """
from importlib import import_module
Migration = import_module("models.migrations.{}").Migration
"""
BRIEF = """
from tortoise import migrations
from tests.procedures.installation.as_it_is import AsItIs

class Migration(migrations.Migration):
    dependencies = {}
    operations = {}
"""


def brief(before: str | None) -> str:
    """One of ours as it is told in the short run; `before` is the one that it follows."""
    return BRIEF.format([("models", before)], "[]") if before else BRIEF.format("[]", "[AsItIs()]")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, campaign: Campaign) -> Package:
    """Writes a package of migrations: ours, and a later one made of these operations.

    In the short run the first of ours stands for all of them.
    """

    def write(operations: str, step: str = "pass") -> str:
        name = f"later_{uuid4().hex}"
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        for ours, before in zip(OURS, [None, *OURS], strict=False):
            (folder / f"{ours}.py").write_text(WHOLE.format(ours) if campaign.long else brief(before))
        later = dedent("""\
            from tortoise import fields, migrations
            from tortoise.migrations import operations as ops

            async def step(apps, editor):
                client = editor.client
                {step}

            class Migration(migrations.Migration):
                dependencies = [("models", "{last}")]
                operations = [{operations}]
            """)
        (folder / "9999_later.py").write_text(later.format(step=step, operations=operations, last=OURS[-1]))
        return name

    monkeypatch.syspath_prepend(str(tmp_path))
    return write


async def fill() -> None:
    """A customer with a row in every category, somebody who can sign in, and an event."""
    customer = await facts.customer()
    await facts.actor()
    for category in Category:
        consent = await facts.consent(customer, category)
        await facts.event(consent)
        await facts.personal(category, customer, consent)


async def rows(url: str) -> dict[str, int]:
    """How many rows each table holds; the ledger's own go on while everything else stays."""
    async with at_work(url):
        found = await counted(get_connection(CONNECTION))
    return {name: count for name, count in found.items() if not name.startswith("ledger_")}


@pytest.fixture
async def filled(database_url: str) -> str:
    """The address of a filled database."""
    async with at_work(database_url):
        await fill()
    return database_url


@pytest.fixture
async def filled_file(sqlite_url: str) -> str:
    """The address of a filled embedded database."""
    async with at_work(sqlite_url):
        await fill()
    return sqlite_url


async def test_an_empty_place_becomes_a_database(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "data" / "savas.sqlite3")

    report = await migrate(url)

    assert report.applied == tuple(OURS)
    assert stat.S_IMODE(sqlite_path(url).stat().st_mode) == 0o600
    assert not list(sqlite_path(url).parent.glob(f"*{SUFFIX}"))


async def test_with_nothing_to_do_nothing_is_done(filled: str) -> None:
    told: list[str] = []

    assert await migrate(filled, progress=told.append) == MigrationReport()
    assert told == []


async def test_a_dry_run_lists_and_makes_nothing(tmp_path: Path, package: Package) -> None:
    url = sqlite_url(tmp_path / "savas.sqlite3")

    assert await pending(url, migrations=package(CHANGE)) == (*OURS, "9999_later")
    assert not sqlite_path(url).exists()


async def test_a_dry_run_on_a_migrated_database_lists_the_rest(filled: str, package: Package) -> None:
    assert await pending(filled) == ()
    assert await pending(filled, migrations=package(CHANGE)) == ("9999_later",)


async def test_a_filled_database_keeps_every_row_and_every_rule(filled: str, package: Package) -> None:
    before = await rows(filled)

    report = await migrate(filled, migrations=package(REBUILD))

    assert report.applied == ("9999_later",)
    assert report.rows >= sum(before.values())
    assert await rows(filled) == before
    async with at_work(filled):
        assert await missing(get_connection(CONNECTION)) == []
        for category, record in PERSONAL.items():
            assert (await opened(await record.get())) == facts.VALUES[category]["content"]


async def test_what_a_rebuilt_table_refused_it_still_refuses(filled: str, package: Package) -> None:
    await migrate(filled, migrations=package(REBUILD))

    async with at_work(filled):
        with pytest.raises(Exception, match="CONSENT_IN_USE"):
            await Consent.all().update(state="WITHDRAWN", permits=False)
        with pytest.raises(Exception, match=r"(?i)unique"):
            await facts.actor()


@pytest.mark.parametrize(
    ("before_it", "step", "code"),
    [
        (CHANGE, "raise ValueError('ona@example.org')", "MIGRATION_FAILED"),
        ("", "await client.execute_query('SELECT nothing FROM nowhere')", "MIGRATION_FAILED"),
        ("", "await client.execute_query('DELETE FROM contact_points')", "MIGRATION_LOST_ROWS"),
        ("", "await client.execute_query('DROP TABLE sessions'); raise RuntimeError", "MIGRATION_FAILED"),
    ],
)
async def test_a_migration_that_goes_wrong_changes_nothing(
    filled: str, package: Package, before_it: str, step: str, code: str
) -> None:
    before = await rows(filled)

    with pytest.raises(MigrationError) as refused:
        await migrate(filled, migrations=package(before_it + RUN, step))

    assert refused.value.code == code
    assert "ona@" not in str(refused.value)
    assert await rows(filled) == before
    assert await migrate(filled) == MigrationReport()


async def test_a_migration_that_is_killed_changes_nothing_and_can_be_repeated(
    filled: str, package: Package, tmp_path: Path
) -> None:
    before = await rows(filled)
    later = package(CHANGE + RUN, "import os; os.kill(os.getpid(), 9)")

    with forked(migrating, filled, later, str(tmp_path)) as killed:
        await asyncio.to_thread(killed.wait, 300)

        assert killed.killed
    assert await rows(filled) == before
    assert (await migrate(filled, migrations=package(CHANGE))).applied == ("9999_later",)
    assert await rows(filled) == before
    assert not list(tmp_path.glob(f"*{SUFFIX}"))


async def test_a_rule_that_somebody_removed_comes_back(filled: str) -> None:
    async with at_work(filled):
        await get_connection(CONNECTION).execute_query("DROP INDEX consents_one_permitting")

    report = await migrate(filled)

    assert (report.applied, report.enforced) == ((), ("consents_one_permitting",))


async def test_a_database_of_a_newer_version_is_left_alone(filled: str, package: Package) -> None:
    await migrate(filled, migrations=package(CHANGE))

    for attempt in (migrate(filled), pending(filled)):
        with pytest.raises(MigrationError) as refused:
            await attempt
        assert refused.value.code == "DATABASE_NEWER"


async def test_of_two_that_migrate_at_once_one_finds_nothing_to_do(filled: str, package: Package) -> None:
    later = package(CHANGE)

    reports = await asyncio.gather(migrate(filled, migrations=later), migrate(filled, migrations=later))

    assert sorted(report.applied for report in reports) == [(), ("9999_later",)]


async def test_the_copy_is_kept_when_wanted_and_only_its_owner_may_read_it(
    filled_file: str, package: Package
) -> None:
    report = await migrate(filled_file, migrations=package(CHANGE), keep_backup=True)

    assert report.backup is not None
    assert stat.S_IMODE(report.backup.stat().st_mode) == 0o600
    assert await rows(sqlite_url(report.backup)) == await rows(filled_file)


async def test_no_copy_is_left_behind(filled_file: str, package: Package) -> None:
    with pytest.raises(MigrationError):
        await migrate(filled_file, migrations=package(RUN, "raise ValueError"))
    await migrate(filled_file, migrations=package(CHANGE))

    assert not list(sqlite_path(filled_file).parent.glob(f"*{SUFFIX}"))


async def test_a_migration_that_escapes_its_transaction_is_undone_from_the_copy(
    filled_file: str, package: Package
) -> None:
    before = await rows(filled_file)
    escape = "await client.execute_query('DELETE FROM contact_points'); "
    escape += "await client.execute_query('COMMIT'); await client.execute_query('BEGIN'); raise ValueError"

    with pytest.raises(MigrationError):
        await migrate(filled_file, migrations=package(RUN, escape))

    assert await rows(filled_file) == before
    async with at_work(filled_file):
        assert await ContactPoint.all().count() == 1


async def test_rows_that_would_point_nowhere_are_refused(filled_file: str, package: Package) -> None:
    step = "await client.execute_query(\"UPDATE employee_roles SET employee_id = 'x'\"); "
    step += "await client.execute_query(\"INSERT INTO sessions (id, token_hash, created_at, expires_at, actor_id) VALUES ('s', x'00', '', '', 'nobody')\")"

    with pytest.raises(MigrationError) as refused:
        await migrate(filled_file, migrations=package(RUN, step))

    assert refused.value.code == "MIGRATION_BROKE_REFERENCES"
    assert (await rows(filled_file))["sessions"] == 0


async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ona, " * 1000)

    with pytest.raises(DatabaseError) as refused:
        await migrate(sqlite_url(path))

    assert refused.value.code == "DATABASE_UNUSABLE"
    assert path.read_text() == "Dear Ona, " * 1000


async def test_a_reader_sees_the_old_database_until_the_new_one_is_whole(
    filled_file: str, package: Package
) -> None:
    seen: list[int] = []

    def look(_words: str) -> None:
        with sqlite3.connect(sqlite_path(filled_file)) as reader:
            seen.append(reader.execute("SELECT count(*) FROM consents").fetchone()[0])
        reader.close()

    await migrate(filled_file, migrations=package(CHANGE), progress=look)

    assert set(seen) == {len(Category)}


async def test_the_migrations_make_exactly_what_the_records_say(sqlite_url: str) -> None:
    config = configuration(sqlite_url)
    async with TortoiseContext() as context:
        await context.init(config=config)
        assert context.apps is not None

        assert await MigrationAutodetector(context.apps, config["apps"]).changes() == []
