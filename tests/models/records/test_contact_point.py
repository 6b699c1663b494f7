"""What finds a contact value: one form for every spelling of it, and another for every other value."""

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import reachable

#: Any text at all, half surrogates too; often one that looks like an address or a number.
TEXT = st.one_of(
    st.text(st.characters(), max_size=60),
    st.builds("{}@{}".format, st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20)),
    st.builds("+{}".format, st.text(st.characters() | st.sampled_from("0123456789 ()-"), max_size=30)),
)
LOCAL = st.from_regex(r"[a-z0-9]{1,12}([.+_-][a-z0-9]{1,12})?", fullmatch=True)
LABEL = st.from_regex(r"[a-ząčęėįšųūž]{2,10}", fullmatch=True)
DOMAIN = st.builds("{}.{}".format, LABEL, st.sampled_from(["lt", "org", "example"]))
ADDRESS = st.builds("{}@{}".format, LOCAL, DOMAIN)
#: Numbers of several regions, each as the digits of its E.164 form; none begins with a trunk prefix.
NUMBER = st.builds(
    "{}{}".format, st.sampled_from(["3706", "49151", "44779", "4670", "1202"]), st.from_regex(r"[2-9][0-9]{6}", fullmatch=True)
)  # fmt: skip
SEPARATORS = st.lists(st.sampled_from(["", " ", "-", ".", " / ", "\N{NO-BREAK SPACE}", "\N{EN DASH}"]), min_size=20, max_size=20)  # fmt: skip


@given(text=TEXT)
def test_any_text_has_a_form(text: str) -> None:
    assert isinstance(reachable(text), str)


@pytest.mark.parametrize("text", ["é" * 100_000 + "@a.lt", "a@" + "é." * 50_000, "+" + "3" * 100_000])
def test_a_text_without_end_has_a_form(text: str) -> None:
    assert reachable(text)


@given(address=ADDRESS)
def test_an_address_in_any_spelling_is_the_same(address: str) -> None:
    local, _, domain = address.partition("@")
    looked_up = ".".join(label.encode("idna").decode() for label in domain.split("."))

    spellings = {
        address,
        address.upper(),
        f" {address}\n",
        f"{local}@{looked_up}",
        f"{local}@{looked_up.upper()}",
    }
    assert len({reachable(spelling) for spelling in spellings}) == 1


@given(number=NUMBER, separators=SEPARATORS, start=st.sampled_from(["+", "00", "(+", " +"]))
def test_an_international_number_in_any_spelling_is_the_same(
    number: str, separators: list[str], start: str
) -> None:
    spaced = "".join(digit + between for digit, between in zip(number, separators, strict=False))
    spelling = start + (spaced.replace(number[2], number[2] + ")", 1) if start == "(+" else spaced)

    assert reachable(spelling) == reachable(number) == number


@given(one=ADDRESS, other=ADDRESS)
def test_different_addresses_differ(one: str, other: str) -> None:
    assert (reachable(one) == reachable(other)) == (one == other)


@given(one=NUMBER, other=NUMBER)
def test_different_numbers_differ(one: str, other: str) -> None:
    assert (reachable(f"+{one}") == reachable(f"00{other}")) == (one == other)


@given(one=TEXT, other=TEXT)
def test_an_address_is_never_a_number(one: str, other: str) -> None:
    address, number = reachable(f"{one}@{other}"), reachable(one.replace("@", ""))

    assert "@" in address
    assert "@" not in number or "\N{FULLWIDTH COMMERCIAL AT}" in one or "\N{SMALL COMMERCIAL AT}" in one


@given(text=st.from_regex(r"[1-9][0-9 ()/-]{0,20}", fullmatch=True))
def test_a_number_of_an_unknown_region_stays_the_digits_as_they_are_written(text: str) -> None:
    assert reachable(text) == re.sub(r"\D", "", text)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Jone@BÜCHER.example", "jone@xn--bcher-kva.example"),
        ('"jone"@example.org', "jone@example.org"),
        ("\uff2aone\uff20example\uff0eorg", "jone@example.org"),
        ("Jone@intranet", "jone@intranet"),
        ("Jone@[192.0.2.1]", "jone@[192.0.2.1]"),
        ("Jone @ Example.org.", "jone @ example.org."),
        ("\ud800@EXAMPLE.org", "\ud800@example.org"),
        ("jone@", "jone@"),
        ("+370 8 600 12345", "37060012345"),
        ("+370 (0) 600 12345", "37060012345"),
        ("+44 (0)20 7946 0958", "442079460958"),
        ("8 600 12345", "860012345"),
        ("+370 600 12345 ext. 5", "37060012345;ext=5"),
        ("+\u0663\u0667\u0660 600 12345", "37060012345"),
        ("+999 123", "999123"),
        ("+", ""),
        ("", ""),
    ],
)
def test_what_a_value_becomes(written: str, form: str) -> None:
    assert reachable(written) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jone@faß.de", "jone@fass.de"),
        ("jo.ne@example.org", "jone@example.org"),
        ("jone+lamps@example.org", "jone@example.org"),
        ("+370 600 12345 ext. 5", "+370 600 12345"),
        ("+39 06 1234 5678", "+39 6 1234 5678"),
    ],
)
def test_what_only_looks_alike_stays_apart(one: str, other: str) -> None:
    assert reachable(one) != reachable(other)


@pytest.mark.parametrize("region", ["LT", "LV", "EE", "PL", "DE", "GB", "IT", "US", "AU"])
def test_a_region_s_own_way_of_writing_is_the_same_as_the_bare_form(region: str) -> None:
    example = phonenumbers.example_number(region)
    assert example is not None
    formats = phonenumbers.PhoneNumberFormat

    bare, written = (
        phonenumbers.format_number(example, kind) for kind in (formats.E164, formats.INTERNATIONAL)
    )
    assert reachable(written) == reachable(bare) == bare.removeprefix("+")
