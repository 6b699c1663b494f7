"""What customers do with rows of their own: add, change and remove them, in each category that they write themselves."""

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry

from models import PERSONAL, Part, Personal
from policies.actor import Actor
from procedures import own
from schema.category import VIEWS, class_of, spoken, type_of
from schema.legal_hold import HELD
from schema.reading import ContextInfo, Input, Payload, actor_of, attempt, key_of, payload_of, snake

REVISION = (
    "The revision that you read, from `provenance`: if the row has another one by now, nothing is changed. "
    "If left out, the last change wins."
)

Members = dict[str, tuple[Any, Any]]
Work = Callable[[Any, Any], Awaitable[Any]]


def input_members(parts: dict[str, Part]) -> Members:
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


def _values(model: type[Personal], input: Any) -> dict[str, Any]:
    return {name: getattr(input, name) for name in own.written(model)}


def _mutation(name: str, input: Any, payload: Any, description: str, work: Work) -> Any:
    async def resolver(info: Any, input: Any) -> Any:
        return payload(**await work(info, input))

    resolver.__name__ = name
    resolver.__annotations__ = {
        "info": ContextInfo,
        "input": Input[input],  # type: ignore[misc]  # made of the declarations
        "return": payload,
    }
    return strawberry.mutation(resolver=resolver, description=description)


def _row_payload(model: type[Personal], verb: str, about: str) -> Any:
    noun = spoken(model)
    view: Any = VIEWS[model.__name__]
    field = strawberry.field(default=None, description=f"The {noun}.")
    members: Members = {snake(model.__name__): (view | None, field)}
    return strawberry.type(class_of(f"{model.__name__}{verb}Payload", members, Payload), description=about)


def _add(model: type[Personal]) -> Any:
    name, noun = snake(model.__name__), spoken(model)
    members: Members = {
        "customer_id": (strawberry.ID, strawberry.field(description="The identifier of your own record.")),
        **input_members(own.written(model)),
    }
    input = strawberry.input(
        class_of(f"{model.__name__}AddInput", members), description=f"The {noun} to add to your record."
    )

    async def work(info: Any, input: Any) -> Any:
        return await payload_of(info, model.__name__, added(actor_of(info), input))

    async def added(actor: Actor, input: Any) -> Personal:
        customer = key_of(input.customer_id, "Customer")
        return await own.add(model, customer, _values(model, input), by=actor)

    about = f"Add {_a(noun)} to your record; adding the same one again changes nothing."
    payload = _row_payload(model, "Add", f"The added {noun}.")
    return _mutation(f"{name}_add", input, payload, about, work)


def _change(model: type[Personal]) -> Any:
    name, noun = snake(model.__name__), spoken(model)
    key_name, key_about = (
        (f"{name}_id", f"The {noun}.")
        if model.declared.many
        else ("customer_id", "The identifier of your own record.")
    )
    members: Members = {
        key_name: (strawberry.ID, strawberry.field(description=key_about)),
        **input_members(own.written(model)),
        "revision": (int | None, strawberry.field(default=None, description=REVISION)),
    }
    about = f"The new values of your {noun}; a field that is left out becomes empty."
    input = strawberry.input(class_of(f"{model.__name__}ChangeInput", members), description=about)

    async def work(info: Any, input: Any) -> Any:
        return await payload_of(info, model.__name__, changed(actor_of(info), input))

    async def changed(actor: Actor, input: Any) -> Personal:
        do, of = (own.change, model.__name__) if model.declared.many else (own.add, "Customer")
        key = key_of(getattr(input, key_name), of)
        return await do(model, key, _values(model, input), by=actor, revision=input.revision)

    payload = _row_payload(model, "Change", f"The changed {noun}; it is no longer verified.")
    return _mutation(f"{name}_change", input, payload, f"Change {_a(noun)} of your own.", work)


def _remove(model: type[Personal]) -> Any:
    name, noun = snake(model.__name__), spoken(model)
    members: Members = {
        f"{name}_id": (strawberry.ID, strawberry.field(description=f"The {noun}.")),
        "revision": (int | None, strawberry.field(default=None, description=REVISION)),
    }
    input = strawberry.input(
        class_of(f"{model.__name__}RemoveInput", members), description=f"The {noun} to remove."
    )
    removed_id = f"The identifier of the removed {noun}; null if it was not removed."
    outcome: Members = {
        "removed_id": (strawberry.ID | None, strawberry.field(default=None, description=removed_id)),
        "held_rows": (int | None, strawberry.field(default=None, description=HELD)),
    }
    about = f"The result of removing {_a(noun)}."
    payload = strawberry.type(class_of(f"{model.__name__}RemovePayload", outcome, Payload), description=about)

    async def work(info: Any, input: Any) -> dict[str, Any]:
        actor, identifier = actor_of(info), getattr(input, f"{name}_id")
        held_rows, errors = await attempt(removed(actor, identifier, input.revision), actor)
        id = None if held_rows is None else identifier
        return {"removed_id": id, "held_rows": held_rows, "user_errors": errors}

    async def removed(actor: Actor, identifier: str, revision: int | None) -> int:
        return await own.remove(model, key_of(identifier, model.__name__), by=actor, revision=revision)

    return _mutation(f"{name}_remove", input, payload, f"Remove {_a(noun)} of your own.", work)


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _mutations() -> Any:
    mutations: dict[str, Any] = {}
    for model in PERSONAL.values():
        name = snake(model.__name__)
        if model.declared.written_by_customers:
            mutations[f"{name}_change"] = _change(model)
            if model.declared.many:
                mutations |= {f"{name}_add": _add(model), f"{name}_remove": _remove(model)}
    return strawberry.type(type("OwnMutations", (), mutations))


OwnMutations = _mutations()
