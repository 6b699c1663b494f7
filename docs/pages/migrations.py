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
from tortoise.migrations.operations import CreateModel, DeleteModel, Operation, RemoveField
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_generator.operation_generator import OperationGenerator
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.migrations.writer import MigrationWriter

from models.constraints import fresh
from models.database import Dialect, ImmediateClient, configuration

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
    writer.operations = [each for op in writer.operations for each in (*_loosened(op, before), op)]
    created = [operation.name for operation in writer.operations if isinstance(operation, CreateModel)]
    changed = [name for operation in writer.operations if (name := getattr(operation, "model_name", None))]
    if not writer.initial:
        names = [re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in dict.fromkeys(created or changed)]
        # In letters, because the ledger's entry of a migration holds its name.
        writer.name = f"{writer.name[:4]}_{'_'.join(names)[:LONGEST_NAME]}".rstrip("_")
    return Path(writer.write())


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


@asynccontextmanager
async def _detector() -> AsyncIterator[MigrationAutodetector]:
    config = configuration("sqlite:///nowhere.sqlite3")
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        yield MigrationAutodetector(cast("Apps", context.apps), config["apps"])


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
