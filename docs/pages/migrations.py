"""The next migration, and the scripts that make the tables of an empty database, written from the records."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, cast

from tortoise.apps import Apps
from tortoise.context import TortoiseContext
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import (
    AddField,
    CreateModel,
    DeleteModel,
    Operation,
    RemoveField,
    RenameField,
)
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_generator.operation_generator import OperationGenerator
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.migrations.writer import MigrationWriter

from models.constraints import fresh
from models.database import Dialect, ImmediateClient, configuration
from procedures.installation.planned import planned

#: Columns that have another name than in a migration, by record and name: a rename keeps what they hold.
RENAMED: Final = {
    ("DeskLookup", "notified_at"): "told_at",
    ("Difference", "notified_at"): "told_at",
    ("Disclosure", "notified_at"): "told_at",
    ("Disclosure", "notify_at"): "tell_at",
    ("MissedLookup", "notified_at"): "told_at",
}
#: As the ledger has names of migrations, without their number.
LONGEST_NAME: Final = 40


async def write() -> list[Path]:
    """Write the next migration, if the records need one, and the scripts; returns the files."""
    async with _detector() as detector:
        writers = await detector.changes()
        before = await detector._project_state()  # noqa: SLF001 Tortoise has no public name for it
        written = [_written(writer, before) for writer in writers]
    for kind, text in (await scripts()).items():
        fresh.file(kind).write_text(text, encoding="utf-8")
        written.append(fresh.file(kind))
    return written


def _written(writer: MigrationWriter, before: State) -> Path:
    """Write a migration, named after the records that it creates, or else those that it changes."""
    operations = _renaming(writer.operations)
    writer.operations = [each for op in operations for each in (*_loosened(op, before), op)]
    created = [operation.name for operation in writer.operations if isinstance(operation, CreateModel)]
    changed = [name for operation in writer.operations if (name := getattr(operation, "model_name", None))]
    if not writer.initial:
        names = [re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in dict.fromkeys(created or changed)]
        # In letters, because the ledger's entry of a migration holds its name.
        writer.name = f"{writer.name[:4]}_{'_'.join(names)[:LONGEST_NAME]}".rstrip("_")
    return Path(writer.write())


def _renaming(operations: list[Operation]) -> list[Operation]:
    """The same, with a column renamed where one is added in the place of its former self, which is removed."""
    removed = {(each.model_name, each.name) for each in operations if isinstance(each, RemoveField)}
    added = {(each.model_name, each.name) for each in operations if isinstance(each, AddField)}
    pairs = {
        (record, former): (record, name)
        for (record, name), former in RENAMED.items()
        if (record, former) in removed and (record, name) in added
    }
    renames = [RenameField(record, former, name) for (record, former), (_, name) in pairs.items()]
    done = {*pairs, *pairs.values()}
    others = [each for each in operations if not _of_column(each, done)]
    return [*renames, *others]


def _of_column(operation: Operation, columns: set[tuple[str, str]]) -> bool:
    """Whether an operation adds or removes one of some columns."""
    if not isinstance(operation, AddField | RemoveField):
        return False
    return (operation.model_name, operation.name) in columns


def _loosened(operation: Operation, before: State) -> list[Operation]:
    """What has to be done before an operation: a record that refers to itself cannot be deleted."""
    if not isinstance(operation, DeleteModel):
        return []
    fields = before.models["models", operation.name].fields
    to_itself = f"models.{operation.name}"
    return [
        RemoveField(operation.name, name)
        for name, field in fields.items()
        if getattr(field, "model_name", None) == to_itself and isinstance(field, ForeignKeyFieldInstance)
    ]


async def scripts() -> dict[Dialect, str]:
    """The scripts that the records need now, by kind of database."""
    async with _detector() as detector:
        state = detector._current_state()  # noqa: SLF001 Tortoise has no public name for it
        made = State(models={}, apps=StateApps())
        operations = [*OperationGenerator(made.clone(), state).generate(app_labels=["models"])]
    # All before any: a migration would make the state anew between each two.
    for operation in operations:
        operation.state_forward("models", made)
    kinds: tuple[Dialect, ...] = ("sqlite", "postgres")
    return {kind: await _script(operations, made, kind) for kind in kinds}


class _Detector(MigrationAutodetector):
    """Tortoise's detector of changes, going through the migrations as `savas migrate` does."""

    async def _project_state(self) -> State:
        return await planned(self.loader, self._full_plan(), {})


@asynccontextmanager
async def _detector() -> AsyncIterator[MigrationAutodetector]:
    config = configuration("sqlite:///nowhere.sqlite3")
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        yield _Detector(cast("Apps", context.apps), config["apps"])


async def _script(operations: Iterable[Operation], made: State, kind: Dialect) -> str:
    """The statements that make the tables of a state in an empty database."""
    editor = _editor(kind)
    for operation in operations:
        await operation.database_forward("models", made, made, editor)
    lines = [line.strip() for line in editor.collected_sql if line and not line.startswith("--")]
    return "\n".join(line if line.endswith(";") else f"{line};" for line in lines) + "\n"


def _editor(kind: Dialect) -> BaseSchemaEditor:
    """An editor that collects statements for this kind of database, connected to none."""
    if kind == "sqlite":
        return SqliteSchemaEditor(
            ImmediateClient("nowhere.sqlite3", connection_name="nowhere"), atomic=False, collect_sql=True
        )
    from tortoise.backends.asyncpg.client import AsyncpgDBClient  # noqa: PLC0415 only who writes the script needs it

    return AsyncpgSchemaEditor(
        AsyncpgDBClient(database="nowhere", connection_name="nowhere"), atomic=False, collect_sql=True
    )
