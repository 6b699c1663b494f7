"""`savas ledger`: whether the ledger is what was signed for, proofs of its entries, and copies for others."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Where
from commands.shown import Shown, lines
from commands.terminal import with_progress

if TYPE_CHECKING:
    from models.ledger import Checkpoint
    from procedures.audit import Evidence, Report, authority
    from procedures.checkpoint import Delivery

app = App(name="ledger", no_args_is_help=True, help="Check the ledger, and let others check it.")

T = TypeVar("T")


@app.command()
def verify(where: Where = HERE) -> Shown:
    """Verify the ledger: every entry against the signed checkpoints, and every row that decides on access against the entries.

    Names each entry that was changed, removed, added, moved or cut off, by the checkpoints of the database and of the
    witness directory; and each row that decides who may, such as a consent, task, role or session, that is not as the
    last entry about it says. One line for each thing that is wrong: a code, and the entry's number or the row. The
    server may run meanwhile. More: docs/ledger.md.

    Exit codes: 0 nothing is wrong; 1 something is; 4 the database cannot be reached.
    """
    from procedures import audit
    from procedures.audit import authority

    async def work(evidence: "Evidence") -> "tuple[Report, authority.Report]":
        recorded = authority.Recorded()
        report = await with_progress("Verifying", lambda tell: audit.verify(evidence, tell, recorded.take))
        return report, await with_progress("Comparing", lambda tell: authority.verify(tell, recorded))

    report, deciding = asyncio.run(_on_evidence(where, work))
    return _verified(report, deciding)


@app.command()
def checkpoint(where: Where = HERE) -> None:
    """Sign a checkpoint of the ledger, send it to every witness, and print which of them have it.

    A running server does so by itself. Mails are sent at once, too.

    Exit codes: 0 every witness has every checkpoint; 1 some witness could not be reached; 3 the vault is sealed, or the
    ledger shorter than what was signed; 4 the database cannot be reached.
    """
    newest, deliveries = asyncio.run(_checkpoint(where))
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
            help="Prove, too, that the ledger of this many entries is the beginning of the current one.",
        ),
    ] = None,
    where: Where = HERE,
) -> None:
    """Print, as JSON, an entry with the proof that it is in the ledger of the newest checkpoint.

    Whoever has a checkpoint and docs/verify_ledger.py can check it, without Savas.

    Exit codes: 0 done; 3 there is no such entry, or no checkpoint covers it yet; 4 the database cannot be reached.
    """
    from procedures.audit import proof

    proved = asyncio.run(_on_evidence(where, lambda evidence: proof.prove(entry, evidence.key, earlier)))
    typer.echo(json.dumps(proved, ensure_ascii=False, indent=1))


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where to write; it must not exist.")
    ],
    where: Where = HERE,
) -> None:
    """Write a copy of the whole ledger, which docs/verify_ledger.py can check; that it was made is recorded.

    It holds no personal value, but says who did what and when: only you may read the file.

    Exit codes: 0 done; 3 the file exists or cannot be written; 4 the database cannot be reached.
    """
    from procedures.audit import proof

    def work(evidence: "Evidence") -> Awaitable[int]:
        return with_progress("Writing", lambda tell: proof.export(file, evidence.key, tell))

    count = asyncio.run(_on_evidence(where, work))
    typer.echo(f"{count} entries written to {file}, for your eyes only.")


def _verified(report: "Report", deciding: "authority.Report") -> Shown:
    findings = [*map(str, report.findings), *map(str, deciding.findings)]
    warnings = list(_warnings(report))
    counts = {name: getattr(report, name) for name in ("entries", "covered", "checkpoints", "witnessed")}
    text = (
        f"{report.entries} entries read; {report.covered} of them are as signed for.",
        f"Signed checkpoints: {report.checkpoints}; a witness has {report.witnessed}.",
        *(f"WARNING  {warning}" for warning in warnings),
        f"{deciding.rows} rows that decide who may; {len(deciding.findings)} are not as the ledger says.",
    )
    return lines(
        {
            **counts,
            "rows": deciding.rows,
            "warnings": warnings,
            "findings": [_finding(each) for each in findings],
        },
        [*findings, *text],
        code=Exit.FAILED if findings else Exit.OK,
    )


def _finding(text: str) -> dict[str, str]:
    code, _, subject = text.partition("  ")
    return {"code": code, "subject": subject}


def _warnings(report: "Report") -> Iterator[str]:
    for restored in report.restorations:
        yield (
            f"entry {restored.number}: a backup was restored; of the {restored.size} entries that the witness knows, "
            f"those from {restored.since} on may be lost. If nobody restored one, somebody cut the ledger."
        )
    if report.entries and not report.witnessed:
        yield "no witness has a checkpoint: a ledger rebuilt whole would go unnoticed."


async def _checkpoint(where: Where) -> "tuple[Checkpoint | None, list[Delivery]]":
    from models.ledger import Checkpoint
    from procedures import checkpoint as checkpoints
    from procedures.installation import opened

    async with opened(where.addresses):
        await checkpoints.issue()
        deliveries = await checkpoints.deliver(hurry=True)
        return await Checkpoint.all().order_by("-size").first(), deliveries


async def _on_evidence(where: Where, work: "Callable[[Evidence], Awaitable[T]]") -> T:
    """What the work returns, with the database open, its vault left alone, and with what is kept outside of it."""
    from procedures.audit import ProofError
    from procedures.audit import evidence as audit_evidence
    from procedures.installation import opened_sealed, pending

    place = where.addresses
    evidence = audit_evidence.collected(place)
    async with opened_sealed(place):
        pass
    if await pending(place.database):
        raise ProofError(
            "DATABASE_OUTDATED", "The database has no ledger of this version. Run: ./savas migrate"
        )
    async with opened_sealed(place):
        return await work(evidence)
