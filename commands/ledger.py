"""`savas ledger`: whether the ledger is what was signed for, proofs of its entries, and copies for others."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from commands.exits import Exit
from commands.options import DEFAULT_DATA, Data, Database, settings_from
from commands.progress import with_progress

if TYPE_CHECKING:
    from models.ledger import Checkpoint
    from procedures.audit import Evidence, Report, authority
    from procedures.checkpoint import Delivery

app = typer.Typer(name="ledger", no_args_is_help=True, help="Check the ledger, and let others check it.")

T = TypeVar("T")


@app.command()
def verify(data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """Verify the ledger: every entry against the signed checkpoints, and every row that decides on access against the entries.

    Names each entry that was changed, removed, added, moved or cut off, by the checkpoints of the database and of the
    witness directory; and each row that decides who may, such as a consent, task, role or session, that is not as the
    last entry about it says. One line for each thing that is wrong: a code, and the entry's number or the row. The
    server may run meanwhile. More: docs/ledger.md.

    Exit codes: 0 nothing is wrong; 1 something is; 4 the database cannot be reached.
    """
    report, deciding = asyncio.run(_verify(data, database))
    for finding in [*report.findings, *deciding.findings]:
        typer.echo(finding)
    _summary(report)
    typer.echo(
        f"{deciding.rows} rows that decide who may; {len(deciding.findings)} are not as the ledger says."
    )
    if report.findings or deciding.findings:
        raise typer.Exit(Exit.FAILED)


@app.command()
def checkpoint(data: Data = DEFAULT_DATA, database: Database = None) -> None:
    """Sign a checkpoint of the ledger, send it to every witness, and print which of them have it.

    A running server does so by itself. Mails are sent at once, too.

    Exit codes: 0 every witness has every checkpoint; 1 some witness could not be reached; 3 the vault is sealed, or the
    ledger shorter than what was signed; 4 the database cannot be reached.
    """
    newest, deliveries = asyncio.run(_checkpoint(data, database))
    if newest is None:
        typer.echo("The ledger is empty: there is nothing to sign.")
        return
    typer.echo(f"The ledger of {newest.size} entries was signed at {newest.at:%Y-%m-%d %H:%M:%S} UTC.")
    for each in deliveries:
        typer.echo(f"{each.kind:9}  {f'lacks {each.lacking}: {each.code}' if each.code else 'has it'}")
    if any(each.code for each in deliveries):
        raise typer.Exit(Exit.FAILED)


@app.command()
def prove(
    entry: Annotated[int, typer.Argument(metavar="ENTRY", min=0, help="The entry's number, from 0.")],
    earlier: Annotated[
        int | None,
        typer.Option(
            "--from",
            metavar="SIZE",
            min=1,
            show_default=False,
            help="Prove, too, that the ledger of this many entries is the beginning of the current one.",
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Print, as JSON, an entry with the proof that it is in the ledger of the newest checkpoint.

    Whoever has a checkpoint and docs/verify_ledger.py can check it, without Savas.

    Exit codes: 0 done; 3 there is no such entry, or no checkpoint covers it yet; 4 the database cannot be reached.
    """
    proof = asyncio.run(_prove(data, database, entry, earlier))
    typer.echo(json.dumps(proof, ensure_ascii=False, indent=1))


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where to write; it must not exist.")
    ],
    data: Data = DEFAULT_DATA,
    database: Database = None,
) -> None:
    """Write a copy of the whole ledger, which docs/verify_ledger.py can check; that it was made is recorded.

    It holds no personal value, but says who did what and when: only you may read the file.

    Exit codes: 0 done; 3 the file exists or cannot be written; 4 the database cannot be reached.
    """
    count = asyncio.run(_export(data, database, file))
    typer.echo(f"{count} entries written to {file}, for your eyes only.")


def _summary(report: "Report") -> None:
    typer.echo(f"{report.entries} entries read; {report.covered} of them are as signed for.")
    typer.echo(f"Signed checkpoints: {report.checkpoints}; a witness has {report.witnessed}.")
    for restored in report.restorations:
        typer.echo(
            f"WARNING  entry {restored.number}: a backup was restored; of the {restored.size} entries that the witness knows, "
            f"those from {restored.since} on may be lost. If nobody restored one, somebody cut the ledger."
        )
    if report.entries and not report.witnessed:
        typer.echo("WARNING  no witness has a checkpoint: a ledger rebuilt whole would go unnoticed.")


async def _verify(data: Path, database: str | None) -> "tuple[Report, authority.Report]":
    from procedures import audit
    from procedures.audit import authority

    async with _evidence(data, database) as evidence:
        told = authority.Recorded()
        report = await with_progress("Verifying", lambda tell: audit.verify(evidence, tell, told.take))
        return report, await with_progress("Comparing", lambda tell: authority.verify(tell, told))


async def _checkpoint(data: Path, database: str | None) -> "tuple[Checkpoint | None, list[Delivery]]":
    from models.ledger import Checkpoint
    from procedures import checkpoint as checkpoints
    from procedures.installation import opened

    async with opened(settings_from(data, database).addresses):
        await checkpoints.issue()
        deliveries = await checkpoints.deliver(hurry=True)
        return await Checkpoint.all().order_by("-size").first(), deliveries


async def _prove(data: Path, database: str | None, number: int, earlier: int | None) -> dict[str, Any]:
    from procedures.audit import proof as audit_proof

    async with _evidence(data, database) as evidence:
        return await audit_proof.prove(number, evidence.key, earlier)


async def _export(data: Path, database: str | None, file: Path) -> int:
    from procedures.audit import proof as audit_proof

    async with _evidence(data, database) as evidence:
        return await with_progress("Writing", lambda tell: audit_proof.export(file, evidence.key, tell))


@asynccontextmanager
async def _evidence(data: Path, database: str | None) -> AsyncIterator["Evidence"]:
    """The database open, its vault left alone, and what is kept outside of it."""
    from procedures.audit import ProofError
    from procedures.audit import evidence as audit_evidence
    from procedures.installation import opened_sealed, pending

    place = settings_from(data, database).addresses
    evidence = audit_evidence.collected(place)
    async with opened_sealed(place):
        pass
    if await pending(place.database):
        raise ProofError(
            "DATABASE_OUTDATED", "The database has no ledger of this version. Run: ./savas migrate"
        )
    async with opened_sealed(place):
        yield evidence
