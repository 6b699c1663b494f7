"""What a query or mutation looks up by what its caller names, and how much of it was found.

Whatever is an identifier, wherever it stands in the arguments, names a record; a text that is an argument of a query, or
stands in its filter, is what records are found by; a cursor names the record that a page begins behind. So what a new
root looks up is counted without a word about it. A choice, a number, a day or an instant names nobody, and a list without
a filter is no look-up.

What is not there for the actor and what is not there at all is the same to all of this: whether something was found is
asked of the guard, in the same statement for both.
"""

from __future__ import annotations

import asyncio
import types
import typing
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

import strawberry
from strawberry.types.base import StrawberryContainer

from models.errors import ProcedureError
from policies.errors import PolicyError, Refused, Undecided
from procedures.errors import NotFound
from procedures.lookup import missed_mark
from schema.reading import guard
from schema.reading.connections import Connection, StaleCursor
from schema.reading.context import Context
from schema.reading.node import ForeignId, MalformedId, decode, encode
from schema.reading.parameters import Given, graphql_name
from schema.reading.payload import Payload
from schema.reading.released import Released, fields_of

#: A record's type and key.
Key = tuple[str, UUID]


@dataclass(frozen=True)
class Argument:
    """An argument, or a member of an input, that names what is looked up.

    Attributes:
        path: the names in Python that lead to it.
        kind: an identifier, a text that records are found by, or a cursor.
    """

    path: tuple[str, ...]
    kind: Literal["key", "text", "cursor"]

    @property
    def name(self) -> str:
        """As clients write it."""
        return graphql_name(self.path[-1])


@dataclass(frozen=True)
class Named:
    """What the caller of a root named, by argument."""

    keys: Mapping[str, list[Key]]
    texts: Mapping[str, str]
    cursor: str | None

    def __bool__(self) -> bool:
        return bool(self.keys or self.texts or self.cursor)


@dataclass(frozen=True)
class OfRoot:
    """What is looked up by a field of `Query` or `Mutation`."""

    of: str
    name: str
    taken: Mapping[str, Given]

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        """Those by which something is looked up."""
        found = (each for name, given in self.taken.items() for each in _arguments(given.type, (name,)))
        return tuple(each for each in found if each.kind == "key" or self.of == "Query")

    async def watch(
        self, context: Context, values: Mapping[str, Any], work: Callable[[], Awaitable[Any]]
    ) -> Any:
        """What the root answers, with what it looked up counted; a query is refused where look-ups are."""
        named = self._named(context, values) if self.arguments and context.actor.actor_id else None
        if not named:
            return await work()
        if self.of == "Mutation":
            return await self._counted(context, named, work)
        context.standing.check(context.actor.now)
        counting = asyncio.ensure_future(self._counted(context, named, work))
        context.lookups.under_way.append(counting)
        return await asyncio.shield(counting)

    async def _counted(self, context: Context, named: Named, work: Callable[[], Awaitable[Any]]) -> Any:
        try:
            result = await work()
        except (ProcedureError, Refused) as error:
            await self._failed(context, named, error)
            raise
        await self._answered(context, named, result)
        return result

    def _named(self, context: Context, values: Mapping[str, Any]) -> Named:
        keys: dict[str, list[Key]] = {}
        texts: dict[str, str] = {}
        cursor = None
        for argument in self.arguments:
            given = list(_values(values, argument.path))
            if argument.kind == "key":
                # Whoever asks of their own record knows that it is there.
                if found := [key for key in _keys(given) if key != ("Customer", context.actor.customer_id)]:
                    keys[argument.name] = found
            elif given and argument.kind == "text":
                texts[argument.name] = "\0".join(given).strip().casefold()
            elif given:
                cursor = given[0]
        return Named(keys, texts, cursor)

    async def _failed(self, context: Context, named: Named, error: Exception) -> None:
        """Count what a root looked up that ended with an error, as far as it came to looking."""
        if isinstance(error, StaleCursor) and named.cursor:
            self._count_cursor(context, named.cursor, missed=True)
        elif isinstance(error, NotFound | Refused):
            await self._count_keys(context, named, frozenset())
            self._count_texts(context, named, missed=True)

    async def _answered(self, context: Context, named: Named, result: Any) -> None:
        """Count what a root looked up that has answered."""
        if isinstance(result, Payload):
            codes = {each.code for each in result.user_errors}
            if not codes & {MalformedId.code, ForeignId.code}:
                await self._count_keys(context, named, None if not codes else frozenset())
            return
        if named.cursor:
            self._count_cursor(context, named.cursor, missed=False)
        shown = list(_shown(result))
        complete = bool(shown) and None not in shown
        seen = frozenset((type(view).__name__, view.key) for view in shown if isinstance(view, Released))
        await self._count_keys(context, named, None if complete else seen)
        self._count_texts(context, named, missed=not complete)

    async def _count_keys(self, context: Context, named: Named, seen: frozenset[Key] | None) -> None:
        """Count the records named by identifiers; `seen` are known to be there, None says that all of them are."""
        keys = {key for each in named.keys.values() for key in each}
        missed = set() if seen is None else await _absent(context, keys - seen)
        if keys:
            marks = [missed_mark(encode(*key)) for key in missed]
            context.lookups.add((graphql_name(self.name), tuple(sorted(named.keys))), len(keys), marks)

    def _count_texts(self, context: Context, named: Named, *, missed: bool) -> None:
        if named.texts:
            names = tuple(sorted(named.texts))
            marks = [missed_mark(self.name, *names, *(named.texts[name] for name in names))] if missed else []
            context.lookups.add((graphql_name(self.name), names), 1, marks)

    def _count_cursor(self, context: Context, cursor: str, *, missed: bool) -> None:
        marks = [missed_mark(self.name, cursor)] if missed else []
        context.lookups.add((graphql_name(self.name), ("after",)), 1, marks)


def of_root(of: str, name: str, taken: Mapping[str, Given]) -> OfRoot:
    """What is looked up by a field of `Query` or `Mutation`, named as in Python, with these arguments."""
    return OfRoot(of, name, taken)


async def _absent(context: Context, keys: Iterable[Key]) -> set[Key]:
    """Those records that are not there for the actor; all of a type of which that cannot be decided."""
    by_type: dict[str, list[UUID]] = {}
    for type_name, id in keys:
        by_type.setdefault(type_name, []).append(id)
    absent: set[Key] = set()
    for type_name, ids in sorted(by_type.items()):
        try:
            there = await guard.granted(context.aside(), type_name, (), ids)
        except (PolicyError, Undecided):
            there = {}
        absent.update((type_name, id) for id in ids if id not in there)
    return absent


def _arguments(annotation: Any, path: tuple[str, ...]) -> Iterator[Argument]:
    kind = _bare(annotation)
    if kind is strawberry.ID:
        yield Argument(path, "key")
    elif kind is str:
        yield Argument(path, "cursor" if path[-1] == "after" else "text")
    elif getattr(getattr(kind, "__strawberry_definition__", None), "is_input", False):
        for field in fields_of(kind):
            yield from _arguments(field.type, (*path, field.python_name))


def _bare(annotation: Any) -> Any:
    """The type of single values: of `list[ID] | None` that is `ID`."""
    while True:
        if isinstance(annotation, StrawberryContainer):
            annotation = annotation.of_type
        elif typing.get_origin(annotation) in (list, typing.Union, types.UnionType):
            annotation = next(each for each in typing.get_args(annotation) if each is not type(None))
        else:
            return annotation


def _values(given: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """The values at the end of a path, without those that were left out."""
    if given is None:
        return
    if isinstance(given, list):
        for each in given:
            yield from _values(each, path)
    elif path:
        below = given.get(path[0]) if isinstance(given, Mapping) else getattr(given, path[0], None)
        yield from _values(below, path[1:])
    else:
        yield given


def _keys(identifiers: Iterable[str]) -> list[Key]:
    """The records that identifiers name; what is none of ours names nothing, and is not looked up."""
    found = []
    for each in identifiers:
        with suppress(MalformedId):
            found.append(decode(each))
    return found


def _shown(result: Any) -> list[Any]:
    """What a root shows, each record for itself."""
    if isinstance(result, Connection):
        return list(result.nodes)
    return result if isinstance(result, list) else [result]
