"""Checking the ledger against every checkpoint there is.

An audit changes nothing and locks nothing: the server may go on writing, for the checkpoints are read before the
end of the ledger is looked up. It needs neither the vault nor a secret key.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from tortoise.connection import get_connection

from models.database import CONNECTION, with_slots
from procedures.audit.check import Check, Evidence, Head, Report, Row
from procedures.work import Progress, silent

#: How many entries are read at a time; a server that verifies answers between two pages.
PAGE = 500

_CHECKPOINTS = "SELECT size, root, note FROM checkpoints ORDER BY size"
# One statement, so that no entry can come between its answers.
_EXTENT = """
SELECT (SELECT max(number) + 1 FROM ledger_entries) AS "end",
       (SELECT size FROM ledger_head WHERE id = 1) AS size,
       (SELECT frontier FROM ledger_head WHERE id = 1) AS frontier
"""
_ENTRIES = (
    "SELECT number, entry, leaf FROM ledger_entries WHERE number >= ? AND number < ? ORDER BY number LIMIT ?"
)


async def verify(
    evidence: Evidence,
    progress: Progress = silent,
    beside: Callable[[int, bytes], object] = lambda _number, _entry: None,
) -> Report:
    """Compare every entry of the open database with the checkpoints of the database and of witnesses.

    Args:
        evidence: what is stored outside of the database.
        progress: called with how many entries are checked, of how many.
        beside: called with the number of each entry and the entry, which need not be read a second time then.
    """
    check = Check([_row(row) for row in await _query(_CHECKPOINTS)], evidence)
    extent = (await _query(_EXTENT))[0]
    end, done = int(extent["end"] or 0), 0
    async for page in _pages(end):
        for number, entry, leaf in page:
            check.take(number, raw := _bytes(entry), _bytes(leaf))
            beside(number, raw)
        done += len(page)
        progress(done, end)
    head = None if extent["size"] is None else Head(extent["size"], _bytes(extent["frontier"]))
    return check.report(head)


async def entries(start: int, end: int) -> AsyncIterator[tuple[int, bytes]]:
    """The entries from one number up to another, raw, read page by page."""
    async for page in _pages(end, start):
        for number, entry, _ in page:
            yield number, _bytes(entry)


async def leaves(end: int) -> list[bytes]:
    """The leaf hashes of the first so many entries, as they are stored."""
    rows = await _query(f"SELECT leaf FROM ledger_entries WHERE number < {end:d} ORDER BY number")  # noqa: S608 a number
    return [bytes(row["leaf"]) for row in rows]


async def _pages(end: int, start: int = -(2**63)) -> AsyncIterator[list[Any]]:
    while page := await _query(_ENTRIES, [start, end, PAGE]):
        yield page
        start = page[-1]["number"] + 1


async def _query(sql: str, values: list[int] | None = None) -> list[Any]:
    client = get_connection(CONNECTION)
    _, rows = await client.execute_query(with_slots(client, sql), values)
    return list(rows)


def _row(row: Any) -> Row:
    return Row(int(row["size"]), _bytes(row["root"]), str(row["note"]))


def _bytes(value: Any) -> bytes:
    # Whoever writes past the program may leave values of any type in an embedded database.
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
