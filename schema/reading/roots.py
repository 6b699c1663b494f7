"""The fields of `Query` and `Mutation`, each declared by one function, of which the docstring is the description.

Parameters before `*` are what clients give: arguments of a query, members of a mutation's input. After it may stand `by`,
for which somebody must be signed in, `context` and `info`. What a function refuses by a `ProcedureError` becomes an error of
the query, or `userErrors` of the mutation; so does an identifier that is wrong.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from policies.conditions import Compare, Param, Path, ir
from policies.statements import Order, search
from schema.reading import actions, guard, keyed, lookups
from schema.reading.connections import Connection, Page, page
from schema.reading.context import Context, ContextInfo
from schema.reading.guard import Question
from schema.reading.outcome import Fields, Outcome
from schema.reading.parameters import (
    After,
    First,
    Given,
    Id,
    Members,
    class_of,
    given,
    input_of,
    outer_names,
    read,
)
from schema.reading.payload import Payload, actor_of, attempt, recorded_if_refused
from schema.reading.released import described, object_type, value
from schema.reading.selection import selected

Work = Callable[..., Awaitable[Any]]


@dataclass(frozen=True)
class Root:
    """A field of `Query` or `Mutation`: which of them, its name in Python, and what strawberry makes of it."""

    of: str
    name: str
    field: Any


def query(work: Work) -> Root:
    """Decorator: makes a query of a function."""
    returns = typing.get_type_hints(work, include_extras=True)["return"]
    return _query(work.__name__, described(work), given(work), returns, work)


def one_of(view: Any, name: str, description: str) -> Root:
    """A query of one record of a type by its identifier."""

    async def work(id: UUID, *, info: Any) -> Any:
        return await guard.one(info.context, selected(info, view.__name__), Question().among("id", [id]))

    id = Given(strawberry.ID, "The identifier.", id=Id(view.__name__))
    return _query(name, description, {"id": id}, view | None, work)


def all_of(
    view: Any,
    name: str,
    description: str,
    order: Order,
    filter: Any = None,
    where: Any = None,
    *,
    public: bool = False,
) -> Root:
    """A query of the records of a type that the actor may see, by pages.

    Args:
        view: the type.
        name: of the query, in Python.
        description: of the query.
        order: of the records.
        filter: the type of its argument `filter`.
        where: gives the question for the context and a filter.
        public: whether nobody needs to be signed in.
    """

    async def work(first: First = 50, after: After = None, *, info: Any, **filtered: Any) -> Any:
        if not public:
            actor_of(info)
        question = where(info.context, filtered.get("filter") or filter()) if filter else Question()
        return await page(info, view.__name__, question, Page(first, after, order))

    taken = given(work)
    if filter:
        about = filter.__strawberry_definition__.description
        taken["filter"] = Given(filter | None, about, None)
    return _query(name, description, taken, Connection[view], work)


def having(context: Context, type_name: str, values: Mapping[str, Any]) -> Question:
    """Records of which the actor may see these fields, and they equal the values; None asks nothing of a field."""
    plan, question = context.policy.plan(context.actor, type_name), Question()
    for name, wanted in values.items():
        if wanted is not None:
            question = question.also(search.equals(plan, name, name), {name: wanted.value})
    return question


def before(question: Question, context: Context, type_name: str, name: str, at: datetime | None) -> Question:
    """The same, with a field that the actor may see and that is before an instant; None asks nothing more."""
    if at is None:
        return question
    visible = context.policy.plan(context.actor, type_name).grant(name).condition
    earlier = Compare("<", Path(ir.THIS, (name,)), Param("before"))
    return question.also(ir.conjunction([visible, earlier]), {"before": at})


def mutation(
    outcome: str,
    fields: Fields | None = None,
    *,
    input: Any = "The input.",
    creates: bool = False,
    as_given: bool = False,
) -> Callable[[Work], Root]:
    """Decorator: makes a mutation of a function, with a payload.

    The function returns what the payload's only field shows, or a tuple in the fields' order, or an object with
    attributes of their names; a record is shown as the actor may see it then.

    Args:
        outcome: the description of the payload.
        fields: of the payload, besides `userErrors`.
        input: the description of the input; or its type, which is then the function's only parameter before `*`.
        as_given: whether staff may do it or not by what they give, such as a purpose, which `actions` cannot know.
        creates: whether it makes something; then it takes a client's key, and what is asked for again under the same key
            is not done again. The function is called within a transaction.
    """

    def declare(work: Work) -> Root:
        if as_given:
            actions.AS_GIVEN.add(work.__name__)
        members = given(work) if isinstance(input, str) else {}
        name, about = work.__name__, described(work)
        return mutation_of(name, about, work, members, input, outcome, fields or {}, creates=creates)

    return declare


def mutation_of(
    name: str,
    description: str,
    work: Work,
    members: Mapping[str, Given],
    input: Any,
    outcome: str,
    fields: Fields,
    *,
    creates: bool = False,
) -> Root:
    """A mutation of its parts, as for `mutation`; the function gets the members of the input by name.

    Its types are called after it: `task_open` takes a `TaskOpenInput` and returns a `TaskOpenPayload`.
    """
    noun = "".join(part.capitalize() for part in name.split("_"))
    payload = object_type(class_of(f"{noun}Payload", outcome, _shown(fields), Payload))
    begun = _beginning(work, members)
    actions.declared(name, (each.id.type_name for each in members.values() if each.id and each.id.type_name))
    key = {keyed.KEY: keyed.GIVEN} if creates else {}
    if isinstance(input, str):
        described_input = input
        members, key = {**members, **key}, {}
        input = input_of(f"{noun}Input", members, described_input) if members else None

    outer = outer_names(input) if input else {}

    async def resolve(info: Any, values: dict[str, Any]) -> Any:
        if members:
            values = {member: getattr(values["input"], member) for member in members}
        outcome = Outcome(info, fields)
        work = keyed.work(name, info, values, begun, outcome) if creates else begun(info, values)
        result, errors = await attempt(work, info.context.actor)
        for each in errors:
            if each.path and each.path[0] in outer:
                each.path.insert(0, outer[each.path[0]])
        return payload(user_errors=errors, **({} if errors else await outcome.shown(result)))

    arguments = ({"input": Given(input, "The input.")} if input else {}) | key
    return _root("Mutation", name, description, arguments, payload, resolve)


def _query(name: str, description: str, taken: Mapping[str, Given], returns: Any, work: Work) -> Root:
    begun = _beginning(work, taken)

    async def resolve(info: Any, values: dict[str, Any]) -> Any:
        return await recorded_if_refused(begun(info, values), info.context.actor)

    return _root("Query", name, description, taken, returns, resolve)


def _root(
    of: str, name: str, description: str, taken: Mapping[str, Given], returns: Any, resolve: Any
) -> Root:
    """A field whose resolver has the signature that strawberry reads arguments and type from.

    It may be null, so that an error of one field leaves those beside it as they are.
    """
    looked_up = lookups.of_root(of, name, taken)

    async def resolver(*, info: Any, **values: Any) -> Any:
        return await looked_up.watch(info.context, values, lambda: resolve(info, values))

    info = inspect.Parameter("info", inspect.Parameter.KEYWORD_ONLY, annotation=ContextInfo)
    arguments = [each.argument(parameter) for parameter, each in taken.items()]
    resolver.__name__ = name
    resolver.__signature__ = inspect.Signature([info, *arguments], return_annotation=returns | None)  # type: ignore[attr-defined]  # what strawberry reads
    return Root(of, name, strawberry.field(resolver=resolver, description=description))


def _beginning(work: Work, taken: Mapping[str, Given]) -> Callable[[Any, dict[str, Any]], Awaitable[Any]]:
    """Gives a function what it takes of a request, to be awaited; raises Unauthenticated if it takes `by` of nobody."""
    takes = inspect.signature(work).parameters

    def begun(info: Any, values: dict[str, Any]) -> Awaitable[Any]:
        around = {"context": info.context, "info": info} | ({"by": actor_of(info)} if "by" in takes else {})
        return started(values, {name: value for name, value in around.items() if name in takes})

    async def started(values: dict[str, Any], around: dict[str, Any]) -> Any:
        return await work(**read(taken, values), **around)

    return begun


def _shown(fields: Fields) -> Members:
    return {
        name: (kind | None, value(description, default=None)) for name, (kind, description) in fields.items()
    }
