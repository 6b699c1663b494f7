"""What older versions kept in plain in columns of its own: a migration takes it along, and it is sealed with the rest.

A migration drops such a column. What it held becomes a plain content of its row, as an older version would have left
one, and `procedures.keys.sealing` seals it.
"""

from typing import Final

from tortoise import BaseDBAsyncClient

from models.database import fetch

#: By table, the columns that went into the content of its rows.
MOVED: Final = {"consents": ("evidence", "confirmation"), "legal_holds": ("basis",)}

#: A key of an outside source that is no keyed hash yet.
PLAIN_KEY: Final = "(key NOT LIKE '#%' OR length(key) <> 65)"

#: Of which rows there is something to seal: nobody wrote anything, or it was erased, or its customer left.
_WORTH: Final = {
    "consents": "evidence NOT IN ('', 'erased')",
    "legal_holds": (
        "customer_id IN (SELECT id FROM customers WHERE status <> 'WITHDRAWN')"
        " OR id IN (SELECT hold_id FROM held_rows)"
    ),
}
_CODES: Final = "LIKE 'message %'"


async def rows(client: BaseDBAsyncClient, tables: set[str]) -> int:
    """How many rows of an older database, which has these tables, hold what is sealed nowadays."""
    total = 0
    for table, names in MOVED.items():
        if table in tables and names[0] in await columns(client, table):
            total += await _count(client, f"{table} WHERE {names[0]} NOT IN ('', 'erased')")
    if "companies" in tables:
        total += await _count(client, "companies")
    if "imported_rows" in tables:
        total += await _count(client, f"imported_rows WHERE {PLAIN_KEY}")
    return total


async def take(client: BaseDBAsyncClient) -> dict[str, list[str]]:
    """Copy the columns that are there, in the transaction under way; returns them by table."""
    taken = {}
    for table, names in MOVED.items():
        here = await columns(client, table)
        if names[0] in here and "content" not in here:
            taken[table] = [name for name in names if name in here]
            copied = ", ".join(("id", *taken[table]))
            await client.execute_query(
                f"CREATE TEMPORARY TABLE old_{table} AS SELECT {copied} FROM {table} WHERE {_WORTH[table]}"  # noqa: S608 own names
            )
    return taken


async def give(client: BaseDBAsyncClient, taken: dict[str, list[str]]) -> None:
    """Make plain contents of what was taken, where the columns are gone now."""
    for table, names in taken.items():
        if {"content", *names} & await columns(client, table) == {"content"}:
            await client.execute_query(_fill(table, "content", _json(client, names)))
            if table == "consents":
                await client.execute_query(_fill(table, "code", _code(names)))
        await client.execute_query(f"DROP TABLE old_{table}")


def _fill(table: str, column: str, value: str) -> str:
    return (
        f"UPDATE {table} SET {column} = (SELECT {value} FROM old_{table} o WHERE o.id = {table}.id)"  # noqa: S608 own names
        f" WHERE id IN (SELECT id FROM old_{table})"
    )


def _json(client: BaseDBAsyncClient, names: list[str]) -> str:
    pairs = ", ".join(f"'{name}', o.{name}" for name in names)
    if client.capabilities.dialect == "sqlite":
        return f"CAST(json_object({pairs}) AS BLOB)"
    return f"convert_to(json_build_object({pairs})::text, 'UTF8')"


def _code(names: list[str]) -> str:
    """The message with a code that a consent waits for, as the evidence or the confirmation named it."""
    cases = " ".join(f"WHEN o.{name} {_CODES} THEN o.{name}" for name in reversed(names))
    return f"CASE {cases} END"


async def columns(client: BaseDBAsyncClient, table: str) -> set[str]:
    """The columns of a table; none where there is no such table."""
    if client.capabilities.dialect == "sqlite":
        sql = f"SELECT name FROM pragma_table_info('{table}')"  # noqa: S608 own names
    else:
        sql = (
            "SELECT column_name AS name FROM information_schema.columns"  # noqa: S608 own names
            f" WHERE table_name = '{table}' AND table_schema = current_schema()"
        )
    return {row["name"] for row in await fetch(client, sql)}


async def _count(client: BaseDBAsyncClient, what: str) -> int:
    (row,) = await fetch(client, f'SELECT count(*) AS "count" FROM {what}')  # noqa: S608 own names
    return int(row["count"])
