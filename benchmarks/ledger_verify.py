"""What it costs to check a ledger of a million entries, and to prove one of them, beside pymerkle.

In one run, in turn, over the same entries:

    database    `savas ledger verify`: read every entry, hash it, check its grammar, compare roots with checkpoints
                and leaves with a witness; and `savas ledger prove … --from …`: both proofs of one entry
    tree        hashes and proofs alone, from entries in memory; keeps only leaf hashes, and makes a proof from them
    pymerkle    the same with another maker's tree; keeps every node in memory, and looks a proof up

Run it: `.venv/bin/python -m benchmarks.ledger_verify [--entries N] [--rounds N] [--database URL]`; without a URL it
runs on an embedded database in a temporary directory.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pymerkle import InmemoryTree, verify_inclusion
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from tortoise.connection import get_connection

from models.database import CONNECTION, connected, dialect, sqlite_url, transaction
from models.event import Event
from models.ledger import Checkpoint, append, entry
from procedures.audit import Evidence, audit, proof
from procedures.installation import migrate
from vault import checkpoint, merkle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 20_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()


def reading(number: int) -> bytes:
    """The entry of a reading by an agent: one customer, five fields, one task."""
    by = {"kind": "Employee", "id": UUID(int=number % 50), "roles": ("agent",)}
    group = {
        "customers": (UUID(int=number),),
        "fields": ("Identity.givenName", "Identity.familyName", "ContactPoint.value", "PostalAddress.city", "PostalAddress.street"),
        "tasks": (UUID(int=number + 1),),
    }  # fmt: skip
    details = {"operation": f"{number:064x}", "purposes": ("support",), "groups": [group], "others": (), "withheld": []}  # fmt: skip
    return entry(Event.READING_RELEASED, NOW + timedelta(milliseconds=number), by, details)


async def fill(count: int, progress: Progress) -> list[bytes]:
    """Append entries behind the first one, which migrating wrote, in large groups; gives all of them."""
    task = progress.add_task("filling", total=count)
    for start in range(1, count, BATCH):
        batch = [(reading(number), ()) for number in range(start, min(start + BATCH, count))]
        async with transaction() as client:
            await append(client, batch)
        progress.advance(task, len(batch))
    return [raw async for _, raw in audit.entries(0, count)]


async def signed(leaves: list[bytes]) -> Evidence:
    """Make a checkpoint of a ledger with these leaves; gives what a witness has of it."""
    said = checkpoint.Checkpoint("savas.example/ledger", len(leaves), merkle.root(leaves), NOW)
    note = checkpoint.note(said, KEY.sign, PUBLIC)
    await Checkpoint.create(size=said.size, root=said.root, at=NOW, note=note)
    return Evidence((note,), b"".join(leaves), PUBLIC, PUBLIC)


async def from_database(evidence: Evidence, count: int, times: dict[str, list[float]]) -> None:
    """One audit, which must find nothing, and one proof, as the commands make them."""
    start = time.perf_counter()
    report = await audit.verify(evidence)
    times["verify, database"].append(time.perf_counter() - start)
    assert report.entries == report.covered == count
    assert not report.findings
    start = time.perf_counter()
    await proof.prove(count // 3, PUBLIC, count // 2 + 1)
    times["prove, database"].append(time.perf_counter() - start)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that some work takes, and what it gives."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def ours(entries: list[bytes], times: dict[str, list[float]]) -> tuple[bytes, list[bytes]]:
    """The root and an inclusion proof by the product's tree, which keeps nothing but leaf hashes."""
    size, number = len(entries), len(entries) // 3
    seconds, (leaves, root) = timed(lambda: _rooted([merkle.leaf_hash(one) for one in entries]))
    times["hashing all, tree"].append(seconds)
    seconds, inclusion = timed(lambda: merkle.inclusion_proof(leaves, number))
    times["inclusion proof, tree"].append(seconds)
    seconds, _ = timed(lambda: merkle.consistency_proof(leaves, size // 2 + 1, size))
    times["consistency proof, tree"].append(seconds)
    seconds, holds = timed(lambda: merkle.verify_inclusion(leaves[number], number, size, inclusion, root))
    times["checking a proof, tree"].append(seconds)
    assert holds
    return root, [leaves[number], *inclusion]


def _rooted(leaves: list[bytes]) -> tuple[list[bytes], bytes]:
    return leaves, merkle.root(leaves)


def theirs(entries: list[bytes], times: dict[str, list[float]]) -> tuple[bytes, list[bytes]]:
    """The same by pymerkle, which keeps every node of the tree in memory."""
    size, number = len(entries), len(entries) // 3
    seconds, (tree, root) = timed(lambda: _built(entries))
    times["hashing all, pymerkle"].append(seconds)
    seconds, inclusion = timed(lambda: tree.prove_inclusion(number + 1, size))
    times["inclusion proof, pymerkle"].append(seconds)
    seconds, _ = timed(lambda: tree.prove_consistency(size // 2 + 1, size))
    times["consistency proof, pymerkle"].append(seconds)
    seconds, _ = timed(lambda: verify_inclusion(inclusion.path[0], root, inclusion))
    times["checking a proof, pymerkle"].append(seconds)
    return root, [bytes(node) for node in inclusion.path]


def _built(entries: list[bytes]) -> tuple[InmemoryTree, bytes]:
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries(entries)
    return tree, tree.get_root(len(entries))


async def stored() -> int:
    """Bytes that the table of entries takes, with its index."""
    sql = "SELECT pg_total_relation_size('ledger_entries') AS bytes"
    if dialect() == "sqlite":
        sql = "SELECT sum(pgsize) AS bytes FROM dbstat WHERE name LIKE '%ledger_entries%'"
    try:
        _, rows = await get_connection(CONNECTION).execute_query(sql)
    except Exception:  # noqa: BLE001 an SQLite without dbstat: whole pages of a database that holds little else
        sql = "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
        _, rows = await get_connection(CONNECTION).execute_query(sql)
    return int(rows[0]["bytes"])


async def run(url: str, count: int, rounds: int, console: Console) -> None:
    """Fill, measure in turn, and print the table."""
    work = ("hashing all", "inclusion proof", "consistency proof", "checking a proof")
    times: dict[str, list[float]] = {"verify, database": [], "prove, database": []}
    times |= {f"{name}, {way}": [] for name in work for way in ("tree", "pymerkle")}
    await migrate(url)
    async with connected(url):
        with Progress(console=console, transient=True) as progress:
            entries = await fill(count, progress)
            evidence = await signed(await audit.leaves(count))
            for _ in progress.track(range(rounds), description="measuring"):
                await from_database(evidence, count, times)
                assert ours(entries, times) == theirs(entries, times)
        size = await stored()
    console.print(table(url, count, size, times))


def table(url: str, count: int, size: int, times: dict[str, list[float]]) -> Table:
    """The figures."""
    found = Table(title=f"{count:,} entries, {url.partition(':')[0]}", title_justify="left")
    for heading in ("what", "median ms", "min", "max", "entries a second"):
        found.add_column(heading, justify="right", no_wrap=True)
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        row = (middle, min(seconds), max(seconds))
        pace = f"{count / middle:,.0f}" if name.startswith(("verify", "hashing")) else ""
        found.add_row(name, *(f"{value * 1000:,.2f}" for value in row), pace)
    held = len(reading(count))
    found.caption = f"an entry holds {held} bytes, and takes {size / count:.0f} in the database"
    return found


def main(
    entries: Annotated[int, typer.Option(help="How many entries the ledger has.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="How often each is measured.")] = 3,
    database: Annotated[
        str | None, typer.Option(help="A PostgreSQL database to fill; it must be empty.")
    ] = None,
) -> None:
    """Measure what checking the ledger costs."""
    with tempfile.TemporaryDirectory() as directory:
        url = database or sqlite_url(Path(directory) / f"{uuid4().hex}.sqlite3")
        asyncio.run(run(url, entries, rounds, Console()))


if __name__ == "__main__":
    typer.run(main)
