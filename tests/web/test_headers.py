import pytest
from starlette.datastructures import Headers

from models import Purpose
from web.errors import HTTPProblem
from web.headers import bearer, purposes

TOKEN = "t" * 43


def headers(name: str, *values: str) -> Headers:
    return Headers(raw=[(name.lower().encode(), value.encode("latin-1")) for value in values])


def test_no_purpose_is_stated_without_the_header():
    assert purposes(headers("Purpose")) == frozenset()


@pytest.mark.parametrize("value", ["", " ", ",", " , ,"])
def test_an_empty_header_states_no_purpose(value: str):
    assert purposes(headers("Purpose", value)) == frozenset()


@pytest.mark.parametrize(
    "value", ["support,billing", " support ,  billing", "billing,,support,support", "SUPPORT,Billing"]
)
def test_purposes_are_separated_by_commas(value: str):
    assert purposes(headers("Purpose", value)) == {Purpose.SUPPORT, Purpose.BILLING}


@pytest.mark.parametrize("value", ["curiosity", "support,curiosity", "support;billing", "support\tsales"])
def test_an_unknown_purpose_is_answered_with_the_known_ones_and_not_repeated(value: str):
    with pytest.raises(HTTPProblem) as caught:
        purposes(headers("Purpose", value))

    assert (caught.value.status, caught.value.code) == (400, "PURPOSE_UNKNOWN")
    assert all(known in caught.value.message for known in Purpose)
    assert "curiosity" not in caught.value.message


def test_a_purpose_stated_in_two_headers_is_refused():
    with pytest.raises(HTTPProblem) as caught:
        purposes(headers("Purpose", "support", "billing"))
    assert (caught.value.status, caught.value.code) == (400, "HEADER_REPEATED")


def test_nobody_is_named_without_the_header():
    assert bearer(headers("Authorization")) is None


@pytest.mark.parametrize("value", [f"Bearer {TOKEN}", f"bearer   {TOKEN}", f" BEARER {TOKEN} "])
def test_a_token_is_taken_from_the_bearer_scheme(value: str):
    assert bearer(headers("Authorization", value)) == TOKEN


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        "Bearer short",
        "Bearer " + "t" * 513,
        f"Bearer {TOKEN} {TOKEN}",
        f"Bearer {TOKEN},",
        f"Bearer {TOKEN}é",
    ],
)
def test_what_is_no_bearer_token_is_answered_with_a_challenge(value: str):
    with pytest.raises(HTTPProblem) as caught:
        bearer(headers("Authorization", value))

    assert (caught.value.status, caught.value.code) == (401, "UNAUTHENTICATED")
    assert caught.value.headers["WWW-Authenticate"].startswith("Bearer")
    assert TOKEN not in caught.value.message


def test_two_tokens_are_refused():
    with pytest.raises(HTTPProblem) as caught:
        bearer(headers("Authorization", f"Bearer {TOKEN}", f"Bearer {TOKEN}"))
    assert (caught.value.status, caught.value.code) == (400, "HEADER_REPEATED")
