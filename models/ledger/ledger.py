"""The tables of the ledger: entries, the head of their tree, checkpoints, and who read whose data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tortoise import BaseDBAsyncClient, Model, fields

from models.base import Number, OneOf, Record, Table
from models.database import fetch, for_update, run, run_many
from models.records import LookupWay
from vault.merkle import Frontier, leaf_hash


class LedgerEntry(Model, metaclass=Table, table="ledger_entries"):
    """One entry, numbered from 0 without a gap; append-only."""

    number = Number()
    entry = fields.BinaryField()
    leaf = fields.BinaryField()


class LedgerHead(Model, metaclass=Table, table="ledger_head"):
    """How many entries there are, and the hashes that their tree's root is made of; one row, of id 1."""

    id = Number()
    size = fields.BigIntField()
    frontier = fields.BinaryField()


class Checkpoint(Model, metaclass=Table, table="checkpoints"):
    """What the ledger was at one moment, signed; `delivered` names the witnesses that have it, by their hash.

    A hash with an exclamation mark is of one that could not be reached when it was this one's turn.
    """

    size = Number()
    root = fields.BinaryField()
    at: datetime = fields.DatetimeField()
    note = fields.TextField()
    delivered = fields.TextField(default="")


class Access(Record, table="accesses", governed=True, indexes=(("customer_id", "at"),)):
    """One reading of one customer's data, for the customer to see; the lists are words separated by blanks.

    Attributes:
        explained: of which field, or of which type, it was asked who may read or do something, where nothing was read.
    """

    entry = fields.BigIntField(db_index=True)
    customer_id: UUID = fields.UUIDField()
    kind = fields.CharField(max_length=20)
    roles = fields.CharField(max_length=200)
    at: datetime = fields.DatetimeField()
    purposes = fields.CharField(max_length=200)
    task_ids = fields.TextField()
    break_glass_ids = fields.TextField(null=True)
    fields_read = fields.TextField()
    found_by = OneOf(LookupWay, null=True)
    explained = fields.CharField(max_length=100, null=True)


@dataclass(frozen=True, slots=True)
class Accesses:
    """What one answer released of customers of whom it released the same: one `Access` for each of them.

    Attributes:
        tasks: by customer, the tasks that opened the data, separated by blanks.
        break_glasses: by customer, what opened them without a task; others are left out.
        found_by: by what kind of value the customers were looked up who do not know their number.
        explained: of what it was asked who may read or do it, or why; nothing of it was read.
    """

    kind: str
    roles: str
    at: datetime
    purposes: str
    fields_read: str
    tasks: Mapping[str, str]
    break_glasses: Mapping[str, str] = field(default_factory=dict)
    found_by: LookupWay | None = None
    explained: str | None = None


_HEAD = "SELECT size, frontier FROM ledger_head WHERE id = 1"
_BEGIN = "INSERT INTO ledger_head (id, size, frontier) VALUES (1, 0, ?) ON CONFLICT DO NOTHING"
_GROW = "UPDATE ledger_head SET size = ?, frontier = ? WHERE id = 1"
_ENTRY = "INSERT INTO ledger_entries (number, entry, leaf) VALUES (?, ?, ?)"
# All of an answer's accesses in one statement: a thousand rows bound one by one cost more than the answer itself.
_ACCESSES = {
    "sqlite": (
        "INSERT INTO accesses"
        " (entry, kind, roles, at, purposes, fields_read, found_by, explained, customer_id, task_ids, break_glass_ids, id)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?9, ?10, key, value, json_extract(?8, '$.' || json_quote(key)),"
        " lower(hex(randomblob(4)) || '-' || hex(randomblob(2))"
        " || '-4' || substr(hex(randomblob(2)), 2) || '-a' || substr(hex(randomblob(2)), 2)"
        " || '-' || hex(randomblob(6))) FROM json_each(?7)"
    ),
    "postgres": (
        "INSERT INTO accesses"
        " (entry, kind, roles, at, purposes, fields_read, found_by, explained, customer_id, task_ids, break_glass_ids, id)"
        " SELECT $1, $2, $3, $4, $5, $6, $9, $10, key::uuid, value, $8::json ->> key, gen_random_uuid()"
        " FROM json_each_text($7::json)"
    ),
}


async def append(client: BaseDBAsyncClient, entries: Sequence[tuple[bytes, Sequence[Accesses]]]) -> range:
    """Append entries, in the transaction under way; whoever else appends waits until it ends.

    Args:
        client: the transaction.
        entries: each in its canonical form, with the accesses it stands for.

    Returns:
        Their numbers.
    """
    frontier = await lock_frontier(client)
    first = frontier.size
    rows = []
    for number, (entry, _) in enumerate(entries, first):
        leaf = leaf_hash(entry)
        frontier.append(leaf)
        rows.append([number, entry, leaf])
    await run_many(client, _ENTRY, rows)
    await run(client, _GROW, [frontier.size, frontier.encode()])
    for number, (_, accesses) in enumerate(entries, first):
        for access in accesses:
            shared = [number, access.kind, access.roles, access.at, access.purposes, access.fields_read]
            keyed = [json.dumps(access.tasks), json.dumps(access.break_glasses)]
            beside = [access.found_by, access.explained]
            await client.execute_query(_ACCESSES[client.capabilities.dialect], [*shared, *keyed, *beside])
    return range(first, first + len(entries))


async def lock_frontier(client: BaseDBAsyncClient) -> Frontier:
    """The frontier of the ledger's tree, locked: nobody else appends until the transaction under way ends."""
    query = _HEAD + for_update(client)
    head = await fetch(client, query)
    if not head:
        # Another process may be quicker.
        await run(client, _BEGIN, [b""])
        head = await fetch(client, query)
    return Frontier.decode(int(head[0]["size"]), bytes(head[0]["frontier"]))
