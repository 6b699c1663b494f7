"""The values that a row is to have: which may be given, checked, and compared with those that it has."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import Given, Part, Personal, opened, snake, stored


@dataclass(frozen=True, repr=False)
class NewValues:
    """The checked values of a row to be written.

    Attributes:
        model: the category's table.
        sealed: fields of the row's content, by name; others stay as they are.
        plain: columns beside the content.
    """

    model: type[Personal]
    sealed: Mapping[str, Any]
    plain: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def written(model: type[Personal]) -> dict[str, Part]:
    """The fields of a category that customers write themselves, by name."""
    parts = model.declared.parts.items()
    return {name: part for name, part in parts if part.customers and not part.secret}


def action(model: type[Personal]) -> str:
    """The policies' name of the action that adds a row; where a customer has only one row, that changes it."""
    return f"{'add' if model.declared.many else 'change'}_{snake(model.__name__)}"


def new_values(
    model: type[Personal], values: Mapping[str, Any], now: datetime, before: Mapping[str, Any] | None = None
) -> NewValues:
    """The values that are given for a row, checked, each in its one spelling; raises Unfit.

    Args:
        model: the category's table.
        values: of the fields that customers write, by name.
        now: the present instant.
        before: of the row that is changed: what is not given, or given as it is, stays, and is checked only where it
            depends on the rest. What was imported as it stood may be less than the check asks of a new value.
    """
    parts, row = written(model), values
    if before is not None:
        values = {name: value for name, value in values.items() if stored(value) != before[name]}
        parts = {name: part for name, part in parts.items() if name in values or (values and part.check_in)}
        row = {**{name: before[name] for name in written(model)}, **values}
    checked = model.checked(Given(row, now=now), parts)
    sealed = {name: stored(value) for name, value in checked.items() if parts[name].sealed}
    return NewValues(
        model, sealed, {name: value for name, value in checked.items() if not parts[name].sealed}
    )


async def differing(row: Personal, new: NewValues) -> list[str]:
    """The names of the fields of which a row has other values."""
    content = await opened(row)
    return [name for name, value in new.sealed.items() if getattr(content, name) != value] + [
        name for name, value in new.plain.items() if getattr(row, name) != value
    ]
