"""What a single cell must be to be taken in.

CONTROL_CHARACTER   the value holds a control character
PHONE_INVALID       the telephone number holds no digit
AMOUNT_INVALID      the amount is not a decimal number such as 12.50
DATE_INVALID        the date is not written as 2026-01-31 or 2026-01-31T12:00:00Z, or lies outside of time
"""

import re
from datetime import UTC, datetime
from decimal import Decimal

from procedures.errors import Unfit
from procedures.tables.column_map import Fields
from procedures.tables.table import RowFault
from procedures.values import CardRefused, checks, refuse_cards

#: Where a line break is part of what people write.
MULTILINE = frozenset({"billingAddress", "body", "street"})
#: Codes are judged with what they are codes of, for some have check digits of their own.
CODES = frozenset({"code"})
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_QUANTITY = re.compile(r"\d{1,9}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")


def check_characters(fields: Fields) -> None:
    """Refuse control characters, which no name, address or number holds.

    Raises:
        RowFault: with the field's name, never its value.
    """
    for name, cells in fields.items():
        allowed = "\r\n\t" if name.rpartition(".")[2] in MULTILINE else ""
        for cell in cells:
            # Nearly every cell is printable, and asking for that alone is quick.
            if not cell.isprintable() and any(
                checks.controls(character) for character in cell if character not in allowed
            ):
                raise RowFault("CONTROL_CHARACTER", f"{name} holds a control character")


def check_cards(fields: Fields) -> None:
    """Refuse the number or the security code of a payment card, whichever column somebody put it in.

    Raises:
        RowFault: with the field's name, never its value.
    """
    for name, cells in fields.items():
        for cell in cells if name not in CODES else ():
            try:
                refuse_cards(cell)
            except CardRefused as refused:
                raise RowFault(refused.code, f"{name} holds what belongs to a payment card") from None


def email(value: str) -> str:
    """An e-mail address, in the spelling of its domain that is looked up."""
    try:
        return checks.email(value, "contact.EMAIL")
    except Unfit as error:
        raise RowFault(error.code, "contact.EMAIL is not an e-mail address") from None


def phone(value: str, name: str) -> str:
    """A telephone or fax number as it is written, which holds at least one digit; old files hold old numbers."""
    if not any(character.isdigit() for character in value):
        raise RowFault("PHONE_INVALID", f"{name} holds no digit")
    return value


def amount(value: str | None, name: str) -> str:
    """A decimal number with a point, as text."""
    if value is None or not _AMOUNT.fullmatch(value):
        raise RowFault("AMOUNT_INVALID", f"{name} is not a decimal number such as 12.50")
    return value


def quantity(value: str | None) -> int:
    """A whole number of pieces."""
    if value is None or not _QUANTITY.fullmatch(value):
        raise RowFault("QUANTITY_INVALID", "quantity is not a whole number")
    return int(value)


def currency(value: str | None) -> str:
    """The three letters of ISO 4217."""
    if value is None or not _CURRENCY.fullmatch(value):
        raise RowFault("CURRENCY_INVALID", "currency is not three capital letters such as EUR")
    return value


def instant(value: str | None, name: str) -> datetime:
    """A day or an instant as ISO 8601 writes it; without a time zone it is UTC."""
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        raise RowFault(
            "DATE_INVALID", f"{name} is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z"
        ) from None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise RowFault("DATE_INVALID", f"{name} lies outside of time") from None


def total(lines: list[tuple[int, str]]) -> Decimal:
    """The sum of quantities times unit prices."""
    return sum((Decimal(price) * pieces for pieces, price in lines), Decimal(0))
