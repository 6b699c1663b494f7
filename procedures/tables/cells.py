"""Checks of single cells.

CONTROL_CHARACTER   the value holds a control character
"""

from collections.abc import Callable
from typing import TypeVar

from models.errors import Unfit
from models.values import CardRefused, checks, refuse_cards
from procedures.tables.columns import Fields
from procedures.tables.table import RowFault

T = TypeVar("T")

#: Where a line break is part of what people write.
MULTILINE = frozenset({"billingAddress", "body", "street"})
#: Left to the checks of their category: some codes have check digits of their own.
CODES = frozenset({"code"})


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


def checked(check: Callable[[str, str], T], value: str | None, name: str) -> T:
    """The value that a check returns for a cell; raises RowFault with the field's name, never its value."""
    try:
        return check(value or "", name)
    except Unfit as error:
        raise RowFault(error.code, f"{name} cannot be used") from None
