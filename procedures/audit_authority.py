"""Comparing the rows that decide who may with what the ledger says that they have become.

The ledger itself is checked by `audit`; this believes it, and finds what was written past the program: a consent given
back, a restriction lifted, a role taken, a task or a session put in. Rows are read page by page while the server goes
on; what differs then is compared again with the entries that came meanwhile, until none of them concerns it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from models import Record
from procedures import audit, authority
from procedures.authority import COLUMNS, VANISHING, table

Progress = Callable[[int, int], object]
#: By a row's id, the last entry about it, and the digest in that entry.
Words = dict[bytes, tuple[int, bytes | None]]

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

    def take(self, number: int, entry: bytes) -> set[tuple[str, bytes]]:
        """Hear one entry, in the order of their numbers; returns the rows it is about."""
        about = set()
        for name, id, word in _changed(entry):
            self.words.setdefault(name, {})[id] = (number, word)
            about.add((name, id))
        self.read = number + 1
        return about

    async def go_on(self) -> set[tuple[str, bytes]]:
        """Hear the entries that came since; returns the rows they are about."""
        about = set()
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
    rows, findings = await _compared(told, progress)
    for _ in range(_AGAIN):
        about = await told.go_on() if findings else set()
        if not any((each.table, UUID(each.id).bytes) in about for each in findings):
            break
        rows, findings = await _compared(told, progress)
    return Report(rows, tuple(sorted(findings)))


async def _compared(told: Told, progress: Progress) -> tuple[int, list[Finding]]:
    total = sum([await record.all().count() for record in COLUMNS])
    count, findings = 0, list[Finding]()
    for record in COLUMNS:
        words = dict(told.words[table(record)])
        async for page in authority.pages(record):
            count += len(page)
            findings += (found for row in page if (found := _finding(record, row, words)) is not None)
            progress(min(count, total), total)
        if record not in VANISHING:
            findings += _missing(table(record), words)
    return count, findings


def _finding(record: type[Record], row: dict[str, Any], words: Words) -> Finding | None:
    """What is wrong with a row, whose word is taken away."""
    number, word = words.pop(UUID(str(row["id"])).bytes, (None, None))
    if word == bytes.fromhex(authority.digest(record, row)):
        return None
    trouble = Trouble.AUTHORITY_ADDED if word is None else Trouble.AUTHORITY_DIFFERS
    return Finding(table(record), str(row["id"]), trouble, number)


def _missing(name: str, words: Words) -> Iterator[Finding]:
    for id, (number, word) in words.items():
        if word is not None:
            yield Finding(name, str(UUID(bytes=id)), Trouble.AUTHORITY_MISSING, number)


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
