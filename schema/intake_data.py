"""What is taken in at once, as a client gives it."""

from typing import Any

import strawberry

from models import PERSONAL, Category, IntakeConsent, IntakeContent, IntakeRow, Personal, Purpose, stored
from procedures import own
from schema.category import made, snake, spoken
from schema.own import Members, written
from schema.reading import key_of


@strawberry.input(description="A consent given together with the data.")
class IntakeConsentInput:
    """One category, one purpose, and the notice that was shown."""

    category: Category = strawberry.field(description="To what.")
    purpose: Purpose = strawberry.field(description="What for.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that was shown.")


def _row(model: type[Personal]) -> Any:
    """The input of one row of a category of which there may be several."""
    noun = spoken(model)
    about = f"{noun.capitalize()} to be kept."
    return strawberry.input(made(f"{model.__name__}Input", written(own.written(model))), description=about)


def _members() -> Members:
    """The rows that can be taken in: a list for each category, or its fields where there is one row."""
    found: Members = {}
    for model in _TAKEN:
        declared = model.declared
        if declared.many:
            field = strawberry.field(default_factory=list, description=declared.about)
            found[snake(declared.edge)] = (_listed(declared.name), field)
        else:
            found |= written(own.written(model))
    return found


def _listed(name: str) -> Any:
    row: Any = _ROWS[name]
    return list[row]


_TAKEN = [model for model in PERSONAL.values() if model.declared.in_intake]
_ROWS = {model.__name__: _row(model) for model in _TAKEN if model.declared.many}

IntakeDataInput: Any = strawberry.input(
    made(
        "IntakeDataInput",
        {
            "consents": (list[IntakeConsentInput], strawberry.field(description="What is consented to.")),
            **_members(),
        },
    ),
    description="What is taken in at once; nothing of a category without a consent to it.",
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
