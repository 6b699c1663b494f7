"""The data of a new customer, as a client gives them."""

from typing import Any

import strawberry

from models import (
    PERSONAL,
    Category,
    IntakeConsent,
    IntakeContent,
    IntakeRow,
    Personal,
    Purpose,
    snake,
    stored,
)
from procedures import own
from schema.category import spoken
from schema.own import given
from schema.reading import Given, input_of, input_type, key_of, value


@input_type
class IntakeConsentInput:
    """A consent given together with the data."""

    category: Category = value("The category of data.")
    purpose: Purpose = value("The purpose.")
    notice_id: strawberry.ID = value("The notice that the customer was shown.")


def _row(model: type[Personal]) -> Any:
    """The input of one row of a category of which there may be several."""
    return input_of(f"{model.__name__}Input", given(own.written(model)), f"The {spoken(model)} to record.")


def _members(model: type[Personal]) -> dict[str, Given]:
    """The rows that can be taken in: a list of them, or the fields of the only one."""
    declared = model.declared
    if not declared.many:
        return given(own.written(model))
    rows: Any = list[_row(model)]  # type: ignore[misc]  # made here
    return {snake(declared.edge): Given(rows, declared.about, [])}


_TAKEN = [model for model in PERSONAL.values() if model.declared.in_intake]

IntakeDataInput: Any = input_of(
    "IntakeDataInput",
    {"consents": Given(list[IntakeConsentInput], "The consents that are given.")}
    | {name: member for model in _TAKEN for name, member in _members(model).items()},
    "The data to record; each category needs a consent.",
)


def content_of(data: Any) -> IntakeContent:
    """The same for the procedures.

    Raises:
        MalformedId, ForeignId: what is named as a notice is none.
    """
    consents = tuple(
        IntakeConsent(
            each.category.value,
            each.purpose.value,
            str(key_of(each.notice_id, "Notice", f"consents.{place}.noticeId")),
        )
        for place, each in enumerate(data.consents)
    )
    return IntakeContent(consents, tuple(row for model in _TAKEN for row in _rows(model, data)))


def _rows(model: type[Personal], data: Any) -> list[IntakeRow]:
    names = own.written(model)
    taken = getattr(data, snake(model.declared.edge)) if model.declared.many else [data]
    rows = [{name: stored(getattr(each, name)) for name in names} for each in taken]
    category = model.category.value
    # Fields that stand beside the lists are no row while all of them are left out.
    return [
        IntakeRow(category, row)
        for row in rows
        if model.declared.many or any(v is not None for v in row.values())
    ]
