"""Ledgers for tests of what audits find: real entries in a real database, open to whoever writes past the program."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tortoise.connection import get_connection

from models.database import CONNECTION, dialect, transaction
from models.event import Event
from models.ledger import Checkpoint, append, entry
from procedures.audit import Evidence, Report, audit
from vault import checkpoint, merkle

KEY, THIEF = (Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32) for seed in (1, 2))
PUBLIC = KEY.public_key().public_bytes_raw()
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SYSTEM = {"kind": "System", "id": None, "roles": ()}
#: Where checkpoints were made; the ledger has thirteen entries.
SIZES, END = (4, 10), 13


OFFICER = {"kind": "Employee", "id": UUID(int=7), "roles": ("privacy_officer",)}


def written(number: int, event: Event = Event.POLICY_LOADED, by: Any = OFFICER, **details: Any) -> bytes:
    """An entry."""
    told = details or {"version": f"{number:064x}"}
    return entry(event, NOW + timedelta(seconds=number), by, told)


def stated(entries: list[bytes]) -> checkpoint.Checkpoint:
    """What a checkpoint of these entries says."""
    root = merkle.root([merkle.leaf_hash(one) for one in entries])
    return checkpoint.Checkpoint("savas.example/ledger", len(entries), root, NOW)


def noted(entries: list[bytes], key: Ed25519PrivateKey = KEY) -> str:
    """The signed checkpoint of these entries."""
    return checkpoint.note(stated(entries), key.sign, key.public_key().public_bytes_raw())


async def sql(text: str, *values: Any) -> list[Any]:
    """Ask the database, past the program."""
    if dialect() == "postgres":
        for place in range(1, len(values) + 1):
            text = text.replace("?", f"${place}", 1)
    _, rows = await get_connection(CONNECTION).execute_query(text, list(values))
    return list(rows)


async def free(*tables: str) -> None:
    """Take away what keeps tables append-only, as only the database's own administrator can."""
    if dialect() == "postgres":
        for table in tables:
            await sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for row in await sql("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"):
        if row["tbl_name"] in tables:
            await sql(f"DROP TRIGGER {row['name']}")


class Ledger:
    """A ledger with checkpoints of 4 and of 10 entries, which a witness has too."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries
        self.leaves = [merkle.leaf_hash(one) for one in entries]
        self.notes = [noted(entries[:size]) for size in SIZES]

    @property
    def witness(self) -> Evidence:
        """What the witness has, up to the last checkpoint."""
        return Evidence(tuple(self.notes), b"".join(self.leaves[: SIZES[-1]]), PUBLIC, PUBLIC)

    @property
    def roots_only(self) -> Evidence:
        """A witness that keeps checkpoints and no leaves."""
        return Evidence(tuple(self.notes), b"", PUBLIC, PUBLIC)

    async def replace(self, entries: list[bytes]) -> None:
        """Write the whole table anew, with the leaves and the head that belong to it."""
        await sql("DELETE FROM ledger_entries")
        await sql("DELETE FROM ledger_head")
        async with transaction() as client:
            await append(client, [(one, ()) for one in entries])


async def found(evidence: Evidence) -> list[str]:
    """The findings of an audit, in short."""
    return short(await audit.verify(evidence))


def short(report: Report) -> list[str]:
    """Findings as their codes and numbers."""
    return [f"{one.trouble.name} {one.first} {one.last}" for one in report.findings]


async def freed() -> Ledger:
    """A ledger whose tables somebody has freed."""
    await free("ledger_entries", "ledger_head", "checkpoints")
    made = Ledger([written(number) for number in range(END)])
    await sql("DELETE FROM checkpoints")
    await made.replace(made.entries)
    for size, note in zip(SIZES, made.notes, strict=True):
        await Checkpoint.create(size=size, root=stated(made.entries[:size]).root, at=NOW, note=note)
    return made
