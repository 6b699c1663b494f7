"""The command `savas`: where the commands of all rooms meet."""

import gc
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Final

import typer

from commands import (
    agreement,
    break_glass,
    clock,
    consent,
    failures,
    import_,
    instruction,
    ledger,
    legal_hold,
    logs,
    message,
    migrate,
    notice,
    options,
    partner,
    policy,
    request,
    serve,
    suppression,
    task,
    testing,
    user,
    vault,
    verification,
    withdrawal,
)
from commands.app import App
from commands.exits import Exit

#: After how many more objects the garbage collector looks at them, but for a server that has started.
SELDOM: Final = 200_000
EPILOG = "Exit codes: " + ", ".join(f"{code.value} {code.meaning}" for code in Exit) + "."

app = App(
    name="savas",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    # A pretty traceback prints local values, and local values may be somebody's.
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve")(serve.command)
app.command("migrate")(migrate.command)
for group in (
    import_, user, partner, agreement, task, break_glass, withdrawal, suppression, legal_hold, request, instruction, consent,
    notice, policy, ledger, clock, message, vault, verification,
):  # fmt: skip
    app.add_typer(group.app)
app.command("test", context_settings=testing.CONTEXT)(testing.command)


def _version(wanted: bool) -> None:
    if wanted:
        project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
        typer.echo(f"savas {project['version']}")
        raise typer.Exit


@app.callback()
def savas(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="When something fails, say where. No values are printed.")
    ] = False,
    before: options.Before = options.NOTHING,
) -> None:
    """A CRM server in which a customer's data stay the customer's own."""
    del version, debug  # the one has answered already, the other is looked for by main
    options.keep(before)


def main(words: list[str]) -> int:
    """Run one command and return its exit code."""
    logs.begin()
    try:
        app(words, prog_name="savas")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else Exit.FAILED
    except Exception as error:  # noqa: BLE001 the last resort: whatever it is, no value may be printed
        text, code = failures.failure_line(error, debug="--debug" in words)
        print(f"savas: {text}", file=sys.stderr)
        return code
    return Exit.OK


if __name__ == "__main__":
    # Nearly everything that a start makes stays; to look for garbage in it as often as usual takes a sixth of the time,
    gc.set_threshold(SELDOM)
    logs.watch()
    code = main(sys.argv[1:])
    # and at the end a tenth.
    gc.freeze()
    sys.exit(code)
