"""The scalars that GraphQL does not bring along, each by its public specification."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from graphql import GraphQLError


def instant(text: Any) -> datetime:
    """An instant in UTC; a time without an offset is none, since nobody knows when it is.

    Raises:
        GraphQLError: it is not an instant.
    """
    with suppress(TypeError, ValueError, OverflowError):
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    raise _unfit("an instant with its offset, such as 2026-06-01T12:00:00Z")


def day(text: Any) -> date:
    """A day.

    Raises:
        GraphQLError: it is none.
    """
    with suppress(TypeError, ValueError):
        return date.fromisoformat(text)
    raise _unfit("a day, such as 2026-06-01")


def amount(text: Any) -> Decimal:
    """A decimal number.

    Raises:
        GraphQLError: it is none.
    """
    with suppress(ArithmeticError, TypeError, ValueError):
        found = Decimal(text) if isinstance(text, str) else None
        if found is not None and found.is_finite():
            return found
    raise _unfit("a decimal number as text, such as 12.50")


def _unfit(expected: str) -> GraphQLError:
    return GraphQLError(f"Expected {expected}.", extensions={"code": "BAD_USER_INPUT"})


#: By Python type.
SCALARS: dict[object, Any] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant with its offset, such as 2026-06-01T12:00:00Z.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=datetime.isoformat,
        parse_value=instant,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day, such as 2026-06-01.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=str,
        parse_value=day,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="A decimal number as text, so that no digit of it is lost.",
        specified_by_url="https://www.w3.org/TR/xmlschema11-2/#decimal",
        serialize=str,
        parse_value=amount,
    ),
}
