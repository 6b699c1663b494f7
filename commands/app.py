"""Typer, but for options that several commands take together, and errors that repeat nothing of what was typed."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from commands.shown import Shown

Command = TypeVar("Command", bound=Callable[..., Shown | None])

#: What a wrong use raises; typer shows one kind of it.
_USAGE: Final[Any] = typer.BadParameter.__mro__[1]

#: What every command takes that returns what it shows.
_JSON: Final = Parameter(
    "as_json",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")],
)


class _Unrepeating:
    """Errors of what is typed do not repeat it: that may be somebody's, and standard error is kept in logs."""

    def make_context(self, info_name: str | None, args: list[str], *more: Any, **options: Any) -> Any:
        """Read what was typed; raises what typer does."""
        parent: Any = super()
        with _unrepeated(tuple(args), self):
            return parent.make_context(info_name, args, *more, **options)


class Leaf(_Unrepeating, TyperCommand):
    """A command."""


class Group(_Unrepeating, TyperGroup):
    """Commands under one word."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Which command is meant; raises what typer does."""
        with _unrepeated(tuple(args), self):
            return super().resolve_command(ctx, args)


@contextmanager
def _unrepeated(typed: Sequence[str], command: Any) -> Iterator[None]:
    try:
        yield
    except _USAGE as error:
        values = {part for word in typed for part in (word, *word.partition("=")[::2])} - {
            "",
            *_names(command),
        }
        for value in sorted(values, key=len, reverse=True):
            quoted = "|".join(re.escape(form) for form in (repr(value), f"'{value}'", f'"{value}"'))
            # As one of its words, if it could not be one of those that the error is told by.
            alone = rf"|(?<!\w){re.escape(value)}(?!\w)" if len(value) > 2 else ""
            error.message = re.sub(quoted + alone, "…", error.message)
        if elsewhere := _elsewhere(error, command):
            error.message, error.possibilities = elsewhere, None
        raise


def _elsewhere(error: Any, command: Any) -> str:
    """What is wrong with an option that does not stand here, but is one; empty if it is none."""
    name, here = getattr(error, "option_name", None), error.ctx
    before = here and here.parent
    while name and before:
        if any(name in each.opts for each in before.command.params):
            behind = here.command_path.removeprefix(before.command_path)
            return f"{name} stands before the command: {before.command_path} {name} …{behind}"
        before = before.parent
    return f"{name} stands behind the command" if name in {*_names(command)} else ""


def _names(command: Any) -> Iterator[str]:
    """How commands and their options are called."""
    yield command.name or ""
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    for inner in getattr(command, "commands", {}).values():
        yield from _names(inner)


class App(typer.Typer):
    """A group of commands, each of which may take a dataclass of options: `where: Where = HERE`.

    Typer is told of an option for each of its fields, in their order, where the dataclass stands. A command that returns
    what it shows takes `--json`, too, and is printed here.
    """

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"cls": Group, **more})

    def command(self, name: str | None = None, **more: Any) -> Callable[[Command], Command]:
        """Add a command."""
        return _of_options(super().command(name, **{"cls": Leaf, **more}))

    def callback(self, **more: Any) -> Callable[[Command], Command]:
        """Add what stands before the commands."""
        return _of_options(super().callback(**more))


def _of_options(add: Callable[[Callable[..., Any]], object]) -> Callable[[Command], Command]:
    def added(work: Command) -> Command:
        add(_with_fields(work))
        return work

    return added


def _with_fields(work: Callable[..., Any]) -> Callable[..., None]:
    """A function that takes the fields of the dataclasses which another takes."""
    parameters = signature(work).parameters
    options = {
        name: each.annotation for name, each in parameters.items() if isinstance(each.annotation, type)
    }
    groups = {name: kind for name, kind in options.items() if is_dataclass(kind)}

    shows = signature(work).return_annotation is not None

    @wraps(work)
    def command(**given: Any) -> None:
        as_json = given.pop(_JSON.name, False)
        for name, group in groups.items():
            given[name] = group(**{field: given.pop(field) for field in signature(group).parameters})
        shown = work(**given)
        if isinstance(shown, Shown):
            shown.print(as_json=as_json)
            raise typer.Exit(shown.code)

    spread = [
        inner.replace(kind=Parameter.KEYWORD_ONLY)
        for name, each in parameters.items()
        for inner in (signature(groups[name]).parameters.values() if name in groups else [each])
    ]
    if shows:
        spread.append(_JSON)
    command.__signature__ = Signature(spread)  # type: ignore[attr-defined] # where `inspect` looks first
    return command
