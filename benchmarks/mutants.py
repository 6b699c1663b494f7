"""Which small faults of the compiler, of what it writes, and of the door for readings no test of the short run notices.

    .venv/bin/python -m benchmarks.mutants --count 200 [--reached /tmp/reached]

Each mutant is the code with one thing wrong: a comparison turned round, a condition dropped, a part of a union left out. It
is tried in a copy of the tree: first by the tests that execute the changed line (`benchmarks.reached`), the quickest first,
then by those beside the changed file, then by all of policies, of the schema and of the procedures, then by the short run,
until one fails. Where none does, the mutant is shown; it says either
that a test is missing, or that the code is not needed.
"""

import ast
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks.reached import Reached, read

ROOT = Path(__file__).resolve().parents[1]

#: What is mutated, and the tests that are asked first. All others come after them.
TARGETS = {
    "policies/compiler/*.py": ("tests/policies/compiler", "tests/policies/judging", "tests/policies/testing"),
    "policies/conditions/*.py": (
        "tests/policies/compiler",
        "tests/policies/statements",
        "tests/policies/showing",
    ),
    "policies/statements/*.py": (
        "tests/policies/statements",
        "tests/schema/reading",
        "tests/policies/compiler",
    ),
    "schema/reading/*.py": ("tests/schema/reading", "tests/schema", "tests/web"),
}
#: What is asked after them, and how many CPU-seconds each stage may take before a mutant counts as noticed: it hangs them.
WIDER = ("tests/policies", "tests/schema", "tests/procedures")
PATIENCE = (600, 600, 2_000, 4_000)
#: Of the tests that execute a line, how many are asked.
FIRST = 40
#: How many times as long it may take by the clock, as others work on the same machine.
SHARE = 10

#: It ends with the first test that fails.
OPTIONS = ("-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider")

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One fault: the file, the line, what was and is written there, and the file as it would be."""

    file: str
    line: int
    before: str
    after: str
    text: str


#: A part of a file and what is written in its place.
Change = tuple[ast.expr | ast.stmt, str]


def mutants(file: str) -> Iterator[Mutant]:
    """Every mutant of a file; what only people read of it (messages, types) is left as it is."""
    source = (ROOT / file).read_bytes()
    tree = ast.parse(source)
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Raise | ast.Assert)]
    types: list[ast.expr | None] = [
        node.returns if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else node.annotation
        for node in ast.walk(tree)
        if isinstance(node, ast.arg | ast.AnnAssign | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    skipped = {inner for outer in (*texts, *filter(None, types)) for inner in ast.walk(outer)}
    lines = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
    for part, after in (
        change for node in ast.walk(tree) if node not in skipped for change in _changes(node)
    ):
        start = lines[part.lineno - 1] + part.col_offset
        end = lines[(part.end_lineno or 0) - 1] + (part.end_col_offset or 0)
        text = (source[:start] + after.encode() + source[end:]).decode()
        yield Mutant(file, part.lineno, source[start:end].decode(), after, text)


def _changes(node: ast.AST) -> Iterator[Change]:
    yield from _turned(node)
    yield from _without(node)


def _turned(node: ast.AST) -> Iterator[Change]:
    """What says the opposite, or something else."""
    match node:
        case ast.Compare(left=left, ops=[only], comparators=[right]) if type(only) in COMPARISONS:
            yield node, f"({ast.unparse(ast.Compare(left, [COMPARISONS[type(only)]()], [right]))})"
        case ast.BoolOp(op=op, values=values):
            yield (
                node,
                f"({ast.unparse(ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values))})",
            )
        case ast.If(test=test) | ast.IfExp(test=test):
            yield test, f"(not ({ast.unparse(test)}))"
        case ast.Constant(value=bool(value)):
            yield node, str(not value)
        case ast.Constant(value=int(value)):
            yield node, str(value + 1)
        case ast.Name(id="any" | "all" as name):
            yield node, "all" if name == "any" else "any"


def _without(node: ast.AST) -> Iterator[Change]:
    """What leaves something out."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, f"({ast.unparse(operand)})"
        case ast.BoolOp(values=values):
            for left_out in values:
                rest = [ast.unparse(value) for value in values if value is not left_out]
                yield node, f"({(' and ' if isinstance(node.op, ast.And) else ' or ').join(rest)})"
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.Add(), right=right):
            yield from ((node, f"({ast.unparse(side)})") for side in (left, right))
        case ast.List(elts=[_, _, *_], ctx=ast.Load()) | ast.Tuple(elts=[_, _, *_], ctx=ast.Load()):
            for left_out in node.elts:
                rest = [ast.unparse(value) for value in node.elts if value is not left_out]
                yield node, f"[{', '.join(rest)}]" if isinstance(node, ast.List) else f"({', '.join(rest)},)"
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom() | ast.Await()) | ast.AugAssign():
            yield node, "pass"
        case ast.comprehension(ifs=tests):
            yield from ((test, "True") for test in tests)


def noticed(mutant: Mutant, tree: Path, stages: list[tuple[str, ...]]) -> str:
    """The test that notices a mutant; an empty text where none of those that are asked does."""
    path = tree / mutant.file
    kept = path.read_text("utf-8")
    path.write_text(mutant.text, "utf-8")
    try:
        asked = ((tests, patience) for tests, patience in zip(stages, PATIENCE, strict=False) if tests)
        return next(filter(None, (_failing(tree, tests, patience) for tests, patience in asked)), "")
    finally:
        path.write_text(kept, "utf-8")


def _stages(mutant: Mutant, beside: Mapping[str, tuple[str, ...]], lines: Reached) -> list[tuple[str, ...]]:
    """Whom to ask, one after the other; nobody at first where nobody is known to execute the line."""
    executing = lines.get(mutant.file, {}).get(mutant.line, [])
    return [tuple(executing[:FIRST]), beside[mutant.file], WIDER, ("tests",)]


def _failing(tree: Path, tests: tuple[str, ...], patience: int) -> str:
    command = [sys.executable, "-m", "pytest", *OPTIONS, *tests]
    with subprocess.Popen(  # noqa: S603 our own interpreter
        command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        resource.prlimit(running.pid, resource.RLIMIT_CPU, (patience, patience))
        try:
            said, _ = running.communicate(timeout=SHARE * patience)
        except subprocess.TimeoutExpired:
            running.kill()
            return "they did not end"
    if running.returncode == 0:
        return ""
    failed = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else f"exit code {running.returncode}"


def _copy(place: Path) -> Path:
    """The files that Git knows of, as they are now."""
    names = subprocess.run(  # noqa: S603 Git of this machine
        [shutil.which("git") or "git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, names.stdout.split("\0")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, place / name)
    return place


def main(
    count: Annotated[int, typer.Option(help="How many mutants to try.")] = 200,
    seed: Annotated[int, typer.Option(help="Which of all there are.")] = 1,
    at_once: Annotated[int, typer.Option(help="How many at a time.")] = 2,
    only: Annotated[str, typer.Option(help="A part of the name of the files to change.")] = "",
    after: Annotated[int, typer.Option(help="How many of them were tried before.")] = 0,
    stages: Annotated[int, typer.Option(min=1, max=4, help="How far to go; 2 are those beside.")] = 4,
    reached: Annotated[Path | None, typer.Option(help="What `benchmarks.reached` wrote.")] = None,
) -> None:
    """Try some mutants and show those that no test notices."""
    files = {
        str(file.relative_to(ROOT)): first
        for glob, first in TARGETS.items()
        for file in sorted(ROOT.glob(glob))
    }
    lines = read(reached) if reached else {}
    known = [mutant for file in files if only in file for mutant in mutants(file)]
    chosen = random.Random(seed).sample(known, min(count, len(known)))[after:]
    console = Console(width=160)
    console.print(f"{len(known)} mutants of {len(files)} files; {len(chosen)} of them are tried")
    trees: SimpleQueue[Path] = SimpleQueue()
    survivors = []
    with tempfile.TemporaryDirectory() as directory, Progress(console=console) as progress:
        for number in range(at_once):
            trees.put(_copy(Path(directory) / str(number)))
        bar = progress.add_task("tried", total=len(chosen))

        def tried(mutant: Mutant) -> tuple[Mutant, str]:
            tree = trees.get()
            try:
                return mutant, noticed(mutant, tree, _stages(mutant, files, lines)[:stages])
            finally:
                trees.put(tree)
                progress.advance(bar)

        with ThreadPoolExecutor(at_once) as pool:
            for mutant, by in (
                done.result() for done in as_completed(pool.submit(tried, each) for each in chosen)
            ):
                where = f"{mutant.file}:{mutant.line}: {mutant.before!r} → {mutant.after!r}"
                console.print(f"[dim]{where}: {by}[/dim]" if by else f"[bold red]{where}: nobody[/bold red]")
                survivors += [] if by else [mutant]
    console.print(f"{len(survivors)} of {len(chosen)} were noticed by nobody")


if __name__ == "__main__":
    typer.run(main)
