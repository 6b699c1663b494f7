"""`savas policy`: whether policies can be used, why somebody may or may not, and who may read what."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from commands import proving
from commands.app import App
from commands.exits import Exit
from commands.options import HERE, Policies, Where
from commands.shown import Shown, lines
from commands.shown import table as rows

if TYPE_CHECKING:
    from policies.errors import PolicyError
    from policies.policy import Policy

app = App(name="policy", no_args_is_help=True, help="Check, explain and tabulate the policies.")
app.add_typer(proving.app)

Given = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="Directory of .polar files; the policies that come with Savas if not given.",
    ),
]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", dir_okay=False, help="Write to a file.")
]


@app.command()
def check(directory: Given = None) -> Shown:
    """Load, compile, test and judge policies as the server would, and compare them with the schema; nothing is put in force.

    All that is wrong with them is said at once, by file and line.

    What may have been forgotten of a purpose or a role is said, too, and refuses nothing.

    More: docs/policies.md.

    Exit codes: 0 they can be used; 1 they are refused.
    """
    started = time.perf_counter()
    policy = _loaded(directory, with_schema=True)
    passed = time.perf_counter() - started
    from policies.registry import RECORDS

    files, hints = sorted(policy.sources), list(_hints(policy))
    sizes = {
        "rules": len(policy.rules), "recordTypes": len(RECORDS), "actions": len(policy.actions),
        "kindsOfActor": len(policy.everyone),
    }  # fmt: skip
    text = (
        f"files     {len(files)}: {', '.join(files)}",
        f"rules     {len(policy.rules)}",
        f"compiled  {len(RECORDS)} record types, {len(policy.actions)} actions, {len(policy.everyone)} kinds of actor",
        f"version   {policy.version}",
        f"time      {passed:.1f} s",
        *(f"hint      {hint}" for hint in hints),
    )
    plain = {"files": files, **sizes, "version": policy.version, "seconds": passed, "hints": hints}
    return lines(plain, text)


@app.command("test")
def run_tests(directory: Given = None) -> Shown:
    """Run the tests that policy files hold, lines such as `?= may("the customer", "read", "Identity.familyName");`.

    Each is decided by plain Oso and by the compiled rules. What no test has reached is named by file and line: rules that
    a grant asks, and alternatives of `or`.

    More: docs/policy-tools.md.

    Exit codes: 0 all came out as expected; 1 a test failed, or the policies are refused.
    """
    from policies.policy import HERE
    from policies.testing import askable

    policy = _loaded(directory)
    started = time.perf_counter()
    results = policy.test(tracing=True)
    passed = time.perf_counter() - started
    asked = list(askable(policy.rules))
    unreached = [(rule, part) for rule, part in asked if part not in results.reached]
    _show(results.failures, directory or HERE)
    gaps = [
        {"file": rule.file, "line": part.line, "rule": rule.text.splitlines()[0]} for rule, part in unreached
    ]
    text = (
        f"tests     {results.tests}: {results.questions} questions, {len(results.failures) or 'none'} failed",
        f"reached   {len(asked) - len(gaps)} of {len(asked)} rules and alternatives that a grant asks",
        f"time      {passed:.1f} s",
        *(f"unreached {gap['file']}:{gap['line']}: {gap['rule']}" for gap in gaps),
    )
    plain = {
        "tests": results.tests, "questions": results.questions, "failures": list(map(str, results.failures)),
        "asked": len(asked), "unreached": gaps, "seconds": passed,
    }  # fmt: skip
    return lines(plain, text, code=Exit.FAILED if results.failures else Exit.OK)


@app.command("fmt")
def lay_out(
    directory: Given = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say which files would change.")
    ] = False,
) -> None:
    """Give policy files the one layout, and name those that change. What they say does not change.

    Each condition of a rule whose line is broken behind `if` has a line of its own; another rule stands on one line if it
    fits. Comments and single blank lines stay where they are.

    More: docs/policy-tools.md.

    Exit codes: 0 done, or nothing to do; 1 with --check, when a file would change, or one cannot be read.
    """
    from policies.errors import PolicyError
    from policies.language import formatted, text

    directory = directory or text.HERE
    try:
        sources = text.read(directory)
        changed = {name: new for name, old in sources.items() if (new := formatted(name, old)) != old}
    except PolicyError as error:
        _show([error], directory)
        raise typer.Exit(Exit.FAILED) from None
    for name, content in changed.items():
        if not check:
            _replace(directory / name, content)
        typer.echo(f"{'would change' if check else 'changed'}  {name}")
    if check and changed:
        raise typer.Exit(Exit.FAILED)


@app.command()
def table(directory: Given = None, output: Output = None) -> None:
    """Print who may read which field and do what, for which purpose, as Markdown."""
    from policies.showing import table as written

    text = written(_loaded(directory))
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8", newline="\n")


@app.command()
def explain(
    *,
    login: Annotated[str, typer.Option("--as", metavar="LOGIN", help="The login of the actor.")],
    field: Annotated[
        str,
        typer.Option(
            "--field",
            metavar="TYPE.FIELD",
            help="The field, such as ContactPoint.value; for an action other than read, TYPE is enough.",
        ),
    ],
    customer: Annotated[
        str | None, typer.Option("--customer", metavar="NUMBER", help="The customer's number.")
    ] = None,
    purpose: Annotated[
        list[str] | None,
        typer.Option("--purpose", metavar="PURPOSE", help="Stated purpose; may be repeated."),
    ] = None,
    record: Annotated[
        UUID | None,
        typer.Option("--record", metavar="ID", help="One record; otherwise all of the customer's."),
    ] = None,
    action: Annotated[str, typer.Option("--action", help="read, or an action such as close.")] = "read",
    policies: Policies = None,
    where: Where = HERE,
) -> Shown:
    """Say which conditions hold and which fail, for one actor and one field. No personal value is shown.

    Exit codes: 0 granted; 3 withheld.
    """
    from commands.explaining import Question, answered, explained
    from policies.policy import Policy, in_force
    from procedures import difference

    question = Question(login, field, customer, tuple(purpose or ()), record, action)

    async def work() -> Shown:
        policy = Policy.load(policies) if policies else in_force()
        closed = action == "read" and field in await difference.closed_fields()
        return explained(question, await answered(question, policy), closed=closed)

    return where.run(work())


@app.command()
def who(
    *,
    login: Annotated[
        str,
        typer.Option(
            "--as", metavar="LOGIN", help="The login of whoever wants to know: a privacy officer's."
        ),
    ],
    customer: Annotated[str, typer.Option("--customer", metavar="NUMBER", help="The customer's number.")],
    field: Annotated[
        str, typer.Option("--field", metavar="TYPE.FIELD", help="The field, such as ContactPoint.value.")
    ],
    purpose: Annotated[
        list[str] | None,
        typer.Option(
            "--purpose", metavar="PURPOSE", help="Only for this purpose; may be repeated. All if not given."
        ),
    ] = None,
    policies: Policies = None,
    where: Where = HERE,
) -> Shown:
    """List everybody who could read a field of a customer's data now: who, for what, by which rule, task and consent.

    Staff, partners' clients and the customer are decided as they would be if they asked. No personal value is shown.

    More: docs/policy-tools.md.

    Exit codes: 0 done; 3 whoever asks may not know this.
    """
    from commands.explaining import Question
    from commands.readers import readers_of, shown
    from policies.policy import Policy, in_force

    question = Question(login, field, customer, tuple(purpose or ()), None, "read")

    async def work() -> Shown:
        return shown(*await readers_of(question, Policy.load(policies) if policies else in_force()))

    return where.run(work())


@app.command("differences")
def list_differences(
    *,
    all_: Annotated[bool, typer.Option("--all", help="Also those that were settled.")] = False,
    where: Where = HERE,
) -> Shown:
    """List what a running server decided otherwise than plain Oso, the oldest first, and which fields are closed for it.

    A privacy officer settles them: docs/differences.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from procedures import difference
    from schema.reading import encode

    return rows(
        ("ID", "Found at (UTC)", "Field", "Granted", "Closed", "Policies", "Record", "Settled"),
        (
            (
                encode("Difference", each.id), each.found_at, each.field, each.granted, each.closes, each.policy, each.row_id,
                each.settlement,
            )
            for each in where.run(difference.listed(everything=all_))
        ),
    )  # fmt: skip


def _loaded(directory: Path | None, *, with_schema: bool = False) -> "Policy":
    """Policies compiled without a database; leaves the command when they are refused."""
    from policies.errors import PolicyError
    from policies.offline import complete_models
    from policies.policy import HERE, Policy

    complete_models()
    try:
        policy = Policy.load(directory or HERE)
        if with_schema:
            _fits(policy)
            policy.prove(directory or HERE)
    except PolicyError as error:
        _show([error, *error.others], directory or HERE)
        raise typer.Exit(Exit.FAILED) from None
    return policy


def _show(errors: "list[PolicyError]", directory: Path) -> None:
    for each in errors:
        typer.echo(str(each), err=True)
        typer.echo(each.pointed(directory), err=True, nl=False)


def _replace(file: Path, content: str) -> None:
    """Write a file anew, so that a server that follows it sees the old text or the new one."""
    target = file.resolve()
    # A name that is no policy file's, for a server reads all of them.
    temporary = target.with_name(f"{target.name}.{os.getpid()}")
    temporary.write_text(content, "utf-8", newline="\n")
    shutil.copymode(target, temporary)
    temporary.replace(target)


def _hints(policy: "Policy") -> Iterator[str]:
    from policies.showing import hints
    from procedures.notice import without_text

    yield from hints(policy)
    for purpose in without_text(policy.purposes):
        yield (
            f"no notice comes with Savas for the purpose `{purpose}`; once there is a database: "
            f"./savas notice add FILE --purpose {purpose} --language CODE --version 1"
        )


def _fits(policy: "Policy") -> None:
    import schema
    from schema.build import check as fits

    fits(schema.build(policy.declared), policy)
