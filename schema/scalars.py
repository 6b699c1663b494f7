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
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    raise _unfit("an instant with its offset, such as 2026-06-01T12:00:00Z")


def day(text: Any) -> date:
    """A day, from its ISO form.

    Raises:
        GraphQLError: the text is not a day.
    """
    with suppress(TypeError, ValueError):
        return date.fromisoformat(text)
    raise _unfit("a day, such as 2026-06-01")


def amount(text: Any) -> Decimal:
    """A finite decimal number, from its digits.

    Raises:
        GraphQLError: the text is not a number.
    """
    with suppress(ArithmeticError, TypeError, ValueError):
        number = Decimal(text) if isinstance(text, str) else None
        if number is not None and number.is_finite():
            return number
    raise _unfit("a decimal number as text, such as 12.50")


def _unfit(expected: str) -> GraphQLError:
    return GraphQLError(f"Expected {expected}.", extensions={"code": "BAD_USER_INPUT"})


#: By Python type.
SCALARS: dict[object, Any] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A date and time with an offset, such as 2026-06-01T12:00:00Z.",
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
        description='A decimal number as a string, such as "12.50", so that no digit is lost.',
        specified_by_url="https://www.w3.org/TR/xmlschema11-2/#decimal",
        serialize=str,
        parse_value=amount,
    ),
}
