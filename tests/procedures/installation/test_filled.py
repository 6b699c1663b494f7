"""A database of the version before, with a row in every table, is migrated with all of them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from models import TaskPriority
from models.database import CONNECTION, connected, fetch, postgres
from procedures.installation.migration import counted, migrate
from tests.procedures import older

#: The version before.
OLDER = ("0001_initial", "0002_difference", "0003_clock_doubt_clock_reading_departed_key_d")
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
#: Each row of the tables has this id, so that whatever refers to another finds one.
ID = uuid4()
#: Customers' companies are gone: each customer's names hold them, sealed. The ledger is written while migrating.
OTHERS = {"companies", "ledger_entries", "ledger_head"}
#: By a part of a column's type, what is written there; the first that fits.
VALUES = (
    ("uuid", ID), ("char(36)", ID), ("timestamp", NOW), ("bool", False), ("int", 0), ("date", NOW.date()),
    ("bytea", b"x"), ("blob", b"x"), ("char", "x"), ("text", "x"),
)  # fmt: skip
#: By table and column, what rules ask for.
FITTING: dict[tuple[str, str], Any] = {
    ("agreements", "until_at"): NOW + timedelta(days=30),
    ("requests", "due_at"): NOW + timedelta(days=30),
    ("instructions", "due_at"): NOW + timedelta(days=30),
    ("instructions", "state"): "WAITING",
    # The ledger gets digests of these, which reads their words.
    ("instructions", "kind"): "WITHDRAW",
    ("requests", "kind"): "RECTIFICATION",
    ("requests", "category"): "order",
    ("requests", "state"): "RECEIVED",
}
#: By table, what rows have in columns that they got.
NEW: dict[str, dict[str, Any]] = {
    "consents": {"revision": 1},
    "legal_holds": {"revision": 1},
    "instructions": {"suppress": False, "tries": 0},
    "sessions": {"new_place": False},
    "tasks": {"priority": TaskPriority.NORMAL, "revision": 1},
}
#: By table, columns that got another name, and keep what they held.
RENAMED = {"disclosures": {"notify_at": "tell_at"}}
#: By table, the column that went into the content of its rows.
MOVED = {"consents": "evidence", "legal_holds": "basis"}


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with the migrations of the older version."""
    return older.package(OLDER, tmp_path, monkeypatch)


async def row(client: Any, table: str) -> dict[str, Any]:
    """A value for each column of a table that needs one."""
    if postgres(client):
        sql = (
            "SELECT column_name AS name, data_type AS type FROM information_schema.columns"
            f" WHERE table_name = '{table}' AND is_nullable = 'NO' AND table_schema = current_schema()"
        )
    else:
        sql = f"SELECT name, type FROM pragma_table_info('{table}') WHERE \"notnull\" OR pk"
    types = {each["name"]: each["type"].lower() for each in await fetch(client, sql)}
    return {
        name: FITTING.get((table, name), next(value for part, value in VALUES if part in type))
        for name, type in types.items()
    }


async def filled(url: str, migrations: str) -> dict[str, int]:
    """Make the database of that version; returns how many rows each table has that is there still."""
    async with older.migrated(url, migrations) as client:
        # What a row refers to may be written after it.
        later = (
            "SET LOCAL session_replication_role = replica"
            if postgres(client)
            else "PRAGMA defer_foreign_keys = ON"
        )
        await client.execute_query(later)
        for table in await counted(client):
            if table not in OTHERS or table == "companies":
                await older.insert(client, table, **await row(client, table))
        return {table: rows for table, rows in (await counted(client)).items() if table not in OTHERS}


async def test_a_row_in_every_table_is_there_still(empty: str, migrations: str) -> None:
    before = await filled(empty, migrations)
    assert before
    assert set(before.values()) == {1}

    await migrate(empty)

    async with connected(empty):
        client = get_connection(CONNECTION)
        after = await counted(client)
        assert {table: after.get(table) for table in before} == before
        for table, names in NEW.items():
            (found,) = await fetch(client, f"SELECT {', '.join(names)} FROM {table}")
            assert found == names
        for table, columns in RENAMED.items():
            (found,) = await fetch(client, f"SELECT {', '.join(columns)} FROM {table}")
            assert [str(value)[:16] for value in found.values()] == [str(NOW)[:16]] * len(columns)
        for table, column in MOVED.items():
            (found,) = await fetch(client, f"SELECT content FROM {table}")
            assert json.loads(found["content"])[column] == "x"
        # What the ledger had no digest of, it has from here on.
        entries = [
            json.loads(bytes(each["entry"]))
            for each in await fetch(client, "SELECT entry FROM ledger_entries")
        ]
        (migrated,) = [each for each in entries if each["event"] == "database.migrated"]
        for table in ("instructions", "requests"):
            assert list(migrated["changed"][table]) == [str(ID)]
