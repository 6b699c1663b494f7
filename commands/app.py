"""Typer, but for options that several commands take together."""

from collections.abc import Callable
from dataclasses import is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar

import typer

Command = TypeVar("Command", bound=Callable[..., None])


class App(typer.Typer):
    """A group of commands, each of which may take a dataclass of options: `where: Where = HERE`.

    Typer is told of an option for each of its fields, in their order, where the dataclass stands.
    """

    def command(self, name: str | None = None, **more: Any) -> Callable[[Command], Command]:
        """Add a command."""
        return _of_options(super().command(name, **more))

    def callback(self, **more: Any) -> Callable[[Command], Command]:
        """Add what stands before the commands."""
        return _of_options(super().callback(**more))


def _of_options(add: Callable[[Callable[..., None]], object]) -> Callable[[Command], Command]:
    def added(work: Command) -> Command:
        add(_with_fields(work))
        return work

    return added


def _with_fields(work: Callable[..., None]) -> Callable[..., None]:
    """A function that takes the fields of the dataclasses which another takes."""
    parameters = signature(work).parameters
    options = {
        name: each.annotation for name, each in parameters.items() if isinstance(each.annotation, type)
    }
    groups = {name: kind for name, kind in options.items() if is_dataclass(kind)}

    @wraps(work)
    def command(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{field: given.pop(field) for field in signature(group).parameters})
        work(**given)

    spread = [
        inner.replace(kind=Parameter.KEYWORD_ONLY)
        for name, each in parameters.items()
        for inner in (signature(groups[name]).parameters.values() if name in groups else [each])
    ]
    command.__signature__ = Signature(spread)  # type: ignore[attr-defined] # where `inspect` looks first
    return command
