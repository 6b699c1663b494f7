"""A fresh database is made by a script, and is what all migrations make."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from docs.pages import migrations
from models.constraints import fresh
from models.database import CONNECTION, connected, kind, sqlite_url
from procedures.installation.migration import migrate, pending
from tests import postgres


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The migrations of Savas as another package, so that they are gone through one by one."""
    folder = tmp_path / f"ours_{uuid4().hex}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    for path in fresh.file("sqlite").parent.glob("0*.py"):
        text = f'from importlib import import_module\nMigration = import_module("models.migrations.{path.stem}").Migration\n'
        (folder / path.name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder.name


async def test_the_scripts_of_fresh_tables_are_written_from_the_records() -> None:
    committed = {kind: fresh.script(kind) for kind in ("sqlite", "postgres")}

    assert committed == await migrations.scripts(), "write them anew: python -m docs.pages"


async def test_a_fresh_database_is_what_the_migrations_make(empty: tuple[str, str], ours: str) -> None:
    by_script, by_migrations = empty

    await migrate(by_script)
    await migrate(by_migrations, migrations=ours)

    assert await form(by_script) == await form(by_migrations)
    assert await pending(by_script) == ()


@pytest.fixture
def empty(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two databases without a table, of the kind that the test is run for."""
    if kind(database_url) == "sqlite":
        yield sqlite_url(tmp_path / "one.sqlite3"), sqlite_url(tmp_path / "two.sqlite3")
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    names = [f"test_{uuid4().hex}" for _ in range(2)]
    first, second = [server.create(name) for name in names]
    yield first, second
    for name in names:
        server.drop(name)


#: Everything that tables are made of, by the kind of database.
FORM = {
    "sqlite": (
        (
            'SELECT t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_master t'
            " JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        ),
        (
            'SELECT t.name, k."from", k."table", k."to", k.on_delete FROM sqlite_master t'
            " JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'"
        ),
        (
            'SELECT t.name, l."unique", l.partial, (SELECT group_concat(name) FROM pragma_index_info(l.name))'
            " FROM sqlite_master t JOIN pragma_index_list(t.name) l WHERE t.type = 'table'"
        ),
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    ),
    "postgres": (
        (
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = 'public'"
        ),
        (
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
        ),
        (
            "SELECT tablename, regexp_replace(indexdef, 'INDEX .* ON', 'INDEX ON') FROM pg_indexes"
            " WHERE schemaname = 'public'"
        ),
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
    ),
}


async def form(url: str) -> list[list[str]]:
    """What the tables of a database are made of, in one order."""
    async with connected(url):
        client = get_connection(CONNECTION)
        found = [await client.execute_query_dict(sql) for sql in FORM[kind(url)]]
    return [sorted(repr(tuple(dict(row).values())) for row in rows) for rows in found]
