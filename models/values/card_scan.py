"""Numbers and security codes of cards in free text, where they must not stand.

A number is one when its length, its beginning and its check digit are a card's, however it is spaced; an account
number, a telephone number or the number of an article is not, whatever its digits happen to be. One of ten numbers of
a card's length and beginning has the right check digit by chance: such a one is taken for a card.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from stdnum import ean, iban

from models.errors import Unfit
from models.values.card_number import brand_of

NUMBER, CODE = "CARD_NUMBER_REFUSED", "SECURITY_CODE_REFUSED"
SHORTEST, LONGEST = 12, 19
#: What a field for a security code is called in forms, folded to letters and digits.
SECURITY_CODE_NAMES: Final = frozenset(
    {
        "cav", "cav2", "cid", "csc", "cvc", "cvc2", "cvn", "cvn2", "cvv", "cvv2", "cardcode", "cardverificationcode",
        "cardverificationvalue", "pin", "pinblock", "saugoskodas", "securitycode", "track", "track1", "track2",
        "verificationcode", "verificationvalue",
    }
)  # fmt: skip

_RUN = re.compile(r"\d+(?:[\s.\-_/·]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_ACCOUNT = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}", re.IGNORECASE)
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 15, 34
#: How many digits stand in a group where all groups but the last have as many, and how else they stand on cards.
_SIZES: Final = frozenset({1, 2, 3, 4, 5, 8})
_GROUPINGS: Final = frozenset(
    {(4, 6, 5), (4, 6, 4), (4, 5, 6), (6, 4, 5), (4, 4, 7), (4, 4, 8), (8, 4, 4), (4, 8, 4), (6, 6, 4), (4, 12),
     (6, 10), (6, 13), (4, 4, 4, 7)}
)  # fmt: skip
_SECURITY_CODE = re.compile(
    r"(?<![^\W\d_])(?:cvc2?|cvv2?|cvn2?|cav2?|security\s{1,3}code|card\s{1,3}verification\s{1,3}(?:code|value)"
    r"|(?:apsaugos|saugos|saugumo|kortel\w{1,6})\s{1,3}kod\w{1,6})(?![^\W_])\W{0,3}(?:(?:is|yra|nr|no|code|kodas)\W{1,3}){0,3}\d{3,4}(?!\d|[-.:/]\d)",
    re.IGNORECASE,
)


class CardRefused(Unfit):
    """A text that holds what only a sealed submission may hold, or nobody may keep.

    CARD_NUMBER_REFUSED     a text holds the number of a payment card; take it out, for a card is submitted sealed
    SECURITY_CODE_REFUSED   it holds the security code of a card, which nobody may keep; take it out
    """


def refuse_cards(text: str, field: str | None = None) -> None:
    """Refuse a free text that holds the number or the security code of a card.

    Raises:
        CardRefused: it does; the message repeats nothing of it.
    """
    if holds_card_number(text):
        raise CardRefused(
            "The text holds the number of a payment card. Take it out; a card is submitted sealed.",
            field,
            code=NUMBER,
        )
    if holds_security_code(text):
        raise CardRefused(
            "The text holds the security code of a card, which nobody may keep. Take it out.",
            field,
            code=CODE,
        )


def masked(text: str) -> str:
    """The text with its digits crossed out, if it holds what belongs to a card."""
    return re.sub(r"\d", "x", text) if holds_card_number(text) or holds_security_code(text) else text


def holds_card_number(text: str) -> bool:
    """Whether a text holds the number of a payment card."""
    return any(True for _ in card_numbers(text))


def holds_security_code(text: str) -> bool:
    """Whether a text says the security code of a card; digits alone are not recognised as one."""
    return bool(_SECURITY_CODE.search(_plain(text)))


def card_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers of cards begin and end, in the text with its spellings folded together."""
    if sum(map(str.isdigit, text)) < SHORTEST:
        return
    plain = _plain(text)
    accounts = list(_accounts(plain))
    for run in _RUN.finditer(plain):
        groups = [
            (run.start() + group.start(), run.start() + group.end()) for group in _GROUP.finditer(run[0])
        ]
        for start, end in _windows(plain, groups):
            if not any(first <= start < last for first, last in accounts):
                yield start, end


def _windows(plain: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches of whole groups that are written like a card's number and are one."""
    for first, (begin, _) in enumerate(groups):
        digits, lengths = "", []
        for start, end in groups[first:]:
            digits += plain[start:end]
            lengths.append(end - start)
            if len(digits) > LONGEST:
                break
            if len(digits) >= SHORTEST and _card_like(lengths) and _is_card(plain, begin, end, digits):
                yield begin, end


def _card_like(lengths: list[int]) -> bool:
    *whole, rest = lengths
    even = len(set(whole)) == 1 and whole[0] in _SIZES and rest <= whole[0]
    return not whole or even or tuple(lengths) in _GROUPINGS


def _is_card(plain: str, start: int, end: int, digits: str) -> bool:
    if brand_of(digits) is None or _part_of_a_word(plain, start, end) or _fraction(plain, start, end):
        return False
    # Numbers of articles have thirteen digits, too, and a check digit of their own.
    return not (len(digits) == 13 and ean.is_valid(digits)) and plain[max(start - 1, 0) : start] != "+"


def _fraction(plain: str, start: int, end: int) -> bool:
    """Whether the digits are those behind or around the point of a decimal number."""
    return bool(
        re.search(r"\d[.,]\Z", plain[max(start - 2, 0) : start])
        or re.fullmatch(r"\d{1,7}\.\d+", plain[start:end])
    )


def _part_of_a_word(plain: str, start: int, end: int) -> bool:
    """Whether one to three letters beside the digits make them part of a code: `RR…LT`, `1Z…`; not `card…`."""
    before = re.search(r"[^\W\d_]*\Z", plain[max(start - 4, 0) : start])
    after = re.match(r"[^\W\d_]*", plain[end : end + 4])
    return any(0 < len(letters[0]) < 4 for letters in (before, after) if letters)


def _accounts(plain: str) -> Iterator[tuple[int, int]]:
    """Where account numbers (IBAN) begin and end: at the first length at which the check digits are right."""
    for match in _ACCOUNT.finditer(plain):
        compact = ""
        for place in range(match.start(), len(plain)):
            if plain[place].isalnum():
                compact += plain[place]
            elif plain[place] not in " -":
                break
            if len(compact) > _LONGEST_ACCOUNT:
                break
            if len(compact) >= _SHORTEST_ACCOUNT and iban.is_valid(compact, check_country=False):
                yield match.start(), place + 1
                break


def _plain(text: str) -> str:
    """The text with digits and dashes in one spelling, without what cannot be seen."""
    return "".join(map(_character, unicodedata.normalize("NFKC", text)))


@cache
def _character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.digit(character))
    kind = unicodedata.category(character)
    return "-" if kind == "Pd" or character == "\N{MINUS SIGN}" else "" if kind == "Cf" else character
