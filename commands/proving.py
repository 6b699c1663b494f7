"""`savas policy diff`, `prove` and `impact`: what is proved of policies before they are served."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import shown
from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Policies, Where
from commands.shown import Shown

if TYPE_CHECKING:
    from commands.terminal import Progressed
    from policies.conditions import Kind
    from policies.policy import Policy
    from policies.prove import Difference, Finding, Held, Sentence

app = App()


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
) -> Shown:
    """Prove what other policies would grant, or no longer grant: each field and action, to each kind of actor.

    Each difference comes with somebody for whom it makes one. No database is opened.

    More: docs/policy-proofs.md.

    Exit codes: 0 nothing more is granted; 1 policies are refused; 3 something more is, or may be.
    """
    need_prover()
    found = asyncio.run(differences(loaded(before), loaded(after)))
    return shown.lines(plain(found), lines(found), code=Exit.REFUSED if found.wider else Exit.OK)


@app.command()
def prove(
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Directory of .polar files; the policies that come with Savas if not given.",
        ),
    ] = None,
) -> Shown:
    """Prove what has to hold of policies, whoever asks and whatever is kept: the sentences in their invariants.txt.

    A directory without that file is held to the sentences that come with Savas. A sentence that does not hold comes with
    somebody for whom it does not. No database is opened.

    More: docs/policy-proofs.md.

    Exit codes: 0 every sentence is proved; 1 policies or a sentence are refused; 3 a sentence does not hold, or may not.
    """
    need_prover()
    from policies.language import text
    from policies.prove import read

    policy, sentences = loaded(directory or text.HERE), read(directory or text.HERE)
    found = asyncio.run(_trials(policy, sentences))
    proved = all(each.proved for each in found)
    return shown.lines(trials_plain(found), trial_lines(found), code=Exit.OK if proved else Exit.REFUSED)


@app.command()
def impact(
    *,
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", exists=True, file_okay=False, help="Directory of the policies to take their place."
        ),
    ],
    login: Annotated[
        str,
        typer.Option(
            "--as", metavar="LOGIN", help="The login of a privacy officer, who may see such counts."
        ),
    ],
    policies: Policies = None,
    where: Where = HERE,
) -> Shown:
    """Count the customers whose fields would open or close, and for how many people, if the policies in force were replaced.

    It is counted what each person could read under any purpose. Counts are all that is shown.

    More: docs/policy-proofs.md.

    Exit codes: 0 counted; 1 policies are refused; 3 whoever asks may not see all that is counted.
    """
    need_prover()
    from commands import weighing
    from policies.policy import Policy, in_force

    async def work() -> weighing.Weighed:
        before = Policy.load(policies) if policies else in_force()
        return await weighing.weighed(login, before, Policy.load(directory))

    found = where.run(work())
    return shown.lines(weighing.plain(found), weighing.lines(found))


async def _trials(policy: "Policy", sentences: "list[Sentence]") -> "list[Held]":
    from commands.terminal import with_progress
    from policies.prove import prove as proved

    async def work(progressed: "Progressed") -> "list[Held]":
        return proved(policy, sentences, progressed)

    return await with_progress("proving", work)


def trial_lines(found: "list[Held]") -> Iterator[str]:
    """Each sentence with what came of it."""
    for each in found:
        yield f"{each.verdict:<9} {each.sentence.text}"
        for finding in each.findings:
            yield f"          {_what(finding)}"
            yield f"          {finding.story}"
        yield from (f"          not needed: except {exemption.data}" for exemption in each.idle)
    verdicts = Counter(each.verdict for each in found)
    counted = [f"{verdicts[verdict]} {verdict}" for verdict in ("proved", "refuted")]
    counted += [f"{verdicts['unproved']} unproved"] if verdicts["unproved"] else []
    cells = sum(each.cells for each in found)
    yield f"{len(found)} sentences about {cells:,} fields and actions: {', '.join(counted)}"


def trials_plain(found: "list[Held]") -> list[dict[str, object]]:
    """The same for programs."""
    return [
        {
            "sentence": each.sentence.text,
            "proved": each.proved,
            "verdict": each.verdict,
            "cells": each.cells,
            "exceptions": {exemption.data: exemption.reason for exemption in each.sentence.exemptions},
            "notNeeded": [exemption.data for exemption in each.idle],
            "findings": [_finding(finding) for finding in each.findings],
        }
        for each in found
    ]


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
        yield f"{change.outcome:<9} {_what(change)}"
        yield f"          {change.story}"
    counted = ", ".join(f"{found.count(outcome):,} {outcome}" for outcome in ("wider", "narrower", "open"))
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
        "changes": [_finding(change) for change in found.changes],
    }


def _what(finding: "Finding") -> str:
    names = ", ".join(finding.names)
    if finding.action == "read":
        return f"{finding.record}: {names}"
    return f"{names} on {finding.record}" if finding.record else names


def _finding(finding: "Finding") -> dict[str, object]:
    return {
        "outcome": finding.outcome,
        "type": finding.record,
        "action": finding.action,
        "names": finding.names,
        "actors": [_actor(kind) for kind in finding.kinds],
        "story": finding.story,
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
