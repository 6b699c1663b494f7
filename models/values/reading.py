"""Values from their texts, as requests and files of other systems hold them.

BOOLEAN_INVALID    neither true nor false
QUANTITY_INVALID   not a whole number
AMOUNT_INVALID     not a decimal number such as 12.50
CURRENCY_INVALID   no currency of ISO 4217 by its three letters
DATE_INVALID       not written as 2026-01-31 or 2026-01-31T12:00:00Z, or outside of time
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from models.errors import Unfit
from models.values.checks import name
from models.values.plain import line

_AMOUNT: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_LETTERS: Final = re.compile(r"[A-Z]{3}")


def read_truth(text: str, field: str) -> bool:
    """Whether something is so, from `true` or `false`; raises Unfit."""
    if text not in ("true", "false"):
        raise Unfit("Write true or false.", field, code="BOOLEAN_INVALID")
    return text == "true"


def read_whole(text: str, field: str) -> int:
    """A whole number from its text; raises Unfit."""
    if not _WHOLE.fullmatch(text):
        raise Unfit("This is no whole number. Write digits only.", field, code="QUANTITY_INVALID")
    return int(text)


def read_date(text: str, field: str) -> date:
    """A day from its text; raises Unfit."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Unfit("This is no day. Write it as 2026-01-31.", field, code="DATE_INVALID")
    return day


def read_instant(text: str, field: str) -> datetime:
    """A day or an instant as ISO 8601 writes it, in UTC where it names no time zone; raises Unfit."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit(
            "This is no date. Write it as 2026-01-31 or 2026-01-31T12:00:00Z.", field, code="DATE_INVALID"
        ) from None


def amount(text: str, field: str) -> str:
    """A decimal number with a point, as text; raises Unfit."""
    if not _AMOUNT.fullmatch(str(text).strip()):
        raise Unfit("This is no amount. Write it as 12.50.", field, code="AMOUNT_INVALID")
    return str(text).strip()


def read_decimal(text: str, field: str) -> Decimal:
    """A decimal number with a point, from its text; raises Unfit."""
    return Decimal(amount(text, field))


def currency(text: str, field: str) -> str:
    """A currency of ISO 4217, by its three letters in capitals; raises Unfit."""
    from iso4217 import Currency  # noqa: PLC0415 it reads the standard's table when it is imported

    code = text.strip().upper()
    if code not in {currency.code for currency in Currency}:
        raise Unfit(
            "This is no currency. Write its three letters, such as EUR.", field, code="CURRENCY_INVALID"
        )
    return code


def currency_letters(text: str, field: str) -> str:
    """What could be a currency: other records may hold one that is gone; raises Unfit."""
    if not _LETTERS.fullmatch(text):
        raise Unfit("Write a currency as three capital letters, such as EUR.", field, code="CURRENCY_INVALID")
    return text


def one_line(longest: int) -> Callable[[str, str], str]:
    """The check of a text of one line."""
    return lambda text, field: line(text, field, longest)


def named(longest: int) -> Callable[[str, str], str]:
    """The check of a name, a street, a topic: one line of what people write by hand."""
    return lambda text, field: name(text, field, longest)


def whole(least: int, most: int) -> Callable[[int, str], int]:
    """The check of a whole number between two others."""

    def check(number: int, field: str) -> int:
        if not least <= number <= most:
            raise Unfit(f"Name a number from {least} to {most}.", field)
        return number

    return check


def as_it_stands(text: str, field: str) -> str:
    """An imported text, unchanged."""
    del field
    return text
