"""What an audit reads of an entry: whether it is about a restored backup, and whether the system wrote it."""

import json
from dataclasses import dataclass

from models.event import Event

_RESTORED = f'"event":"{Event.LEDGER_RESTORED}"'.encode()
_BY_SYSTEM = b'"by":{"id":null,"kind":"System","roles":[]}'


@dataclass(frozen=True)
class Restoration:
    """An entry about a restored backup.

    Attributes:
        number: of the entry.
        since: from where on only the system itself had written; the backup ended there or later.
        size, root: the newest witnessed checkpoint, which the ledger departs from.
    """

    number: int
    since: int
    size: int
    root: bytes


def restoration(number: int, since: int, entry: bytes) -> Restoration | None:
    """The restoration that a well-formed entry is about; None for any other."""
    if _RESTORED not in entry:
        return None
    data = json.loads(entry)["data"]
    return Restoration(number, since, data["size"], bytes.fromhex(data["root"]))


def by_system(entry: bytes) -> bool:
    """Whether the system itself, or the operator at the command line, wrote a well-formed entry."""
    return _BY_SYSTEM in entry
