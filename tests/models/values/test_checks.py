"""What may be kept is judged by its form, and an error never repeats it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Unfit
from models.values import checks

TODAY = date(2026, 6, 1)


def wide(text: str) -> str:
    """The same characters as some keyboards write them: of full width."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


LT: Callable[[str, str], str] = lambda text, field: checks.personal_code(text, "LT", field)  # noqa: E731 a check like the others
ZA: Callable[[str, str], str] = lambda text, field: checks.personal_code(text, "ZA", field)  # noqa: E731 a check like the others

KEPT: list[tuple[Callable[..., Any], Any, Any]] = [
    (checks.email, " Ona.Petraitė@Example.ORG ", "Ona.Petraitė@example.org"),
    (checks.email, "ona@žuvis.lt", "ona@žuvis.lt"),
    (checks.phone, "+370 600 12345", "+37060012345"),
    (checks.phone, "+44 (0) 20 7946 0018", "+442079460018"),
    (checks.phone, wide("+37060012345"), "+37060012345"),
    (checks.country, " lt", "LT"),
    (checks.country, "ltu", "LT"),
    (checks.country, "Lithuania", "LT"),
    (checks.country, "Czechia", "CZ"),
    (checks.postal_code, "01123", "01123"),
    (checks.postal_code, "lt-01123", "LT-01123"),
    (checks.postal_code, "SW1A 1AA", "SW1A 1AA"),
    (LT, "38703181745", "38703181745"),
    (ZA, "8001015009087", "8001015009087"),
    (checks.name, " Žydrūnas O'Neil-Šmit ", "Žydrūnas O'Neil-Šmit"),
]
REFUSED: list[tuple[Callable[..., Any], Any, str]] = [
    *((checks.email, text, "EMAIL_INVALID") for text in (
        "", "ona", "ona@", "@example.org", "a b@example.org", "ona@example", "ona@example.org\n\nBcc: x@y.lt",
        "ona@example.org, jonas@example.org", "ona@exa\u202emple.org", f"{'a' * 70}@example.org", "ona@[127.0.0.1]",
    )),
    *((checks.phone, text, "PHONE_INVALID") for text in (
        "", "860012345", "+", "+370", "+370 600 1234567890", "+999 123", "+370 600 12345 ext. 5", "not a number",
    )),
    *((checks.country, text, "COUNTRY_INVALID") for text in ("", "XX", "XK", "Kosovo", "Lituania", "L", "ЛТ")),
    *((checks.postal_code, text, "POSTAL_CODE_INVALID") for text in ("", "-", "0" * 11, "01123;", wide("01123"), "-01")),
    *((LT, text, "PERSONAL_CODE_INVALID") for text in ("", "38703181746", "3870318174", "38713181745", "x" * 11)),
    *((ZA, text, "PERSONAL_CODE_INVALID") for text in ("", "123", "1" * 31, "1234567é")),
    *((checks.name, text, "NAME_INVALID") for text in ("a\nb", "a\x00b", "a\u202eb", "a\u2028b", "a\ud800b")),
    *((checks.name, text, "BAD_USER_INPUT") for text in ("", "  ", "a" * 201)),
]  # fmt: skip


def test_a_sound_value_is_kept_in_one_spelling():
    for check, given_, kept in KEPT:
        assert check(given_, "value") == kept
        assert check(kept, "value") == kept


def refusal(check: Callable[[Any, str], Any], given_: Any) -> Unfit | None:
    """Why a value is not kept."""
    try:
        check(given_, "value")
    except Unfit as why:
        return why
    return None


def test_another_is_refused_with_a_code_and_its_field_and_never_its_value():
    for check, given_, code in REFUSED:
        why = refusal(check, given_)
        assert why is not None, (code, given_)
        assert (why.code, why.field) == (code, "value"), given_
        assert not (len(str(given_)) > 4 and str(given_) in why.message)


TEXT_CHECKS = [checks.email, checks.phone, checks.country, checks.postal_code, LT, ZA, checks.name]  # fmt: skip


@pytest.mark.parametrize("check", TEXT_CHECKS)
@given(text=st.text(st.characters(codec=None), max_size=60))
def test_any_text_is_either_kept_or_refused(check: Callable[[str, str], str], text: str) -> None:
    try:
        kept = check(text, "value")
    except Unfit:
        return
    assert check(kept, "value") == kept
    assert not any(map(checks.controls, kept))
