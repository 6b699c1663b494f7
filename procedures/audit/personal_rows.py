"""The invariant, checked over everything: every personal row rests on a live consent.

The database enforces it for each row as it is written; this finds rows that violate it all the same: rules switched
off, rows edited by hand, a backup put together wrongly, a consent that has expired and was not yet ended. One plain
statement for each page of each table, which reads ids and codes only.

    CONSENT_MISSING               the row names a consent that is not there
    CONSENT_OF_ANOTHER            the consent is another customer's
    CONSENT_OF_ANOTHER_CATEGORY   the consent is to another category
    CONSENT_NOT_PERMITTING        the consent was ended, or never given
    CONSENT_RUN_OUT               the consent has run out
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection

from models import PERSONAL
from models.database import CONNECTION, fetch
from procedures.work import Progress, silent

#: Rows of one statement; enough that its own cost does not count, few enough that progress is seen.
PAGE: Final = 20_000


@dataclass(frozen=True)
class Finding:
    """One row that does not rest on a live consent."""

    code: str
    table: str
    row: str
    consent: str

    def __str__(self) -> str:
        return f"{self.code}  {self.table} {self.row} consent {self.consent}"


@dataclass(frozen=True)
class Report:
    """How many rows were checked, and those that violate the invariant."""

    rows: int
    findings: tuple[Finding, ...]


async def verify(now: datetime, *, progress: Progress = silent) -> Report:
    """Check every personal row.

    Args:
        now: consents that end until then have run out.
        progress: called with how many rows are checked, of how many.
    """
    client = get_connection(CONNECTION)
    total = sum([await model.all().count() for model in PERSONAL.values()])
    rows, findings = 0, list[Finding]()
    for category, model in PERSONAL.items():
        table = model._meta.db_table
        async for low, high in _pages(client, table):
            findings += await _findings(client, table, category.value, (low, high), now)
            rows += PAGE
            progress(min(rows, total), total)
    return Report(total, tuple(findings))


async def _pages(client: BaseDBAsyncClient, table: str) -> AsyncIterator[tuple[Any, Any]]:
    """Bounds of the pages of a table: its ids after `low` up to `high`, None being without bound."""
    low = None
    while True:
        behind = "" if low is None else " WHERE id > ?"
        statement = f"SELECT id FROM {table}{behind} ORDER BY id LIMIT 1 OFFSET {PAGE - 1}"  # noqa: S608 our own words
        last = await fetch(client, statement, [] if low is None else [low])
        yield low, last[0]["id"] if last else None
        if not last:
            return
        low = last[0]["id"]


async def _findings(
    client: BaseDBAsyncClient, table: str, category: str, page: tuple[Any, Any], now: datetime
) -> list[Finding]:
    values: list[Any] = [category, now]
    within = ""
    for sign, bound in zip((">", "<="), page, strict=True):
        if bound is not None:
            values.append(bound)
            within += f" AND p.id {sign} ?"
    # The first test that fails names the row; what passes all of them has no code and is left out.
    statement = (
        "SELECT * FROM (SELECT p.id, p.consent_id, CASE WHEN c.id IS NULL THEN 'CONSENT_MISSING'"  # noqa: S608 our own words
        " WHEN c.customer_id <> p.customer_id THEN 'CONSENT_OF_ANOTHER'"
        " WHEN c.category <> ? THEN 'CONSENT_OF_ANOTHER_CATEGORY'"
        " WHEN NOT c.permits THEN 'CONSENT_NOT_PERMITTING'"
        " WHEN c.expires_at <= ? THEN 'CONSENT_RUN_OUT' END AS code"
        f" FROM {table} p LEFT JOIN consents c ON c.id = p.consent_id WHERE 1 = 1{within}) f"
        " WHERE code IS NOT NULL ORDER BY id"
    )
    rows = await fetch(client, statement, values)
    return [Finding(row["code"], table, str(row["id"]), str(row["consent_id"])) for row in rows]
