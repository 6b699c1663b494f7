"""Bringing a database, empty or filled, to the form that this version needs.

Everything happens in one transaction, by one process at a time: another one that starts meanwhile
waits and finds nothing left to do. An embedded database is copied first; the copy is deleted once
the database has been checked, because a forgotten copy would outlive its customers.

    MigrationError                  a ProcedureError; the database is as it was before
    ├─ MIGRATION_FAILED             a migration could not be carried out
    ├─ MIGRATION_LOST_ROWS          a table would have held fewer rows than before
    ├─ MIGRATION_BROKE_REFERENCES   rows would have pointed at rows that are not there
    ├─ BACKUP_IN_PLAIN              the copy to keep would hold values in plain
    └─ DATABASE_NEWER               a newer version of Savas has migrated this database
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from tortoise import BaseDBAsyncClient
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

from models import Instruction, Record, Request, Task, TaskStatus
from models.constraints import enforce, fresh, missing
from models.database import (
    CONNECTION,
    TABLES,
    WholeStatements,
    backup,
    configuration,
    create_file,
    entered,
    forget_statements,
    kind,
    opened_context,
    sqlite_path,
    transaction,
)
from models.errors import ProcedureError
from models.event import Event
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.installation.planned import planned
from procedures.installation.start import opened
from procedures.keys import carried, sealing
from procedures.ledger import record
from procedures.task import TERM
from procedures.work import Progress

MIGRATIONS = "models.migrations"

#: Called with what is being done, in words for a person.
Told = Callable[[str], object]

# The number of an advisory lock of the server; any will do that nobody else uses.
_LOCK = 0x5A_7A_5
_PATIENCE = 600_000
_BOOKKEEPING = "tortoise_migrations"
#: Tables whose rows a migration drops on purpose: customers' companies, which each customer's names hold sealed.
_DROPPED = frozenset({"companies"})


class MigrationError(ProcedureError):
    """A migration that did not happen; the database is as it was before."""


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What a migration changed.

    Attributes:
        applied: the names of the migrations, in order.
        enforced: the names of the rules and indexes that were put in place.
        rows: how many rows there were before; all of them are there still.
        backup: the copy from before, if it was to be kept.
    """

    applied: tuple[str, ...] = ()
    enforced: tuple[str, ...] = ()
    rows: int = 0
    backup: Path | None = None

    @property
    def changed(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.applied or self.enforced)


async def pending(url: str, *, migrations: str = MIGRATIONS) -> tuple[str, ...]:
    """The names of the migrations that `migrate` would apply, in order; changes nothing."""
    if kind(url) == "sqlite" and not sqlite_path(url).is_file():
        return _names(_Executor(None, migrations))
    async with _opened(configuration(url, migrations=migrations)) as client:
        executor = _Executor(client, migrations)
        steps = await executor.plan()
        await _refuse_newer(executor)
        return tuple(step.migration.name for step in steps)


async def plain(url: str) -> int:
    """How many rows are left in plain by an older version; changes nothing."""
    if kind(url) == "sqlite" and not sqlite_path(url).is_file():
        return 0
    async with _opened(configuration(url)) as client:
        return await sealing.plain_rows(client)


async def seal(addresses: Addresses, *, progress: Progress) -> tuple[int, int]:
    """Seal every plain row of a migrated database, if the vault opens; returns how many, and how many are left."""
    async with opened(addresses) as sealed:
        done = await sealing.seal_rows(progress) if sealed is None else 0
        return done, await sealing.plain_rows()


async def migrate(
    url: str, *, progress: Told | None = None, keep_backup: bool = False, migrations: str = MIGRATIONS
) -> MigrationReport:
    """Apply what is pending and put every declared rule in place; nothing to do changes nothing.

    Args:
        url: the database; an embedded one is created when it is not there.
        progress: called with what is being done.
        keep_backup: leave the copy of an embedded database beside it.
        migrations: the package that holds the migrations.

    Raises:
        MigrationError: nothing was changed.
        DatabaseError: the database cannot be used.
    """
    migration = _Migration(url, progress or (lambda _step: None), migrations)
    if kind(url) == "postgres":
        return await migration.on_postgres()
    create_file(sqlite_path(url))
    return await migration.on_sqlite(keep_backup=keep_backup)


class _Executor(MigrationExecutor):
    """Tortoise's executor of our migrations."""

    def __init__(self, client: BaseDBAsyncClient | None, migrations: str) -> None:
        app = {"models": ["models"], "default_connection": CONNECTION, "migrations": migrations}
        super().__init__(client, {"models": app})  # type: ignore[arg-type]  # None: nothing will be asked

    async def _project_state(self, applied: set[MigrationKey], *, upto: MigrationKey | None = None) -> State:
        keys = [key for key in self._full_plan() if key in applied]
        before = keys[: keys.index(upto)] if upto in keys else keys
        return await planned(self.loader, before, dict.fromkeys(self.loader.apps_config, CONNECTION))

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        if self.connection.capabilities.dialect == "sqlite":
            return WholeStatements(self.connection, atomic=atomic, collect_sql=collect_sql)
        return super()._schema_editor(atomic, collect_sql)


@dataclass(slots=True)
class _Migration:
    """One run of `migrate`."""

    url: str
    progress: Told
    migrations: str

    async def on_postgres(self) -> MigrationReport:
        async with _opened(configuration(self.url, migrations=self.migrations)), transaction() as client:
            await client.execute_query(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if not await self.needed(client):
                return MigrationReport()
            return await self.carry_out(client, await counted(client))

    async def on_sqlite(self, *, keep_backup: bool) -> MigrationReport:
        # A rebuilt table is dropped under its name: with foreign keys on, its children would go along,
        # and without the older renaming rules the triggers that name it would stop the renaming.
        config = configuration(
            self.url,
            migrations=self.migrations,
            busy_timeout=_PATIENCE,
            foreign_keys="OFF",
            legacy_alter_table="ON",
        )
        path = sqlite_path(self.url)
        before: dict[str, int] = {}
        copy: Path | None = None
        try:
            async with _opened(config), transaction() as client:
                # Nobody else is migrating, so a copy beside it was left by a process that was killed.
                await backup.discard(backup.beside(path))
                if not await self.needed(client):
                    return MigrationReport()
                before = await counted(client)
                if keep_backup and await sealing.plain_rows(client):
                    raise MigrationError(
                        "BACKUP_IN_PLAIN",
                        "There are rows in plain, and no erasure would ever reach a copy of them; nothing was "
                        "changed. Run again without --keep-backup.",
                    )
                if before:
                    self.progress("Copying the database")
                    copy = await backup.write(path)
                report = await self.carry_out(client, before)
                # While nobody else can be making one; should the commit fail, nothing was changed.
                if copy is not None and keep_backup:
                    return replace(report, backup=await backup.keep(copy))
                if copy is not None:
                    await backup.discard(copy)
                return report
        except BaseException:
            if copy is not None:
                await self.recover(path, copy, before)
            raise

    async def needed(self, client: BaseDBAsyncClient) -> bool:
        """Whether there is anything to do; asked while nobody else can be doing it."""
        executor = _Executor(client, self.migrations)
        await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
        steps = await executor.plan()
        await _refuse_newer(executor)
        return bool(steps) or bool(await missing(client))

    async def carry_out(self, client: BaseDBAsyncClient, before: dict[str, int]) -> MigrationReport:
        applied: list[str] = []
        try:
            await self.apply(client, applied)
            self.progress("Putting rules and indexes in place")
            enforced = await enforce(client)
        except Exception as error:  # a migration is code, and may fail in any way
            at = applied[-1] if applied else "the first step"
            raise MigrationError(
                "MIGRATION_FAILED",
                f"Migrating stopped at {at} ({type(error).__name__}); the database is as it was before.",
            ) from error
        self.progress("Checking that nothing is lost")
        await _refuse_loss(client, before)
        changed: dict[type[Record], list[UUID]] = {}
        if "tasks" in before and "task_reviews" not in before:
            changed[Task] = await _give_days()
        if "requests" in before and "scans" not in before:
            # From here on the ledger has digests of these, and of when an instruction was recorded.
            changed[Instruction] = [each.id for each in await Instruction.all().only("id")]
            changed[Request] = [each.id for each in await Request.all().only("id")]
        if "ledger_entries" in await counted(client):
            record(Event.DATABASE_MIGRATED, None, changed=changed, migrations=applied, rules=len(enforced))
        return MigrationReport(tuple(applied), tuple(rule.name for rule in enforced), sum(before.values()))

    async def apply(self, client: BaseDBAsyncClient, applied: list[str]) -> None:
        """Make the tables what the models declare; the names of migrations are appended to `applied` as they begin."""
        executor = _Executor(client, self.migrations)
        if self.migrations == MIGRATIONS and not await _tables(client):
            self.progress("Making the tables")
            await client.execute_script(
                fresh.script("postgres" if client.capabilities.dialect == "postgres" else "sqlite")
            )
            applied.extend(step.migration.name for step in await executor.plan())
            await executor.migrate(fake=True)
            return

        def report(event: str, _app: str, name: str) -> None:
            if event == "apply_start":
                applied.append(name)
                self.progress(f"Applying {name}")

        # A step that changes rows writes them in the form that their table has then.
        forget_statements()
        taken = await carried.take(client)
        try:
            await executor.migrate(direction="forward", progress=report)
        finally:
            forget_statements()
        await carried.give(client, taken)

    async def recover(self, path: Path, copy: Path, before: dict[str, int]) -> None:
        """Restore the copy unless the database is unchanged; the copy is discarded only if it is."""
        if await backup.unchanged(path, before):
            await backup.discard(copy)
            return
        self.progress("Restoring the copy")
        await backup.restore(path, copy)
        await backup.keep(copy)


async def counted(client: BaseDBAsyncClient) -> dict[str, int]:
    """The number of rows of each table, by its name, without the table of migrations."""
    counts = {}
    for name in await _tables(client):
        rows = await client.execute_query_dict(f'SELECT count(*) AS "rows" FROM "{name}"')  # noqa: S608 own names
        counts[name] = rows[0]["rows"]
    return counts


async def _tables(client: BaseDBAsyncClient) -> list[str]:
    """The names of the tables in order, without the table of migrations."""
    names = [row["name"] for row in await client.execute_query_dict(TABLES[client.capabilities.dialect])]
    return sorted(set(names) - {_BOOKKEEPING})


async def _give_days() -> list[UUID]:
    """Give every open task without a day one, since without it would open nothing; returns the ids of all tasks.

    The ledger's digests of tasks have the day as well from here on, and so are taken anew.
    """
    await Task.filter(status=TaskStatus.OPEN, due_at=None).update(due_at=utc_now() + TERM)
    return [task["id"] for task in await Task.all().values("id")]


async def _refuse_loss(client: BaseDBAsyncClient, before: dict[str, int]) -> None:
    after = await counted(client)
    kept = {name: rows for name, rows in before.items() if name not in _DROPPED}
    if lost := [name for name, rows in kept.items() if after.get(name, 0) < rows]:
        raise MigrationError(
            "MIGRATION_LOST_ROWS", f"Rows of {', '.join(lost)} would have been lost; nothing was changed."
        )
    if client.capabilities.dialect == "sqlite":
        broken = await client.execute_query_dict("PRAGMA foreign_key_check")
        if tables := sorted({row["table"] for row in broken}):
            raise MigrationError(
                "MIGRATION_BROKE_REFERENCES",
                f"Rows of {', '.join(tables)} would have pointed nowhere; nothing was changed.",
            )


async def _refuse_newer(executor: MigrationExecutor) -> None:
    available = {key.name for key in executor.loader.disk_migrations}
    applied = {key.name for key in await executor.recorder.applied_migrations()}
    if unknown := sorted(applied - available):
        raise MigrationError(
            "DATABASE_NEWER",
            f"A newer version has migrated this database ({unknown[-1]}); use that version, or a newer one.",
        )


@asynccontextmanager
async def _opened(config: dict[str, Any]) -> AsyncIterator[BaseDBAsyncClient]:
    """A connection to the database, of this task only."""
    async with opened_context(config) as connections:
        with entered(connections):
            yield connections.db(CONNECTION)


def _names(executor: MigrationExecutor) -> tuple[str, ...]:
    executor.loader.load_disk()
    return tuple(sorted(key.name for key in executor.loader.disk_migrations))
