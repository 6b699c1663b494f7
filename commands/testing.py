"""`savas test`: run the tests on this machine."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

import typer

from commands.exits import Exit

ROOT = Path(__file__).resolve().parent.parent

# Whatever follows belongs to pytest, options included.
CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--help"]}


def command(context: typer.Context) -> None:
    """Run the tests; anything after `test` is handed to pytest, as in `./savas test -k consent`.

    Without arguments every property is tested on a sample, on SQLite and where they differ on a PostgreSQL that the
    tests bring along. `--long` tries everything at full length, on both: docs/testing.md.

    Exit codes: those of pytest.
    """
    if find_spec("pytest") is None:
        typer.echo("savas: the tests need the development lock: start them with ./savas test", err=True)
        raise typer.Exit(Exit.FAILED)
    os.chdir(ROOT)
    sys.stdout.flush()
    # Taking pytest's place keeps its exit code, its signals and its closing line as they are.
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments(context.args)])  # noqa: S606 our own interpreter


def arguments(given: list[str]) -> list[str]:
    """Return what pytest is told: the given words; where they choose no tests, all of them in up to four processes."""
    # One more than there are cores: a fifth of the time a test waits for a process that it has started.
    everything = ["-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "worksteal"]
    # A campaign at full length is one test that may take an hour on a slow machine; only then does it hang.
    patience = ["-o", "faulthandler_timeout=7200"] if "--long" in given else []
    return [*given, *patience, *([] if set(given) - {"--long"} else everything)]
