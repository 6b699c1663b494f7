"""The numbers of payment cards: whose they are, and whether they can be any.

The ranges are those that the schemes publish (ISO/IEC 7812 issuer identification numbers); a range is the digits that
a number begins with, from and to, and the lengths it may have.
"""

from typing import Final, NamedTuple

from stdnum import luhn


class Range(NamedTuple):
    """Numbers of one brand: from and to have the same number of digits."""

    brand: str
    first: str
    last: str
    lengths: frozenset[int]


def _range(brand: str, first: int, last: int, *lengths: int) -> Range:
    return Range(brand, str(first), str(last), frozenset(lengths))


_LONG: Final = (16, 17, 18, 19)
#: The first range that fits decides.
RANGES: Final = (
    _range("AMEX", 34, 34, 15),
    _range("AMEX", 37, 37, 15),
    _range("MASTERCARD", 51, 55, 16),
    _range("MASTERCARD", 2221, 2720, 16),
    _range("JCB", 3528, 3589, *_LONG),
    _range("DINERS", 300, 305, 14, *_LONG),
    _range("DINERS", 3095, 3095, 14, *_LONG),
    _range("DINERS", 36, 36, 14, *_LONG),
    _range("DINERS", 38, 39, 14, *_LONG),
    _range("MIR", 2200, 2204, *_LONG),
    *(
        _range("MAESTRO", first, first, *range(12, 20))
        for first in (5018, 5020, 5038, 5893, 6304, 6759, 6761, 6762, 6763)
    ),
    _range("DISCOVER", 6011, 6011, *_LONG),
    _range("DISCOVER", 644, 649, *_LONG),
    _range("DISCOVER", 65, 65, *_LONG),
    _range("UNIONPAY", 62, 62, *_LONG),
    _range("UNIONPAY", 81, 81, *_LONG),
    _range("VISA", 4, 4, 13, 16, 19),
)


def brand_of(number: str) -> str | None:
    """The brand of a number, digits only; None when no card has it."""
    for brand, first, last, lengths in RANGES:
        if len(number) in lengths and first <= number[: len(first)] <= last:
            return brand if luhn.is_valid(number) else None
    return None
