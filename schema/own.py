"""What is written into a customer's data, in each category that customers write themselves.

Rows are added and changed by the customer, and on the customer's word by staff whose task needs them; removed by the
customer alone.
"""

from typing import Any
from uuid import UUID

import strawberry

from models import PERSONAL, Part, Personal, snake
from policies.actor import Actor
from procedures import own
from schema.category import VIEWS, spoken, type_of
from schema.legal_hold import HELD
from schema.reading import Given, Id, Root, encode, mutation_of

REVISION = Given(
    int | None,
    "The revision that you read, from `provenance`: if the row has another one by now, nothing is changed. "
    "If left out, the last change wins.",
    None,
)
OWN_ID = Given(strawberry.ID, "The customer; your own record, if you are the customer.", id=Id("Customer"))
EVIDENCE = Given(
    str | None,
    "How the customer said so, such as by telephone; the customer reads it. Left out by the customer.",
    None,
)


def given(parts: dict[str, Part]) -> dict[str, Given]:
    """The members of an input that has these fields."""
    return {
        name: Given(type_of(part) | None, part.description, None)
        if part.empty
        else Given(type_of(part), part.description)
        for name, part in parts.items()
    }


def changed(parts: dict[str, Part]) -> dict[str, Given]:
    """The members of an input by which some of these fields are changed: what is left out stays."""
    return {
        name: Given(type_of(part) | None, part.description, strawberry.UNSET) for name, part in parts.items()
    }


def _key(model: type[Personal]) -> dict[str, Given]:
    """What names a row: the row, or the customer where there is one row."""
    if not model.declared.many:
        return {"customer_id": OWN_ID}
    row = Given(strawberry.ID, f"The {spoken(model)}.", id=Id(model.__name__))
    return {f"{snake(model.__name__)}_id": row}


def _add(model: type[Personal]) -> Root:
    name, noun = snake(model.__name__), spoken(model)

    async def add(customer_id: UUID, *, by: Actor, evidence: str | None, **values: Any) -> Any:
        return await own.add(model, customer_id, values, by=by, evidence=evidence)

    return mutation_of(
        f"{name}_add",
        f"Add {_a(noun)} to your record, or as an employee whose task needs it, on the customer's word; adding the same "
        "one again changes nothing.",
        add,
        {"customer_id": OWN_ID, **given(own.written(model)), "evidence": EVIDENCE},
        f"The {noun} to add.",
        f"The added {noun}.",
        {name: (VIEWS[model.__name__], f"The {noun}.")},
        creates=True,
    )


def _change(model: type[Personal]) -> Root:
    name, noun = snake(model.__name__), spoken(model)
    (key,) = _key(model)
    do = own.change if model.declared.many else own.add

    async def change(*, by: Actor, revision: int | None, evidence: str | None, **values: Any) -> Any:
        row = values.pop(key)
        named = {name: each for name, each in values.items() if each is not strawberry.UNSET}
        return await do(model, row, named, by=by, revision=revision, evidence=evidence)

    return mutation_of(
        f"{name}_change",
        f"Change {_a(noun)} of your own, or as an employee whose task needs it, on the customer's word.",
        change,
        _key(model) | changed(own.written(model)) | {"revision": REVISION, "evidence": EVIDENCE},
        f"The new values of the {noun}; a field that is left out stays as it is, null empties it.",
        f"The changed {noun}; it is no longer verified.",
        {name: (VIEWS[model.__name__], f"The {noun}.")},
        # The only row there can be is made by its first change.
        creates=not model.declared.many,
    )


def _remove(model: type[Personal]) -> Root:
    name, noun = snake(model.__name__), spoken(model)

    async def remove(*, by: Actor, revision: int | None, **row: UUID) -> Any:
        (key,) = row.values()
        return encode(model.__name__, key), await own.remove(model, key, by=by, revision=revision)

    return mutation_of(
        f"{name}_remove",
        f"Remove {_a(noun)} of your own.",
        remove,
        _key(model) | {"revision": REVISION},
        f"The {noun} to remove.",
        f"The result of removing {_a(noun)}.",
        {
            "removed_id": (
                strawberry.ID,
                f"The identifier of the removed {noun}; null if it was not removed.",
            ),
            "held_rows": (int, HELD),
        },
    )


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


_WRITTEN = [model for model in PERSONAL.values() if model.declared.written_by_customers]

MUTATIONS = [
    *map(_change, _WRITTEN),
    *(make(model) for make in (_add, _remove) for model in _WRITTEN if model.declared.many),
]
