"""Databases of older versions: their migrations alone, and rows as they wrote them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from models.database import configuration, forget_statements, kind, run, sqlite_path, transaction
from procedures.installation import migration


def package(names: Sequence[str], directory: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with the migrations of an older version."""
    name = f"older_{uuid4().hex}"
    (directory / name).mkdir()
    for each in names:
        text = f"from importlib import import_module\nMigration = import_module('models.migrations.{each}').Migration\n"
        (directory / name / f"{each}.py").write_text(text)
    (directory / name / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(directory))
    return name


@asynccontextmanager
async def migrated(url: str, migrations: str) -> AsyncIterator[Any]:
    """A client of a new database of that version, in a transaction."""
    if kind(url) == "sqlite":
        sqlite_path(url).parent.mkdir()
    async with migration._opened(configuration(url, migrations=migrations)), transaction() as client:
        forget_statements()
        executor = migration._Executor(client, migrations)
        await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
        await executor.migrate(direction="forward")
        yield client
    forget_statements()


async def insert(client: Any, table: str, **values: Any) -> None:
    """Write a row."""
    embedded = client.capabilities.dialect == "sqlite"
    plain = [
        value if isinstance(value, bool | bytes | None) or not embedded else str(value)
        for value in values.values()
    ]
    slots = ", ".join("?" for _ in values)
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({slots})"
    await run(client, sql, plain)
