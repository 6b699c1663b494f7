import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web import body
from web.errors import HTTPProblem

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
#: Other work on the machine must not make a test fail.
PATIENT = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
PARAMETERS = st.sampled_from(["query", "variables", "operationName", "extensions", "other"])


def refused(content: bytes) -> HTTPProblem:
    with pytest.raises(HTTPProblem) as caught:
        body.parse(content)
    return caught.value


def nested(levels: int) -> bytes:
    """A request whose variables end `levels` deep, the outermost object included."""
    return b'{"query": "{a}", "variables": {"x": ' + b"[" * (levels - 2) + b"1" + b"]" * (levels - 2) + b"}}"


def test_a_request_keeps_its_four_parts_and_loses_any_other():
    content = {"query": "{a}", "variables": {"x": 1}, "operationName": "A", "extensions": {}, "secret": 1}

    assert body.parse(json.dumps(content).encode()) == {
        "query": "{a}",
        "variables": {"x": 1},
        "operationName": "A",
        "extensions": {},
    }


def test_an_empty_operation_name_is_none():
    assert body.parse(b'{"query": "{a}", "operationName": ""}')["operationName"] is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"NONSENSE",
        b'{"query":',
        b'{"query": "{a}"} {}',
        b'{"query": "\xff"}',
        b'\xef\xbb\xbf{"query": "{a}"}',
        '{"query": "{a}"}'.encode("utf-16"),
        b'{"query": "{a}", "query": "{b}"}',
        b'{"query": "{a}", "variables": {"x": {"y": 1, "y": 2}}}',
        b'{"query": "{a}", "variables": {"x": NaN}}',
        b'{"query": "{a}", "variables": {"x": -Infinity}}',
        b'{"query": "{a}", "variables": {"x": 1e999}}',
        b'{"query": "{a}", "variables": {"x": ' + b"9" * 5_000 + b"}}",
        b'{"query": "{a}", "variables": {"x": 9223372036854775808}}',
        b'{"query": "{a}", "variables": {"x": 0.' + b"1" * 5_000 + b"}}",
        rb'{"query": "{a}", "variables": {"x": "\ud800"}}',
        rb'{"query": "{a}", "variables": {"\udfff": 1}}',
        rb'{"query": "{a}", "variables": {"x": "\u0000"}}',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        nested(body.DEPTH + 1),
        b'[{"query": "{a}"}]',
    ],
)
def test_what_is_not_strict_json_is_a_bad_request(content: bytes):
    assert refused(content).status == 400


@pytest.mark.parametrize(
    "content",
    [
        b"1",
        b"null",
        b'"x"',
        b"true",
        b"{}",
        b'{"qeury": "{a}"}',
        b'{"query": 1}',
        b'{"query": ["{a}"]}',
        b'{"query": " "}',
        b'{"query": "{a}", "variables": [7]}',
        b'{"query": "{a}", "variables": "{}"}',
        b'{"query": "{a}", "operationName": 1}',
        b'{"query": "{a}", "extensions": []}',
    ],
)
def test_json_that_is_no_graphql_request_cannot_be_processed(content: bytes):
    assert (refused(content).status, refused(content).code) == (422, "REQUEST_MALFORMED")


def test_the_deepest_and_the_largest_that_are_allowed_pass():
    assert body.parse(nested(body.DEPTH))["query"] == "{a}"
    assert body.parse(b'{"query": "{a}", "variables": {"x": [9223372036854775807, 1.5]}}')


def test_a_batch_is_told_what_to_send_instead():
    assert refused(b'[{"query": "{a}"}]').code == "BATCH_NOT_SUPPORTED"


def test_no_refusal_repeats_what_was_sent():
    assert "Jonas" not in refused(b'{"query": "{a}", "Jonas": 1, "Jonas": 2}').message


def test_a_body_over_the_limit_is_too_large():
    assert refused(b" " * (body.LIMIT + 1)).status == 413


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_body_is_read_whole():
    assert await body.read(chunks(b"ab", b"", b"c"), "3") == b"abc"


@pytest.mark.parametrize("declared", ["6", "9" * 5_000])
async def test_a_body_declared_too_large_is_not_read(declared: str):
    with pytest.raises(HTTPProblem) as caught:
        await body.read(chunks(), declared, limit=5)
    assert caught.value.status == 413


async def test_a_body_that_grows_too_large_is_not_read_on():
    parts = chunks(b"123", b"456", b"789")
    with pytest.raises(HTTPProblem):
        await body.read(parts, limit=5)
    assert [part async for part in parts] == [b"789"]


@PATIENT
@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_sent_is_a_request_or_a_clear_refusal(content: bytes):
    verdict(content)


@PATIENT
@given(st.dictionaries(PARAMETERS, JSON | st.sampled_from(["{a}", {}, None])))
def test_whatever_resembles_a_request_is_one_or_a_clear_refusal(content: dict[str, object]):
    verdict(json.dumps(content).encode())


def verdict(content: bytes) -> None:
    try:
        parsed = body.parse(content)
    except HTTPProblem as problem:
        status = problem.status
    else:
        status = 200
        assert set(parsed) == {"query", "variables", "operationName", "extensions"}
        assert isinstance(parsed["query"], str)
        json.dumps(parsed, allow_nan=False, ensure_ascii=False).encode()
    assert status in (200, 400, 413, 422)
