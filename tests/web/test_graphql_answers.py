import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.conftest import KEEPER
from tests.web.serving import calling, heard
from tests.web.small import SECRET, Ask, code, send
from vault import provider
from vault.vault import Vault
from web.graphql import JSON, PARTIAL


def test_data_beside_errors_is_a_partial_success(ask: Ask):
    answer = ask("{ hello unfit }")

    assert answer.status_code == PARTIAL
    assert answer.json() == {
        "data": {"hello": "hello ", "unfit": None},
        "errors": [
            {
                "message": "The day is over.",
                "path": ["unfit"],
                "locations": [{"line": 1, "column": 9}],
                "extensions": {"code": "BAD_USER_INPUT", "field": "day"},
            }
        ],
    }


def test_callers_who_know_only_json_get_a_partial_success_as_200(ask: Ask):
    answer = ask("{ hello unfit }", Accept=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{JSON}; charset=utf-8")


def test_a_refusal_by_the_policies_is_forbidden(ask: Ask):
    assert code(ask("{ refused }")) == "FORBIDDEN"


@pytest.mark.parametrize("field", ["fault", "said", "wrong"])
def test_a_fault_of_a_resolver_tells_and_logs_nothing_but_its_place(
    ask: Ask, caplog: pytest.LogCaptureFixture, field: str
):
    with caplog.at_level(logging.DEBUG):
        answer = ask(f"{{ {field} }}")

    assert code(answer) == "INTERNAL_SERVER_ERROR"
    assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["request-id"]
    assert SECRET not in answer.text
    assert SECRET not in caplog.text
    assert "fault=" in caplog.text


def test_a_null_that_reaches_the_root_is_still_an_execution(ask: Ask):
    answer = ask("{ missing }")
    assert (answer.status_code, answer.json()["data"]) == (PARTIAL, None)


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        (
            "query($w: Wish!) {wish(wish: $w)}",
            {"w": {"stars": SECRET}},
            "Variable '$w' has invalid value at .stars.",
        ),
        (
            "query($w: Wish!) {wish(wish: $w)}",
            {"w": {"stars": 1, SECRET: 1}},
            "Variable '$w' has invalid value.",
        ),
        ("query($w: Wish!) {wish(wish: $w)}", {"w": {"tags": [SECRET]}}, "Variable '$w' has invalid value"),
        (
            "query($w: Wish!) {wish(wish: $w)}",
            {"w": SECRET},
            "Expected value of type 'Wish' to be an object.",
        ),
        (
            "query($w: Wish!) {wish(wish: $w)}",
            {},
            "Expected a value of non-null type 'Wish!' to be provided.",
        ),
        (f'{{wish(wish: {{stars: "{SECRET}"}})}}', None, "Expected value of type 'Int'."),
        (f'{{wish(wish: "{SECRET}")}}', None, "Expected value of type 'Wish' to be an object."),
        (f"{{wish(wish: {{stars: 1, x: {SECRET}}})}}", None, "A value in the document does not fit"),
        (f'{{wish(wish: {{tags: [1], x: "{SECRET}"}})}}', None, "to include required field 'stars'."),
        (f'query($w: Wish! = "{SECRET}") {{wish(wish: $w)}}', None, "A value in the document does not fit"),
        (f"{{wish(wish: {{stars: 1}}, colour: {SECRET})}}", None, "A value in the document does not fit"),
        (
            "query($c: Colour) {wish(wish: {stars: 1}, colour: $c)}",
            {"c": SECRET},
            "Variable '$c' has invalid value.",
        ),
        (f'{{hello "{SECRET}"}}', None, "not valid GraphQL"),
        (f'{{wish(wish: {{stars: 1}}, colour: "{SECRET}\n")}}', None, "not valid GraphQL"),
    ],
)
def test_a_value_that_does_not_fit_is_not_repeated(
    ask: Ask, query: str, variables: dict[str, Any] | None, expected: str
):
    answer = ask(query, variables)

    assert answer.status_code in (400, 422)
    assert any(expected in error["message"] for error in answer.json()["errors"])
    assert SECRET not in answer.text


def test_what_is_wrong_with_a_document_is_told_by_names_and_places(ask: Ask):
    answer = ask("{ helo }")

    assert answer.json()["errors"] == [
        {
            "message": "Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?",
            "locations": [{"line": 1, "column": 3}],
            "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
        }
    ]


def test_a_document_with_errors_without_end_gets_a_list_with_an_end(ask: Ask):
    answer = ask("{" + " ".join(f"a{n}" for n in range(1_000)) + "}")

    assert (answer.status_code, len(answer.json()["errors"])) == (422, 101)
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}


def test_two_sign_ins_in_one_document_are_refused_before_either_runs(ask: Ask):
    answer = ask('mutation { a: signIn(login: "a") b: signIn(login: "b") }')
    assert (answer.status_code, code(answer)) == (422, "QUERY_TOO_COMPLEX")


def test_an_unknown_purpose_is_a_bad_request(ask: Ask):
    answer = ask("{ hello }", Purpose=SECRET)
    assert (answer.status_code, code(answer)) == (400, "PURPOSE_UNKNOWN")
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("token", "status", "expected"),
    [
        ("unauthenticated-token", 401, "UNAUTHENTICATED"),
        ("rate-limited-token", 429, "RATE_LIMITED"),
        ("troublesome-token", 500, "INTERNAL_SERVER_ERROR"),
        ("short", 401, "UNAUTHENTICATED"),
    ],
)
def test_trouble_with_the_actor_keeps_its_code(
    ask: Ask, caplog: pytest.LogCaptureFixture, token: str, status: int, expected: str
):
    with caplog.at_level(logging.DEBUG):
        answer = ask("{ hello }", Authorization=f"Bearer {token}")

    assert (answer.status_code, code(answer)) == (status, expected)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
    assert SECRET not in answer.text + caplog.text


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Vault]:
    """A vault, open."""
    keys = Vault(provider.created(f"file:{tmp_path / 'provider.json'}"))
    keys.provider.create("hash-1")
    KEEPER.vault = keys
    yield keys
    KEEPER.vault = None
    keys.provider.close()


def test_one_line_is_logged_for_a_request_and_it_holds_no_word_of_it(
    ask: Ask, caplog: pytest.LogCaptureFixture, keys: Vault
):
    query = f'mutation {SECRET} {{ signIn(login: "{SECRET}") }}'
    with caplog.at_level(logging.INFO, "savas.web"):
        answer = ask(query, {"x": SECRET})

    assert [record.getMessage() for record in caplog.records if record.name == "savas.web"] == [
        f"status=200 code=- operation={keys.mark(query)[:16]} request={answer.headers['request-id']}"
    ]
    assert hashlib.sha256(query.encode()).hexdigest()[:16] not in caplog.text, "what could be guessed"


def test_without_keys_nothing_stands_for_a_document(ask: Ask, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "savas.web"):
        ask("{ hello }")

    assert "status=200 code=- operation=- request=" in caplog.text


def test_a_refused_request_is_logged_by_its_code(client: httpx.Client, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "savas.web"):
        answer = send(client, b"1")

    assert [record.getMessage() for record in caplog.records if record.name == "savas.web"] == [
        f"status=422 code=REQUEST_MALFORMED operation=- request={answer.headers['request-id']}"
    ]


def test_a_websocket_is_not_opened(client: httpx.Client):
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "a",
    }
    assert client.get("/graphql", headers=upgrade).status_code == 405


def test_text_beyond_ascii_is_answered_as_utf_8(ask: Ask):
    answer = ask('mutation { signIn(login: "ž") }')
    assert json.loads(answer.content.decode("utf-8")) == {"data": {"signIn": "ž"}}


def test_two_headers_that_may_be_stated_once_are_refused(client: httpx.Client):
    body = b'{"query":"{hello}"}'
    request = (
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
        b"Purpose: support\r\nPurpose: sales\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    with calling(client.base_url.port or 0, request) as connection:
        answer = heard(connection)

    assert answer.startswith(b"HTTP/1.1 400")
    assert b"HEADER_REPEATED" in answer
