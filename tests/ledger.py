"""What is asked of every ledger in the tests, whatever was done to it."""

import json
from typing import Any

from models import LedgerEntry, LedgerHead
from models.event import Event
from models.ledger import well_formed
from procedures.audit.authority import Recorded, compare
from procedures.ledger import authority, ledger
from vault import merkle


async def entries(*events: Event) -> list[dict[str, Any]]:
    """The entries of these events, or all of them, in their order."""
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [entry for entry in found if not events or entry["event"] in events]


async def data(*events: Event) -> list[dict[str, Any]]:
    """What the entries of these events tell."""
    return [entry["data"] for entry in await entries(*events)]


async def adopt() -> None:
    """Tell the ledger of every row that decides who may, in the transaction under way, as filling a demo does."""
    rows = {record: [row.id for row in await record.all()] for record in authority.COLUMNS}
    ledger.record(Event.DEMO_FILLED, None, changed=rows, customers=0)


async def vouched() -> None:
    """Make sure that each row that decides who may is what the last entry about it says; most tests end with this."""
    recorded = Recorded()
    assert await compare(recorded, await recorded.catch_up()) == []


async def sound() -> int:
    """Make sure that the ledger is numbered without a gap, well formed, and what its head says; gives its size."""
    rows = await LedgerEntry.all().order_by("number")
    assert [row.number for row in rows] == list(range(len(rows)))
    assert all(well_formed(bytes(row.entry)) for row in rows)
    leaves = [merkle.leaf_hash(bytes(row.entry)) for row in rows]
    assert leaves == [bytes(row.leaf) for row in rows]
    head = await LedgerHead.get_or_none(id=1)
    size, frontier = (head.size, bytes(head.frontier)) if head else (0, b"")
    assert size == len(rows)
    assert merkle.Frontier.decode(size, frontier).root() == merkle.root(leaves)
    return size
