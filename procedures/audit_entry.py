"""What an audit understands of an entry: whether it tells of a restored backup."""

import json
from dataclasses import dataclass

from models.event import Event

_RESTORED = f'"event":"{Event.LEDGER_RESTORED}"'.encode()


@dataclass(frozen=True)
class Restoration:
    """An entry that tells of a restored backup, and the witnessed checkpoint that the ledger departs from."""

    number: int
    size: int
    root: bytes


def restoration(number: int, entry: bytes) -> Restoration | None:
    """What an entry tells of a restored backup, if it is well-formed and does."""
    if _RESTORED not in entry:
        return None
    data = json.loads(entry)["data"]
    return Restoration(number, data["size"], bytes.fromhex(data["root"]))
