"""`savas policy diff`, `prove` and `impact`: what is proved of policies before they are served."""

import asyncio
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.exits import Exit

if TYPE_CHECKING:
    from commands.terminal import Progressed
    from policies.kind import Kind
    from policies.policy import Policy
    from policies.prove import Difference

app = App()

Json = Annotated[bool, typer.Option("--json", help="Print it for programs.")]


@app.command()
def diff(
    before: Annotated[
        Path,
        typer.Argument(
            metavar="BEFORE", exists=True, file_okay=False, help="Directory of the policies that are."
        ),
    ],
    after: Annotated[
        Path,
        typer.Argument(
            metavar="AFTER", exists=True, file_okay=False, help="Directory of those to take their place."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Prove what other policies would grant, or no longer grant: each field and action, to each kind of actor.

    Each difference comes with somebody for whom it makes one. No database is opened.

    More: docs/policy-proofs.md.

    Exit codes: 0 nothing more is granted; 1 policies are refused; 3 something more is, or may be.
    """
    need_prover()
    found = asyncio.run(differences(loaded(before), loaded(after)))
    typer.echo(json.dumps(plain(found), indent=2) if as_json else "\n".join(lines(found)))
    if found.wider:
        raise typer.Exit(Exit.REFUSED)


async def differences(before: "Policy", after: "Policy") -> "Difference":
    """What changes between policies; meanwhile a progress bar is shown."""
    from commands.terminal import with_progress
    from policies.prove import difference

    async def work(progressed: "Progressed") -> "Difference":
        return difference(before, after, progressed)

    return await with_progress("proving", work)


def lines(found: "Difference") -> Iterator[str]:
    """Each change with its story, and what was compared."""
    for change in found.changes:
        names = ", ".join(change.names)
        what = f"{change.record}: {names}" if change.action == "read" else f"{names} on {change.record}"
        yield f"{change.direction:<9} {what if change.record else names}"
        yield f"          {change.story}"
    counted = ", ".join(
        f"{found.count(direction):,} {direction}" for direction in ("wider", "narrower", "open")
    )
    yield (
        f"compared  {found.cells:,} fields and actions of {found.kinds} kinds of actor: {counted}; "
        f"{found.equivalent:,} written otherwise and proved the same"
    )


def plain(found: "Difference") -> dict[str, object]:
    """The same for programs."""
    return {
        "compared": found.cells,
        "kinds": found.kinds,
        "equivalent": found.equivalent,
        "changes": [
            {
                "direction": change.direction,
                "type": change.record,
                "action": change.action,
                "names": change.names,
                "actors": [_actor(kind) for kind in change.kinds],
                "story": change.story,
            }
            for change in found.changes
        ],
    }


def _actor(kind: "Kind") -> dict[str, object]:
    return {"kind": kind.name, "roles": sorted(kind.roles)}


def need_prover() -> None:
    """Leave the command where z3 is not installed; serving does without it."""
    try:
        import_module("policies.prove")
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        typer.echo(
            "savas: proofs need z3, which is not installed, for serving does without it. Install it:\n"
            f"python3 -m pip --python {sys.executable} install 'z3-solver>=5.4'",
            err=True,
        )
        raise typer.Exit(Exit.FAILED) from None


def loaded(directory: Path) -> "Policy":
    """The policies of a directory, compiled; PolicyError where they are refused."""
    from policies.offline import complete_models
    from policies.policy import Policy

    complete_models()
    return Policy.load(directory)
