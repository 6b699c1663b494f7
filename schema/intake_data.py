"""The data of a new customer, as a client gives them."""

from typing import Any

import strawberry

from models import PERSONAL, Category, IntakeConsent, IntakeContent, IntakeRow, Personal, Purpose, stored
from procedures import own
from schema.category import class_of, spoken
from schema.own import Members, input_members
from schema.reading import key_of, snake


@strawberry.input(description="A consent given together with the data.")
class IntakeConsentInput:
    """One category, one purpose, and the notice that was shown."""

    category: Category = strawberry.field(description="The category of data.")
    purpose: Purpose = strawberry.field(description="The purpose.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer was shown.")


def _row(model: type[Personal]) -> Any:
    """The input of one row of a category of which there may be several."""
    noun = spoken(model)
    about = f"The {noun} to record."
    return strawberry.input(
        class_of(f"{model.__name__}Input", input_members(own.written(model))), description=about
    )


def _members() -> Members:
    """The rows that can be taken in: a list for each category, or its fields where there is one row."""
    members: Members = {}
    for model in _TAKEN:
        declared = model.declared
        if declared.many:
            field = strawberry.field(default_factory=list, description=declared.about)
            members[snake(declared.edge)] = (_listed(declared.name), field)
        else:
            members |= input_members(own.written(model))
    return members


def _listed(name: str) -> Any:
    row: Any = _ROWS[name]
    return list[row]


_TAKEN = [model for model in PERSONAL.values() if model.declared.in_intake]
_ROWS = {model.__name__: _row(model) for model in _TAKEN if model.declared.many}

IntakeDataInput: Any = strawberry.input(
    class_of(
        "IntakeDataInput",
        {
            "consents": (
                list[IntakeConsentInput],
                strawberry.field(description="The consents that are given."),
            ),
            **_members(),
        },
    ),
    description="The data to record; each category needs a consent.",
)


def content_of(data: Any) -> IntakeContent:
    """The same for the procedures.

    Raises:
        MalformedId, ForeignId: what is named as a notice is none.
    """
    consents = tuple(
        IntakeConsent(each.category.value, each.purpose.value, str(key_of(each.notice_id, "Notice")))
        for each in data.consents
    )
    return IntakeContent(consents, tuple(row for model in _TAKEN for row in _rows(model, data)))


def _rows(model: type[Personal], data: Any) -> list[IntakeRow]:
    names = own.written(model)
    given = getattr(data, snake(model.declared.edge)) if model.declared.many else [data]
    rows = [{name: stored(getattr(each, name)) for name in names} for each in given]
    category = model.category.value
    # Fields that stand beside the lists are no row while all of them are left out.
    return [
        IntakeRow(category, row)
        for row in rows
        if model.declared.many or any(v is not None for v in row.values())
    ]
