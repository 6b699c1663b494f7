"""The command line as data: each command with its words, its help and what may follow it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from commands.__main__ import app


@dataclass(frozen=True)
class Parameter:
    """An option or an argument of a command.

    Attributes:
        spelling: as it is typed, with what follows it: `--data DIR`, `--demo, --no-demo`, `FILE`.
        variable: the environment variable that stands in for it; empty without one.
        default: what holds when it is not given; empty where its help says that, or nothing does.
        help: its sentences.
        panel: the heading of the group that the help shows it under; empty without one.
        required: whether it must be given.
    """

    spelling: str
    variable: str
    default: str
    help: str
    panel: str
    required: bool


@dataclass(frozen=True)
class Command:
    """A command: `words` are empty for what stands before every command."""

    words: str
    help: str
    parameters: tuple[Parameter, ...]

    @property
    def summary(self) -> str:
        """The first paragraph of the help."""
        return " ".join(self.help.partition("\n\n")[0].split())


def commands() -> list[Command]:
    """Every command in the order of the help; the first stands for the options before a command."""
    root: Any = typer.main.get_command(app)
    return [_command(root, ""), *_below(root, "")]


def _below(group: Any, before: str) -> Iterator[Command]:
    for name, inner in group.commands.items():
        words = f"{before} {name}".strip()
        if hasattr(inner, "commands"):
            yield from _below(inner, words)
        else:
            yield _command(inner, words)


def _command(found: Any, words: str) -> Command:
    return Command(words, found.help or "", tuple(map(_parameter, found.params)))


def _parameter(found: Any) -> Parameter:
    names = ", ".join([*found.opts, *found.secondary_opts])
    argument = found.param_type_name == "argument"
    follows = "" if getattr(found, "is_flag", False) else found.metavar or found.name.upper()
    return Parameter(
        spelling=follows if argument else f"{names} {follows}".strip(),
        variable=found.envvar or "",
        default=_default(found),
        help=" ".join((found.help or "").split()),
        panel=found.rich_help_panel or "",
        required=found.required,
    )


def _default(found: Any) -> str:
    if isinstance(found.show_default, str):
        return found.show_default
    shown = found.show_default and not found.required and found.default not in (None, False)
    return f"`{found.default}`" if shown else ""
