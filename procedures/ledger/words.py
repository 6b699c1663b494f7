"""The list of what people asked for, said and closed, outside of the databases, so that no restored backup undoes it.

A line is an entry of the ledger, with its number; of an instruction or a request also its columns that hold no words.
It is on disk before whoever said it is answered. What a list has and the ledger has not, the backup does not know
(`procedures.lost`). A line that was written with the vault open is marked by its key: only such a one opens or erases
anything, whoever else may write in the witness directory.

- `WORDS_DAMAGED`: the list is damaged, so it is not known what was said since a backup
"""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final
from uuid import UUID

from models import Instruction, Record, Request
from models.event import Event
from models.ledger import LedgerEntry, canonical
from procedures import current
from procedures.ledger import witness
from procedures.ledger.lasting import LASTING, TREATMENTS, Treatment
from vault import vault
from vault.errors import VaultError
from vault.merkle import leaf_hash

#: The file.
LIST: Final = "words"
#: How many entries are looked at at once; and how far before the last one that is listed one may be lacking, for
#: several processes write.
PAGE: Final = 500

#: By the detail of an entry that names a row, the columns that a line has of it.
_COLUMNS: Final[dict[str, tuple[type[Record], tuple[str, ...]]]] = {
    "instruction": (Instruction, (
        "kind", "consent_id", "consent_category", "consent_purpose", "special", "recorded_by_id", "recorded_at", "due_at",
        "extended_at", "medium", "received_at", "proof", "proved_by_id", "suppress", "state", "decided_by_id", "decided_at",
    )),
    "request": (Request, ("due_at",)),
}  # fmt: skip


class WordsDamaged(VaultError):
    """The list of words in the witness directory is damaged."""

    def __init__(self) -> None:
        super().__init__(
            "WORDS_DAMAGED",
            f"The file `{LIST}` of the witness directory is damaged. Bring it back from a copy; if there is none, take out "
            "the lines that are no JSON.",
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One line: an entry of the ledger by its number, the columns of its row, whether the ledger has it, and the vault's mark.

    Attributes:
        known: whether the ledger has the entry at that number.
        proven: whether the line bears the mark of the vault that is open.
    """

    number: int
    entry: dict[str, Any]
    row: dict[str, Any] | None
    known: bool = False
    proven: bool = False

    @property
    def event(self) -> Event:
        """What happened."""
        return Event(self.entry["event"])

    @property
    def data(self) -> dict[str, Any]:
        """The details of the entry."""
        details: dict[str, Any] = self.entry["data"]
        return details

    @property
    def at(self) -> datetime:
        """When it was said."""
        return datetime.fromisoformat(self.entry["at"])

    @property
    def treatment(self) -> Treatment:
        """What becomes of it where it is lost."""
        return TREATMENTS[self.event]

    @property
    def subject(self) -> str:
        """16 hexadecimal digits that stand for what it is about; a word that is listed as lost is about what that was."""
        if self.event in (Event.WORD_LOST, Event.WORD_SETTLED):
            return str(self.data["subject"])
        return sha256(" ".join(self.treatment.subject(self.data)).encode()).hexdigest()[:16]

    @property
    def customer_id(self) -> UUID | None:
        """Whose word it is, or whom it is about."""
        found = self.data.get("customer")
        return UUID(found) if found else None


async def line(number: int, raw: bytes) -> str:
    """The line of an entry, in the transaction in which it is written."""
    entry = json.loads(raw)
    text = canonical({"number": number, "entry": entry, "row": await _row(entry["data"])}).decode()
    mark = "" if vault.reason() else vault.current().mark(f"word {text}")
    # A line that was torn must not look like a whole one: only its end has a brace.
    quoted = json.dumps(text).replace("}", "\\u007d")
    return f'{{"word":{quoted},"mark":"{mark}"}}'


async def append(lines: Iterable[str]) -> None:
    """Add lines to the list; they are on disk when this returns. Raises WitnessError: that cannot be done."""
    witness.append_line(current.addresses().witness, LIST, "\n".join(lines))


async def finish() -> None:
    """Add to the list what a process that was killed has not."""
    listed = [word for word in await read() if word.known]
    have = {word.number for word in listed}
    start = max(have) - PAGE if have else 0
    lacking = [
        await line(number, raw)
        async for number, raw in _entries(start)
        if number not in have and Event(json.loads(raw)["event"]) in LASTING
    ]
    if lacking:
        await append(lacking)


async def read() -> list[Word]:
    """The list, in the order in which it was written.

    Raises:
        WordsDamaged: there is a line that is none.
        WitnessError: it cannot be read.
    """
    try:
        words = [_decoded(text) for text in witness.lines(current.addresses().witness, LIST)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WordsDamaged from None
    known = {place async for place in _known(words)}
    return [replace(word, known=place in known) for place, word in enumerate(words)]


async def _known(words: Sequence[Word]) -> AsyncIterator[int]:
    """The places in the list of those that the ledger has."""
    for start in range(0, len(words), PAGE):
        part = words[start : start + PAGE]
        rows = LedgerEntry.filter(number__in=[word.number for word in part])
        leaves = {number: bytes(leaf) for number, leaf in await rows.values_list("number", "leaf")}
        for place, word in enumerate(part, start):
            if leaves.get(word.number) == leaf_hash(canonical(word.entry)):
                yield place


async def _entries(start: int) -> AsyncIterator[tuple[int, bytes]]:
    """The entries from a number on, in order."""
    last = start - 1
    while page := await LedgerEntry.filter(number__gt=last).order_by("number").limit(PAGE):
        for row in page:
            yield row.number, bytes(row.entry)
        last = page[-1].number


def _decoded(text: str) -> Word:
    values = json.loads(text)
    word, mark = json.loads(values["word"]), values["mark"]
    open_ = not vault.reason() and bool(mark)
    proven = open_ and compare_digest(vault.current().mark(f"word {values['word']}"), mark)
    made = Word(word["number"], word["entry"], word["row"], proven=proven)
    # What is malformed is found here, and not while something is being closed.
    _ = made.subject, made.at, made.customer_id
    return made


async def _row(data: dict[str, Any]) -> dict[str, Any] | None:
    """The columns of the row that an entry names, as JSON has them."""
    for name, (record, columns) in _COLUMNS.items():
        if name in data:
            found = await record.filter(id=data[name]).values(*columns)
            return {column: _plain(value) for column, value in found[0].items()} if found else None
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return value.value if isinstance(value, StrEnum) else str(value)
