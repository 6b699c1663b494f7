"""Whoever appends to a ledger, several processes at once too, in entries that can be told apart."""

import asyncio
from datetime import UTC, datetime
from multiprocessing.synchronize import Event as Signal
from typing import Any

from models.database import connected, transaction
from models.event import Event
from models.ledger import append, entry

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SYSTEM: dict[str, Any] = {"kind": "System", "id": None, "roles": ()}
APART = 1000
"""Added to the numbers of the entries written here: the epochs a new database begins stay below it."""


def written(epoch: int) -> bytes:
    """An entry that can be told from others by a number."""
    return entry(Event.EPOCH_BEGUN, NOW, SYSTEM, {"epoch": APART + epoch})


async def appended(*epochs: int) -> range:
    """Append entries in a transaction of their own."""
    async with transaction() as client:
        return await append(client, [(written(epoch), ()) for epoch in epochs])


def writes(database: str, first: int, go: Signal) -> None:
    """Append twenty-five entries at once, as soon as it is said; for a process of its own."""

    async def main() -> None:
        async with connected(database):
            print("ready")  # noqa: T201 who gives the word waits for it
            go.wait()
            await asyncio.gather(*(appended(first + place) for place in range(25)))

    asyncio.run(main())
