"""What customers do with rows of their own: add, change and remove them, in each category that they write themselves."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import PERSONAL, Part, Personal
from policies.actor import Actor
from procedures import own
from schema.category import VIEWS, made, snake, spoken, type_of
from schema.legal_hold import HELD
from schema.reading import Context, Plain, UserError, actor_of, answered, attempt, errors, key_of

REVISION = (
    "The revision that was read, from `provenance`: when the row has another one, nothing happens. "
    "Without it, the last to write wins."
)

Members = dict[str, tuple[Any, Any]]
Work = Callable[[Any, Any], Awaitable[Any]]


def written(parts: dict[str, Part]) -> Members:
    """The members of an input that has these fields."""
    return {
        name: (
            type_of(part) | None if part.empty else type_of(part),
            strawberry.field(default=None, description=part.description)
            if part.empty
            else strawberry.field(description=part.description),
        )
        for name, part in parts.items()
    }


def _given(model: type[Personal], input: Any) -> dict[str, Any]:
    return {name: getattr(input, name) for name in own.written(model)}


def _mutation(name: str, input: Any, payload: Any, description: str, work: Work) -> Any:
    async def resolver(info: Any, input: Any) -> Any:
        return payload(**await work(info, input))

    resolver.__name__ = name
    resolver.__annotations__ = {
        "info": Info[Context, None],
        "input": Annotated[input, strawberry.argument(description="What to do.")],
        "return": payload,
    }
    return strawberry.mutation(resolver=resolver, description=description)


def _row_payload(model: type[Personal], done: str) -> Any:
    noun = spoken(model)
    view: Any = VIEWS[model.__name__]
    members: Members = {
        snake(model.__name__): (view | None, strawberry.field(default=None, description=f"The {noun}.")),
        "user_errors": (list[UserError], errors()),
    }
    about = f"{_a(noun)} that was {done}{', and is verified no more' if done == 'changed' else ''}."
    name = f"{model.__name__}{_VERB[done]}Payload"
    return strawberry.type(made(name, members, Plain), description=about)


_VERB = {"added": "Add", "changed": "Change"}


def _add(model: type[Personal]) -> Any:
    name, noun = snake(model.__name__), spoken(model)
    members: Members = {
        "customer_id": (strawberry.ID, strawberry.field(description="Whose.")),
        **written(own.written(model)),
    }
    input = strawberry.input(
        made(f"{model.__name__}AddInput", members), description=f"{_a(noun)} of one's own to add."
    )

    async def work(info: Any, input: Any) -> Any:
        return await answered(info, model.__name__, name, added(actor_of(info), input))

    async def added(actor: Actor, input: Any) -> Personal:
        customer = key_of(input.customer_id, "Customer")
        return await own.add(model, customer, _given(model, input), by=actor)

    about = f"Add {_a(noun).lower()} of one's own; one that is there already is not added twice."
    return _mutation(f"{name}_add", input, _row_payload(model, "added"), about, work)


def _change(model: type[Personal]) -> Any:
    name, noun = snake(model.__name__), spoken(model)
    which, whose = (f"{name}_id", f"The {noun}.") if model.declared.many else ("customer_id", "Whose.")
    members: Members = {
        which: (strawberry.ID, strawberry.field(description=whose)),
        **written(own.written(model)),
        "revision": (int | None, strawberry.field(default=None, description=REVISION)),
    }
    about = f"{_a(noun)} of one's own, as it is to be; what is left out is empty."
    input = strawberry.input(made(f"{model.__name__}ChangeInput", members), description=about)

    async def work(info: Any, input: Any) -> Any:
        return await answered(info, model.__name__, name, changed(actor_of(info), input))

    async def changed(actor: Actor, input: Any) -> Personal:
        do, of = (own.change, model.__name__) if model.declared.many else (own.add, "Customer")
        key = key_of(getattr(input, which), of)
        return await do(model, key, _given(model, input), by=actor, revision=input.revision)

    payload = _row_payload(model, "changed")
    return _mutation(f"{name}_change", input, payload, f"Change {_a(noun).lower()} of one's own.", work)


def _remove(model: type[Personal]) -> Any:
    name, noun = snake(model.__name__), spoken(model)
    members: Members = {
        f"{name}_id": (strawberry.ID, strawberry.field(description=f"The {noun}.")),
        "revision": (int | None, strawberry.field(default=None, description=REVISION)),
    }
    input = strawberry.input(
        made(f"{model.__name__}RemoveInput", members), description=f"{_a(noun)} of one's own to remove."
    )
    gone = strawberry.field(default=None, description="The identifier of what is gone.")
    outcome: Members = {
        "removed_id": (strawberry.ID | None, gone),
        "held_rows": (int | None, strawberry.field(default=None, description=HELD)),
        "user_errors": (list[UserError], errors()),
    }
    about = f"{_a(noun)} that was removed."
    payload = strawberry.type(made(f"{model.__name__}RemovePayload", outcome, Plain), description=about)

    async def work(info: Any, input: Any) -> dict[str, Any]:
        actor, identifier = actor_of(info), getattr(input, f"{name}_id")
        held, reasons = await attempt(removed(actor, identifier, input.revision), actor)
        id = identifier if held is not None else None
        return {"removed_id": id, "held_rows": held, "user_errors": reasons}

    async def removed(actor: Actor, identifier: str, revision: int | None) -> int:
        return await own.remove(model, key_of(identifier, model.__name__), by=actor, revision=revision)

    return _mutation(f"{name}_remove", input, payload, f"Remove {_a(noun).lower()} of one's own.", work)


def _a(noun: str) -> str:
    return f"{'An' if noun[0] in 'aeiou' else 'A'} {noun}"


def _mutations() -> Any:
    found: Members = {}
    for model in PERSONAL.values():
        name = snake(model.__name__)
        if model.declared.written_by_customers:
            found[f"{name}_change"] = (Any, _change(model))
            if model.declared.many:
                found |= {f"{name}_add": (Any, _add(model)), f"{name}_remove": (Any, _remove(model))}
    body = {name: field for name, (_, field) in found.items()}
    return strawberry.type(type("OwnMutations", (), body))


OwnMutations = _mutations()
