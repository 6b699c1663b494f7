"""Comparing the rows that decide who may with what the ledger says that they have become.

The ledger itself is checked by `audit`; this believes it, and finds what was written past the program: a consent given
back, a restriction lifted, a role taken, a task or a session put in. Rows are read page by page while the server goes
on; what differs is looked at again, row by row, until no entry that came meanwhile concerns it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from procedures.audit import audit
from procedures.ledger import COLUMNS, VANISHING, authority, table

Progress = Callable[[int, int], object]
#: By a row's id, the last entry about it, and the digest in that entry.
Words = dict[bytes, tuple[int, bytes | None]]
#: A row, by table and id.
Row = tuple[str, bytes]

#: How often rows that change while they are looked at are looked at again.
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
        """Which row."""
        return self.table, UUID(self.id).bytes

    def __str__(self) -> str:
        """The line that is printed: code, row, entry, words."""
        entry = "" if self.entry is None else f" (entry {self.entry})"
        return f"{self.trouble.name}  {self.table} {self.id}{entry}: {self.trouble.value}"


@dataclass(frozen=True)
class Report:
    """How many rows were compared, and what was found."""

    rows: int
    findings: tuple[Finding, ...]


class Told:
    """The last word of the ledger about each row: the entry's number, and the digest."""

    def __init__(self) -> None:
        self.read = 0
        self.words: dict[str, Words] = {table(one): {} for one in COLUMNS}

    def take(self, number: int, entry: bytes) -> set[Row]:
        """Hear one entry, in the order of their numbers; returns the rows it is about."""
        about = set[Row]()
        for name, id, word in _changed(entry):
            self.words.setdefault(name, {})[id] = (number, word)
            about.add((name, id))
        self.read = number + 1
        return about

    async def go_on(self) -> set[Row]:
        """Hear the entries that came since; returns the rows they are about."""
        about = set[Row]()
        async for number, entry in audit.entries(self.read, 2**62):
            about |= self.take(number, entry)
        return about


async def verify(progress: Progress = lambda _done, _all: None, told: Told | None = None) -> Report:
    """Compare every row that decides who may with the ledger of the open database.

    Args:
        progress: told how many rows are compared, of how many.
        told: what has heard some of the entries already.
    """
    told = told or Told()
    await told.go_on()
    rows, suspects = await _suspects(told, progress)
    findings, about = list[Finding](), set[Row]()
    for _ in range(_AGAIN):
        await told.go_on()
        findings = await judged(told, suspects)
        suspects = {each.row for each in findings}
        about = await told.go_on()
        if not suspects & about:
            break
    # What is still changing is changed by the program, which tells.
    return Report(rows, tuple(sorted(each for each in findings if each.row not in about)))


async def judged(told: Told, rows: Iterable[Row]) -> list[Finding]:
    """What is wrong with some rows, as they are at this moment."""
    asked: dict[str, list[UUID]] = {}
    for name, id in rows:
        asked.setdefault(name, []).append(UUID(bytes=id))
    found = await authority.digests({record: asked.get(table(record), []) for record in COLUMNS})
    findings = []
    for record in COLUMNS:
        name = table(record)
        for text, now in found.get(name, {}).items():
            number, word = told.words[name].get(UUID(text).bytes, (None, None))
            trouble = _trouble(word, None if now is None else bytes.fromhex(now))
            if trouble and not (trouble is Trouble.AUTHORITY_MISSING and record in VANISHING):
                findings.append(Finding(name, text, trouble, number))
    return findings


def _trouble(word: bytes | None, now: bytes | None) -> Trouble | None:
    if word == now:
        return None
    if now is None:
        return Trouble.AUTHORITY_MISSING
    return Trouble.AUTHORITY_ADDED if word is None else Trouble.AUTHORITY_DIFFERS


async def _suspects(told: Told, progress: Progress) -> tuple[int, set[Row]]:
    """How many rows there are, and those that are not what was last heard of them; the others are as they should be."""
    total = sum([await record.all().count() for record in COLUMNS])
    count, suspects = 0, set[Row]()
    for record in COLUMNS:
        name = table(record)
        words = {id: word for id, (_, word) in told.words[name].items() if word is not None}
        async for page in authority.pages(record):
            for row in page:
                id = UUID(str(row["id"])).bytes
                if words.pop(id, None) != bytes.fromhex(authority.digest(record, row)):
                    suspects.add((name, id))
            count += len(page)
            progress(min(count, total), total)
        if record not in VANISHING:
            suspects |= {(name, id) for id in words}
    return count, suspects


def _changed(entry: bytes) -> Iterator[tuple[str, bytes, bytes | None]]:
    """The rows that an entry is about; an entry that cannot be read is `audit`'s to find."""
    if _MARK not in entry:
        return
    try:
        changed = json.loads(entry)["changed"]
        for name, rows in changed.items():
            for id, word in rows.items():
                yield name, UUID(id).bytes, None if word is None else bytes.fromhex(word)
    except (ValueError, TypeError, KeyError, AttributeError):
        return
