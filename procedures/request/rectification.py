"""The fields that are put right at a customer's request: the sealed ones of categories that customers do not write.

Not among them are fields that customers change themselves, and those that a declaration leaves out, such as a card's
brand or a document's kind. A card or a document is submitted anew instead.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from models import PERSONAL, Given, Part, Personal, camel, stored
from models.errors import Unfit


def rectifiable(model: type[Personal], *, on_paper: bool = False) -> dict[str, Part]:
    """The fields of a category that can be put right, by their GraphQL names.

    Args:
        model: the category's table.
        on_paper: by somebody who does not sign in, and so changes nothing alone.
    """
    declared = model.declared
    if declared.written_by_customers and not on_paper:
        return {}
    parts = (part for part in declared.released if part.sealed and part.rectified)
    return {camel(part.name): part for part in parts}


def rectified(
    model: type[Personal],
    content: Any,
    field: str,
    value: str | None,
    now: datetime,
    *,
    plain: Mapping[str, Any] | None = None,
) -> Any:
    """A row's content with one field put right.

    Args:
        model: the category's table.
        content: of the row, opened.
        field: the field's GraphQL name.
        value: the new value; None empties the field.
        now: the present instant.
        plain: where it came on paper, the columns beside the content; else None.

    Raises:
        Unfit: CHANGE_IT_YOURSELF, customers write this category; else the field cannot be put right, or the value
            cannot be used.
    """
    if model.declared.written_by_customers and plain is None:
        raise Unfit("You can change this yourself, and at once.", "recordId", code="CHANGE_IT_YOURSELF")
    part = _part(model, field, value, on_paper=plain is not None)
    row = {name: getattr(content, name) for name, each in model.declared.parts.items() if each.sealed}
    row |= plain or {}
    row[part.name] = None if value is None else part.read(value.strip(), "wanted")
    values = Given(row, now=now, called="wanted")
    if value is not None:
        row[part.name] = stored(part.checked(row[part.name], values))
    model.judge(values)
    return replace(content, **{part.name: row[part.name]})


def value_of_some_row(model: type[Personal], field: str, value: str | None, now: datetime) -> Any:
    """The new value of a field as a content has it, checked as far as that takes no row.

    Raises:
        Unfit: the field cannot be put right, or no row can have this value.
    """
    part = _part(model, field, value, on_paper=True)
    if value is None:
        return None
    read = part.read(value.strip(), "wanted")
    return stored(read if part.check_in else part.checked(read, Given({}, now=now, called="wanted")))


def _part(model: type[Personal], field: str, value: str | None, *, on_paper: bool) -> Part:
    """What is declared of a field that is to be put right; raises Unfit."""
    parts = rectifiable(model, on_paper=on_paper)
    if field not in parts:
        raise Unfit(f"Name one of the fields that can be put right: {', '.join(sorted(parts))}.", "field")
    if value is None and not parts[field].empty:
        raise Unfit("This field cannot be empty. Say what it is to be.", "wanted")
    return parts[field]


def plain_columns(row: Personal) -> dict[str, Any]:
    """What a row's declaration has beside its content."""
    return {name: getattr(row, name) for name, part in row.declared.parts.items() if not part.sealed}


def model_of(type_name: str) -> type[Personal]:
    """The category table of a GraphQL type.

    Raises:
        Unfit: it is not the type of a category.
    """
    model = next((model for model in PERSONAL.values() if model.__name__ == type_name), None)
    if model is None:
        raise Unfit(
            "This identifier is of another type. Use the `id` of a row of your own data.",
            "recordId",
            code="ID_OF_ANOTHER_TYPE",
        )
    return model
