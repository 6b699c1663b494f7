"""Prove that what the policies mean now is what they meant at an earlier commit, cell by cell and in both directions.

    python -m benchmarks.equivalence --commit 2f52f41 --output benchmarks/equivalence.txt

The earlier code is taken out of the repository and compiles its own text, with the packages of this environment; so 2f52f41, the
last commit at which Oso's partial evaluation compiled the policies, is compared with the compiler of today. The exit code is
1 when a cell differs or could not be proved.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.progress import track

from policies.conditions import ir
from policies.conditions.kind import ABSENT
from policies.conditions.plan import Grant
from policies.conditions.ways import Alternative
from policies.offline import complete_models
from policies.prove import Verdict, covers

ROOT = Path(__file__).resolve().parents[1]

#: Run in the tree of a commit: each grant of each kind of actor, with its condition, and the text that was compiled.
DUMP = """
import dataclasses, itertools, json, sys
from policies import registry, text
from policies.offline import complete_models
from policies.policy import HERE, Kind, Policy

def plain(node):
    if dataclasses.is_dataclass(node):
        return {"": type(node).__name__, **{f.name: plain(getattr(node, f.name)) for f in dataclasses.fields(node)}}
    return [plain(each) for each in node] if isinstance(node, tuple) else node

complete_models()
policy = Policy.load()
named = sorted(policy._roles_named)
mixes = [mix for size in range(len(named) + 1) for mix in itertools.combinations(named, size)]
kinds = [*(Kind("Staff", frozenset(mix)) for mix in mixes), Kind("Person"), Kind("Subcontractor"), Kind("Stranger")]
cells = [
    ["+".join([kind.name, *sorted(kind.roles)]), action, record, name, plain(grant.condition)]
    for kind in kinds
    for action, record in [*(("read", record) for record in registry.RECORDS), *policy.actions]
    for name, grant in policy._compiled(kind, action, record).items()
]
json.dump({"text": text.read(HERE), "cells": cells}, sys.stdout)
"""


class Cell(NamedTuple):
    """What may be granted: to whom, what for, of which type, and the field's or the action's name."""

    kind: str
    action: str
    record: str
    name: str


class Plans(NamedTuple):
    """All that policies grant, and their text."""

    text: dict[str, str]
    grants: dict[Cell, Grant]


def plans(tree: Path) -> Plans:
    """What the code of a tree makes of its policies."""
    done = subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-P", "-c", DUMP],
        cwd=tree, env={"PYTHONPATH": str(tree)}, capture_output=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    grants = {Cell(*cell): whole(condition(written)) for *cell, written in found["cells"]}
    return Plans(found["text"], grants)


def condition(written: Any) -> Any:
    """A node of a condition, of which a text was made."""
    if isinstance(written, dict):
        kind = getattr(ir, written[""])
        return kind(**{name: condition(value) for name, value in written.items() if name})
    return tuple(condition(each) for each in written) if isinstance(written, list) else written


def whole(condition: ir.Condition) -> Grant:
    """A grant on one condition."""
    return Grant((Alternative((), (condition,)),), condition, ())


def taken_out(commit: str, directory: Path) -> Path:
    """The tree of a commit."""
    archived = ["git", "archive", commit]
    packed = subprocess.run(archived, cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S603 a commit of ours
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(directory, filter="data")
    return directory


NEVER = whole(ir.FALSE)


def effective(plans: Plans, cell: Cell) -> Grant:
    """What a grant comes to: an actor who never has what it compares is refused, whatever the record."""
    grant = plans.grants.get(cell, NEVER)
    never_had = {f"actor.{name}" for name in ABSENT[cell.kind.partition("+")[0]]}
    return NEVER if never_had & set(ir.params(grant.condition)) else grant


def compared(before: Plans, now: Plans) -> Iterator[tuple[Cell, str]]:
    """Each cell with what came of it; the same two conditions are asked of z3 once."""
    known: dict[tuple[ir.Condition, ir.Condition, str], str] = {}
    for cell in track(sorted(before.grants.keys() | now.grants.keys()), description="cells"):
        old, new = effective(before, cell), effective(now, cell)
        key = (old.condition, new.condition, cell.record)
        if key not in known:
            known[key] = outcome(old, new, cell.record)
        yield cell, known[key]


def outcome(old: Grant, new: Grant, record: str) -> str:
    """Whether two grants are the same condition, mean the same, or do not."""
    if old.condition == new.condition:
        return "the same condition"
    wider, narrower = covers(old.condition, new, record), covers(new.condition, old, record)
    if wider.proved and narrower.proved:
        return "another condition, proved equivalent in both directions"
    if Verdict.OPEN in (wider.verdict, narrower.verdict):
        return "NOT DECIDED"
    return "DIFFERS: " + " and ".join(
        name for name, answer in (("wider", wider), ("narrower", narrower)) if not answer.proved
    )


def report(before: Plans, now: Plans, commit: str) -> tuple[str, bool]:
    """What is to be said, and whether all is equivalent."""
    started = time.perf_counter()
    found = list(compared(before, now))
    counts = Counter(said for _, said in found)
    differing = [(cell, said) for cell, said in found if said.startswith(("DIFFERS", "NOT"))]
    lacking = [
        f"{'+'.join(cell)} ({which})"
        for which, plans in (("then", before), ("now", now))
        for cell, grant in sorted(plans.grants.items())
        if not grant.never and effective(plans, cell).never
    ]
    lines = [
        f"Grants of {commit} and of today's tree, each cell proved in both directions by z3.",
        f"Text of the policies: {'the same' if before.text == now.text else 'another'} in both.",
        f"Kinds of actor: {', '.join(sorted({cell.kind for cell, _ in found}))}.",
        (
            f"Cells that one of them grants to somebody: {len(found):,} "
            f"({sum(cell.action == 'read' for cell, _ in found):,} fields, {sum(cell.action != 'read' for cell, _ in found):,} actions)."
        ),
        *(f"{count:>6,}  {said}" for said, count in sorted(counts.items())),
        *(f"{'+'.join(cell)}  {said}" for cell, said in differing),
        f"Differences: {len(differing)}.",
        *(f"Granted to nobody, since such an actor never has what is compared: {each}." for each in lacking),
    ]
    print(f"{time.perf_counter() - started:.0f} s")
    return "\n".join(lines) + "\n", not differing


def main(
    commit: Annotated[str, typer.Option(help="The earlier commit.")] = "2f52f41",
    output: Annotated[Path | None, typer.Option(help="Write what was found to a file, too.")] = None,
) -> None:
    """Compare, and print what was compared and what differs."""
    complete_models()
    with tempfile.TemporaryDirectory() as directory:
        before = plans(taken_out(commit, Path(directory)))
    text, same = report(before, plans(ROOT), commit)
    print(text, end="")
    if output is not None:
        output.write_text(text, "utf-8", newline="\n")
    if not same:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
