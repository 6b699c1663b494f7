"""The page on commands: what each does, its arguments and options, and what the exit codes mean."""

from commands.exits import Exit
from docs.pages import tree
from docs.pages.markdown import head, linked, table
from docs.pages.tree import Command, Parameter

_INTRO = """
`./savas COMMAND --help` says the same in a terminal. Options with a variable are [settings](settings.md); they are named
here and explained there.
"""
_ENDS = """
What shows something takes `--json`, and then prints one JSON document: a list of objects where it lists, otherwise an object.
Keys are the headings in camelCase; what is not there is `null`, and moments are in UTC, such as `2026-11-30T09:00:00Z`. For
people moments are in UTC, too; where a table is wider than the terminal each cell has a line of its own, and nothing is cut.

Whatever fails prints one line with a [code](errors.md), and never a value; `--debug` before the command adds the places in
the code. `savas test` ends with pytest's own exit codes.
"""


def page() -> str:
    """The text of docs/commands.md."""
    before, *commands = tree.commands()
    exits = table(("Exit code", "Meaning"), ((str(code.value), code.meaning) for code in Exit))
    names = table(("Command", "What it does"), (_row(command) for command in commands))
    return (
        head("Commands", "python -m docs.pages")
        + _INTRO
        + f"\n{names}\n## Exit codes\n\n{exits}{_ENDS}"
        + "\n## Before the command\n"
        + _parameters(before)
        + "".join(f"\n## savas {each.words}\n\n{_help(each)}{_parameters(each)}" for each in commands)
    )


def _row(command: Command) -> tuple[str, str]:
    anchor = f"savas-{command.words}".replace(" ", "-")
    return f"[`savas {command.words}`](#{anchor})", linked(command.summary)


def _help(command: Command) -> str:
    paragraphs = (" ".join(paragraph.split()) for paragraph in command.help.split("\n\n"))
    return linked("\n\n".join(paragraphs)) + "\n"


def _parameters(command: Command) -> str:
    """A table of what only this command takes, and the names of the settings that it takes."""
    own = [each for each in command.parameters if not each.variable]
    settings = ", ".join(f"`{each.spelling}`" for each in command.parameters if each.variable)
    rows = [(f"`{each.spelling}`", each.default, linked(_help_of(each))) for each in own]
    own_table = "\n" + table(("Option", "Default", "What it decides"), rows) if rows else ""
    return own_table + (f"\nSettings: {settings}.\n" if settings else "")


def _help_of(parameter: Parameter) -> str:
    needed = " Must be given." if parameter.required and parameter.spelling.startswith("-") else ""
    return parameter.help + needed
