"""The page on settings: every option that an environment variable can stand in for."""

from collections.abc import Iterator

from docs.pages import tree
from docs.pages.markdown import head, linked, table
from docs.pages.tree import Parameter

_INTRO = """
An option on the command line wins over its variable, and the variable over the default. `data/` stands for the directory that
`--data` names. What holds a password belongs in a variable or a file, not on the command line, where other users of the
machine can read it. An option that may be repeated takes several values from its variable with blanks between them.
"""
_LAUNCHER = """
## The launcher

`SAVAS_VENV` (`.venv`) is the directory where `./savas` installs the dependencies on first use and whenever the lock changes. It
uses pip, and so pip's own settings such as `PIP_INDEX_URL`, or uv where there is no pip.
"""
#: From so many commands on, an option is said to belong to all that touch data.
_MANY = 10


def page() -> str:
    """The text of docs/settings.md."""
    found = _settings()
    panels = dict.fromkeys(parameter.panel for parameter in found)
    parts = [
        _panel(panel, {each: where for each, where in found.items() if each.panel == panel})
        for panel in panels
    ]
    return head("Settings", "python -m docs.pages") + _INTRO + "".join(parts) + _LAUNCHER


def _settings() -> dict[Parameter, list[str]]:
    """Each option that has a variable, with the commands that take it."""
    found: dict[Parameter, list[str]] = {}
    for command in tree.commands():
        for parameter in command.parameters:
            if parameter.variable:
                found.setdefault(parameter, []).append(command.words)
    return found


def _panel(panel: str, settings: dict[Parameter, list[str]]) -> str:
    columns = ("Option", "Variable", "Default", "What it decides", "Stands")
    return f"\n## {panel}\n\n" + table(columns, _rows(settings))


def _rows(settings: dict[Parameter, list[str]]) -> Iterator[tuple[str, ...]]:
    for each, commands in settings.items():
        yield f"`{each.spelling}`", f"`{each.variable}`", each.default, linked(each.help), _where(commands)


def _where(commands: list[str]) -> str:
    if len(commands) > _MANY:
        return "after every command that touches data"
    places = ["after " + ", ".join(f"`{words}`" for words in commands if words)] if any(commands) else []
    return " or ".join(["before the command", *places] if "" in commands else places)
