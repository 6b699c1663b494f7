"""Comparing the rows that decide on access with the digests of them in the ledger.

The ledger itself is checked by `audit`; this trusts it, and finds what was written past the program: a consent given
back, a restriction lifted, a role taken, a task or a session put in. Rows are read page by page while the server goes
on; those that differ are compared again until no entry that came meanwhile is about them.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from procedures.audit import audit
from procedures.ledger import COLUMNS, VANISHING, authority, table
from procedures.work import Progress, silent

#: By a row's id, the last entry about it, and the digest in that entry.
LastDigests = dict[bytes, tuple[int, bytes | None]]
#: A row, by table and id.
Row = tuple[str, bytes]

#: How often rows that change while they are compared are compared again.
_AGAIN: Final = 5
_MARK: Final = b'"changed":{'


class Trouble(StrEnum):
    """What is wrong: the name is the code that scripts may rely on, the value says it in words."""

    AUTHORITY_DIFFERS = "was changed past the program: it is not what the entry says"
    AUTHORITY_MISSING = "was deleted past the program: the entry says that it is there"
    AUTHORITY_ADDED = "was put in past the program: no entry says that it came to be"


@dataclass(frozen=True, order=True)
class Finding:
    """One row that is not what the ledger says; the number of the last entry about it, where there is one."""

    table: str
    id: str
    trouble: Trouble
    entry: int | None

    @property
    def row(self) -> Row:
        """The row, by table and id."""
        return self.table, UUID(self.id).bytes

    def __str__(self) -> str:
        """The line that is printed: code, row, entry, explanation."""
        entry = "" if self.entry is None else f" (entry {self.entry})"
        return f"{self.trouble.name}  {self.table} {self.id}{entry}: {self.trouble.value}"


@dataclass(frozen=True)
class Report:
    """How many rows were compared, and which are not what the ledger says."""

    rows: int
    findings: tuple[Finding, ...]


class Recorded:
    """What the ledger recorded last of each row: by table and id, the number of the entry and the digest."""

    def __init__(self) -> None:
        self.next_number = 0
        self.digests: dict[str, LastDigests] = {table(one): {} for one in COLUMNS}

    def take(self, number: int, entry: bytes) -> set[Row]:
        """Take one entry, in the order of their numbers; returns the rows it is about."""
        rows = set[Row]()
        for name, id, digest in _changed(entry):
            self.digests.setdefault(name, {})[id] = (number, digest)
            rows.add((name, id))
        self.next_number = number + 1
        return rows

    async def catch_up(self) -> set[Row]:
        """Take the entries that came since; returns the rows they are about."""
        rows = set[Row]()
        async for number, entry in audit.entries(self.next_number, 2**62):
            rows |= self.take(number, entry)
        return rows


async def verify(progress: Progress = silent, recorded: Recorded | None = None) -> Report:
    """Compare every row that decides on access with the ledger of the open database.

    Args:
        progress: called with how many rows are compared, of how many.
        recorded: has taken some of the entries already; the others are read.
    """
    recorded = recorded or Recorded()
    await recorded.catch_up()
    rows, suspects = await _suspects(recorded, progress)
    findings, changed = list[Finding](), set[Row]()
    for _ in range(_AGAIN):
        await recorded.catch_up()
        findings = await compare(recorded, suspects)
        suspects = {each.row for each in findings}
        changed = await recorded.catch_up()
        if not suspects & changed:
            break
    # Rows that are still changing are changed by the program, which records it.
    return Report(rows, tuple(sorted(each for each in findings if each.row not in changed)))


async def compare(recorded: Recorded, rows: Iterable[Row]) -> list[Finding]:
    """Compare some rows, as they are at this moment, with what is recorded of them."""
    ids_by_table: dict[str, list[UUID]] = {}
    for name, id in rows:
        ids_by_table.setdefault(name, []).append(UUID(bytes=id))
    present = await authority.digests({record: ids_by_table.get(table(record), []) for record in COLUMNS})
    findings = []
    for record in COLUMNS:
        name = table(record)
        for text, digest in present.get(name, {}).items():
            number, last = recorded.digests[name].get(UUID(text).bytes, (None, None))
            trouble = _trouble(last, None if digest is None else bytes.fromhex(digest))
            if trouble and not (trouble is Trouble.AUTHORITY_MISSING and record in VANISHING):
                findings.append(Finding(name, text, trouble, number))
    return findings


def _trouble(last: bytes | None, present: bytes | None) -> Trouble | None:
    if last == present:
        return None
    if present is None:
        return Trouble.AUTHORITY_MISSING
    return Trouble.AUTHORITY_ADDED if last is None else Trouble.AUTHORITY_DIFFERS


async def _suspects(recorded: Recorded, progress: Progress) -> tuple[int, set[Row]]:
    """How many rows there are, and those that differ from what is recorded of them."""
    total = sum([await record.all().count() for record in COLUMNS])
    count, suspects = 0, set[Row]()
    for record in COLUMNS:
        name = table(record)
        expected = {id: digest for id, (_, digest) in recorded.digests[name].items() if digest is not None}
        async for page in authority.pages(record):
            for row in page:
                id = UUID(str(row["id"])).bytes
                if expected.pop(id, None) != bytes.fromhex(authority.digest(record, row)):
                    suspects.add((name, id))
            count += len(page)
            progress(min(count, total), total)
        if record not in VANISHING:
            suspects |= {(name, id) for id in expected}
    return count, suspects


def _changed(entry: bytes) -> Iterator[tuple[str, bytes, bytes | None]]:
    """The rows that an entry is about, with their digests; an entry that cannot be read is a finding of `audit`."""
    if _MARK not in entry:
        return
    try:
        changed = json.loads(entry)["changed"]
        for name, rows in changed.items():
            for id, digest in rows.items():
                yield name, UUID(id).bytes, None if digest is None else bytes.fromhex(digest)
    except (ValueError, TypeError, KeyError, AttributeError):
        return
