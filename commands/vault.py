"""`savas vault`: the keys: what state they are in, replacing them, and what follows a restored backup."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Where
from commands.shown import Shown, camel, lines, table
from commands.terminal import with_progress

if TYPE_CHECKING:
    from procedures.installation import Status

console = Console(highlight=False)
app = App(name="vault", help="Look after the keys.", no_args_is_help=True, rich_markup_mode="rich")

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]


@app.command()
def status(where: Where = HERE) -> Shown:
    """Say whether the vault opens, how old its keys are, and what is left to do.

    More: docs/keys.md, and after a restored backup docs/restore.md.

    Exit codes: 0 open; 3 sealed; 4 a database cannot be reached.
    """
    found = asyncio.run(_status(where))
    rows = found.rows()
    widest = max(len(name) for name, _ in rows)
    plain = {
        **vars(found),
        "sealed": found.sealed and {"code": found.sealed.code, "message": found.sealed.message},
        "epochs": [{"number": number, "since": since} for number, since in found.epochs],
    }
    return lines(
        {camel(name.replace("_", " ")): value for name, value in plain.items()},
        (f"{name:<{widest}}  {value}" for name, value in rows),
        code=Exit.REFUSED if found.sealed else Exit.OK,
    )


@app.command()
def rotate(
    indexes: Annotated[
        bool, typer.Option("--indexes", help="Replace the keys of the blind indexes instead.")
    ] = False,
    dry_run: DryRun = False,
    where: Where = HERE,
) -> None:
    """Replace the key that wraps every customer's keys, and destroy the old one.

    From then on no earlier copy of the key database opens anything, and a recovery copy made before is void.
    Safe while the server runs; if it is interrupted, run it again. With `--indexes` every row is indexed anew.

    Exit codes: 0 done; 3 the vault is sealed; 4 a database cannot be reached.
    """
    asyncio.run(_rotate(where, indexes=indexes, dry_run=dry_run))


@app.command()
def recovery(
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="KEY", help="The public key of the offline key, as --new-key printed it."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write the copy.")
    ] = None,
    new_key: Annotated[
        Path | None,
        typer.Option(
            "--new-key", metavar="FILE", help="Make an offline key; keep the file away from this machine."
        ),
    ] = None,
    restore: Annotated[
        Path | None,
        typer.Option(
            "--restore",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Make a new key provider from a copy.",
        ),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="The offline key, to restore a copy with.",
        ),
    ] = None,
    where: Where = HERE,
) -> None:
    """Make a recovery copy of the keys, for an offline key that you keep elsewhere.

    First once `--new-key FILE`, then after every rotation `--to KEY --out FILE`. A copy is void after the next
    rotation. After a loss: `--restore FILE --key FILE`.

    Exit codes: 0 done; 2 wrong usage; 3 refused: the vault is sealed, a rotation is unfinished, or the copy does not open.
    """
    from vault import recovery

    settings = where.settings()
    if new_key is not None:
        console.print(recovery.new_offline_key(new_key), soft_wrap=True)
    elif restore is not None and key is not None:
        recovery.restore(restore.read_bytes(), key, settings.addresses.provider)
        console.print("The keys are back. Look at them with: ./savas vault status")
    elif to is not None and out is not None:
        if out.exists():
            raise typer.BadParameter("There is a file already; it is left as it is.", param_hint="--out")
        asyncio.run(_recover(where, to, out))
    else:
        raise typer.BadParameter("Say --new-key FILE, or --to KEY --out FILE, or --restore FILE --key FILE.")


@app.command()
def replay(dry_run: DryRun = False, where: Where = HERE) -> None:
    """Repeat the erasures that a restored backup does not know, so that it can be served.

    What the backup has forgotten of the ledger is recorded, and stays visible. If it is interrupted, run it again.
    A server that runs meanwhile stays sealed until it is started again.

    Exit codes: 0 done; 3 the vault is sealed for another reason; 4 a database cannot be reached.
    """
    asyncio.run(_replay(where, dry_run=dry_run))


@app.command()
def lost(
    done: Annotated[
        str | None, typer.Option("--done", metavar="WORD", help="Note that somebody has seen to this one.")
    ] = None,
    as_: Annotated[str | None, typer.Option("--as", metavar="LOGIN", help="Who has; with --done.")] = None,
    where: Where = HERE,
) -> Shown | None:
    """List what people asked for that a restored backup has lost and nobody could repeat: what, whose, and by when.

    Nothing of what they said is in it. More: docs/restore.md.

    Exit codes: 0 done; 3 nothing of the kind is listed, or nobody has this login; 4 the database cannot be reached.
    """
    from procedures import lost as words

    if done is not None:
        if as_ is None:
            raise typer.BadParameter("Say whose word it is, with --as LOGIN.", param_hint="--done")
        where.run(words.settle(done, as_))
        typer.echo("Noted.")
        return None
    return table(
        ("Word", "Customer", "What", "Said", "Due"),
        (
            (each.subject, each.number, each.event.value, each.at, each.due_at)
            for each in where.run(words.listed())
        ),
    )


async def _status(where: Where) -> "Status":
    from procedures.installation import key_care, opened

    async with opened(where.addresses) as sealed:
        return await key_care.status(sealed)


async def _rotate(where: Where, *, indexes: bool, dry_run: bool) -> None:
    from models.keys import keyring
    from procedures.keys import indexing, rotation

    async with _unsealed(where, mending=indexes):
        if dry_run:
            rows, rings = await indexing.indexed(), await keyring.count_rings()
            console.print(f"Would index {rows} rows anew." if indexes else f"Would re-wrap {rings} rings.")
            return
        if indexes:
            done = await with_progress("Indexing anew", lambda tell: rotation.rotate_indexes(progress=tell))
            console.print(f"{done} rows are indexed under a new key; the old one is destroyed.")
        else:
            done = await with_progress("Re-wrapping", lambda tell: rotation.rotate(progress=tell))
            console.print(f"{done} rings are wrapped in a new epoch; the key of the old one is destroyed.")
        console.print("A recovery copy made before is void. Make a new one: ./savas vault recovery --help")


async def _recover(where: Where, to: str, out: Path) -> None:
    from procedures.installation import key_care

    async with _unsealed(where):
        epoch = await key_care.recover(to, out)
    console.print(f"The copy holds the keys of epoch {epoch}, and is void after the next rotation.")


async def _replay(where: Where, *, dry_run: bool) -> None:
    from procedures.installation import restoration

    async with _unsealed(where, mending=True):
        if dry_run:
            console.print(f"Would repeat {await restoration.missing()} erasures.")
            return
        done = await with_progress("Erasing again", restoration.replay)
        console.print(f"{done} erasures were repeated. The server can start.")


@asynccontextmanager
async def _unsealed(where: Where, *, mending: bool = False) -> AsyncIterator[None]:
    """An installation whose vault is open; raises what keeps it sealed, with what to do about it."""
    from procedures.installation import opened

    async with opened(where.addresses, mending=mending) as sealed:
        if sealed is not None:
            raise sealed
        yield
