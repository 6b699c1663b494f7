"""Checks of texts and instants that all procedures share.

TEXT_PERSONAL   what is kept in plain must not name a person: leave out addresses and long numbers
"""

import re
from datetime import datetime
from typing import Final

from models.errors import Unfit
from models.values.card_scan import refuse_cards

#: Telephone numbers and personal codes are longer, and dates are not.
_NUMBER: Final = re.compile(r"\d(?:[ .()/-]?\d){8,}")


def storable(text: str) -> bool:
    """Whether both databases can hold a text: no control characters, no lone surrogates."""
    return not any(
        character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" for character in text
    )


def line(text: str, field: str, longest: int = 200) -> str:
    """Return a text without the blanks around it.

    Raises:
        Unfit: it is empty, longer than that many characters, or not one line of text.
        CardRefused: it holds the number or the security code of a payment card.
    """
    text = text.strip()
    if not text:
        raise Unfit("A text is missing. Fill it in.", field)
    if len(text) > longest:
        raise Unfit(f"The text is too long. Use at most {longest} characters.", field)
    if not storable(text):
        raise Unfit("The text holds characters that cannot be kept. Use one line of plain text.", field)
    refuse_cards(text, field)
    return text


def impersonal(text: str, field: str, longest: int = 100) -> str:
    """Return a line of text that names a thing, not a person: it is kept in plain.

    Raises:
        Unfit: it is no such line, or looks like an address, a telephone number or a personal code.
    """
    text = line(text, field, longest)
    if "@" in text or _NUMBER.search(text):
        raise Unfit(
            "This is kept in plain, so it must not name a person. Leave out addresses and long numbers.",
            field,
            code="TEXT_PERSONAL",
        )
    return text


def later(instant: datetime, field: str, *, than: datetime) -> datetime:
    """Return an instant that lies after another.

    Raises:
        Unfit: it does not, or it names no time zone.
    """
    if instant.tzinfo is None:
        raise Unfit("The instant has no time zone. Write it with one, such as Z for UTC.", field)
    if instant <= than:
        raise Unfit("The instant has passed. Name one in the future.", field)
    return instant
