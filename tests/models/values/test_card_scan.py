"""Numbers of cards are found in free text however they are written, and little else is taken for one."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Unfit
from models.values import card_scan, line
from models.values.card_number import RANGES, brand_of
from models.values.card_scan import (
    CardRefused,
    holds_card_number,
    holds_security_code,
    masked,
    refuse_cards,
)
from tests.procedures.card_corpus import KINDS, luhn, with_cards, without_cards

#: Numbers that the schemes give out for testing, and never issue.
KNOWN = {
    "4111111111111111": "VISA",
    "4222222222222": "VISA",
    "5555555555554444": "MASTERCARD",
    "2223003122003222": "MASTERCARD",
    "378282246310005": "AMEX",
    "30569309025904": "DINERS",
    "6011111111111117": "DISCOVER",
    "3530111333300000": "JCB",
    "6200000000000005": "UNIONPAY",
    "6759649826438453": "MAESTRO",
    "2200000000000004": "MIR",
}
SEPARATOR = st.sampled_from(["", " ", "-", ".", "\N{NO-BREAK SPACE}", "  ", "\N{EN DASH}", "\n", "/", " - "])


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A number of any brand, with its check digit."""
    found = draw(st.sampled_from(RANGES))
    begin = str(draw(st.integers(int(found.first), int(found.last))))
    length = draw(st.sampled_from(sorted(found.lengths - {13})))
    return luhn(
        begin
        + draw(st.text("0123456789", min_size=length - len(begin) - 1, max_size=length - len(begin) - 1))
    )


@pytest.mark.parametrize(("number", "brand"), KNOWN.items())
def test_the_brand_of_a_number_is_known(number: str, brand: str) -> None:
    assert brand_of(number) == brand
    assert holds_card_number(f"Kortelė {number}.")
    assert brand_of(number[:-1] + str((int(number[-1]) + 1) % 10)) is None


@given(number=cards(), separator=SEPARATOR, size=st.sampled_from([1, 2, 4, 8]))
def test_a_number_is_found_however_it_is_spaced(number: str, separator: str, size: int) -> None:
    written = separator.join(number[place : place + size] for place in range(0, len(number), size))
    assert holds_card_number(f"moka kortele {written}, dėkui")


@given(number=cards(), before=st.text("aąbė .,;:\n(„", max_size=20), after=st.text(" ;)“\nė", max_size=5))
def test_a_number_is_found_whatever_stands_beside_it(number: str, before: str, after: str) -> None:
    assert holds_card_number(f"{before}: {number} {after}")


@given(text=st.text(st.characters(), max_size=300))
def test_any_text_is_scanned_without_failing(text: str) -> None:
    held = holds_card_number(text)
    assert (masked(text) == text) or held or holds_security_code(text)


@given(number=cards(), other=st.text(st.characters(exclude_categories=["Nd"]), max_size=20))
def test_a_masked_text_holds_no_digit(number: str, other: str) -> None:
    assert not any(character.isdecimal() for character in masked(f"{other} {number} {other}"))


def test_nearly_every_number_of_the_corpus_is_found() -> None:
    texts = list(with_cards(Random(7), 2_000))  # noqa: S311 the same again is the point
    assert sum(map(holds_card_number, texts)) >= 0.99 * len(texts)


@pytest.mark.parametrize("kind", KINDS)
def test_other_numbers_of_the_corpus_are_let_pass(kind: str) -> None:
    texts = list(without_cards(Random(7), kind, 1_000))  # noqa: S311 the same again is the point
    assert sum(map(holds_card_number, texts)) <= 0.005 * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "LT12 1000 0111 0100 1000", "GB33BUKB20201555555555", "LT121000011101001000 LT601010012345678901",
        "+370 612 34567", "Tel. 8 612 34 567, 8 612 34 568", "49001010001", "2026-01-31 2026-02-28 2026-03-31",
        "1Z999AA10123456784", "RR123456785LT", "550e8400-e29b-41d4-a716-446655440000", "54.68715551234567",
        "4006381333931", "192.168.100.100", "1700000000000", "D-12345-1", "", "0000000000000000", "4111 1111 1111",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_card_is_none(text: str) -> None:
    refuse_cards(text)


def test_a_number_beside_an_account_is_still_found() -> None:
    assert holds_card_number("LT121000011101001000 4111 1111 1111 1111")
    assert holds_card_number("4111-1111-1111-1111 LT121000011101001000")


@pytest.mark.parametrize(
    "text",
    [
        "CVC 123",
        "cvv2: 1234",
        "CVC kodas yra 123",
        "security code is 999",
        "apsaugos kodas: 123",
        "kortelės kodas 321",
    ],
)
def test_a_security_code_is_told_by_its_name(text: str) -> None:
    with pytest.raises(CardRefused) as refused:
        refuse_cards(f"Klientas sakė: {text}.", "body")
    assert (refused.value.code, refused.value.field) == ("SECURITY_CODE_REFUSED", "body")
    assert not any(character.isdigit() for character in refused.value.message)


@pytest.mark.parametrize(
    "text",
    ["CVC is on the back", "kambarys 123", "code 12345", "security code 12", "dėl CVC 2026-01-31 teirautis"],
)
def test_other_codes_are_let_pass(text: str) -> None:
    refuse_cards(text)


def test_a_line_of_text_holds_no_card() -> None:
    with pytest.raises(Unfit) as refused:
        line("form 7, 4111 1111 1111 1111", "evidence")
    assert (refused.value.code, refused.value.field) == (card_scan.NUMBER, "evidence")
    assert "1111" not in str(refused.value)


def test_what_the_house_itself_writes_holds_no_card() -> None:
    from demo.words import AILMENTS, GOODS, SAID

    for text in (
        str(AILMENTS),
        str(GOODS),
        *(word for pairs in SAID.values() for pair in pairs for word in pair),
    ):
        refuse_cards(text)
