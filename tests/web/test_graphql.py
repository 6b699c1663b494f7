from itertools import product

import httpx
import pytest

from tests.web.serving import serving
from tests.web.small import ALLOWED, SCHEMA, Ask, code, context, send
from web.graphql import GRAPHQL, JSON, Endpoint


def test_a_query_is_answered(ask: Ask):
    answer = ask("{ hello }", Purpose="support, billing")

    assert answer.status_code == 200
    assert answer.json() == {"data": {"hello": "hello billing,support"}}
    assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["request-id"]


def test_a_mutation_is_answered(ask: Ask):
    assert ask('mutation { signIn(login: "a") }').json() == {"data": {"signIn": "a"}}


def test_the_endpoint_needs_no_guard_to_have_a_correlation_id():
    with serving(Endpoint(SCHEMA, context)) as port:
        answers = [httpx.post(f"http://127.0.0.1:{port}/", json={"query": "{hello}"}) for _ in range(2)]
    assert len({answer.headers["request-id"] for answer in answers}) == 2


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_only_post_is_answered(client: httpx.Client, method: str):
    answer = client.request(method, "/graphql", params={"query": 'mutation { signIn(login: "a") }'})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_options_tells_the_method_and_opens_nothing(client: httpx.Client):
    answer = client.options("/graphql", headers={"Origin": "https://evil.example"})

    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "POST", b"")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_configured_origin_may_ask_and_read(client: httpx.Client):
    preflight = client.options(
        "/graphql", headers={"Origin": ALLOWED, "Access-Control-Request-Method": "POST"}
    )
    answer = send(client, Origin=ALLOWED)

    assert preflight.headers["access-control-allow-headers"] == "content-type, authorization, purpose"
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ALLOWED
    assert "Origin" in answer.headers["vary"]


def test_a_page_of_the_same_host_may_ask(client: httpx.Client):
    assert send(client, Origin=str(client.base_url).rstrip("/")).status_code == 200
    assert send(client, Origin="https://crm.example", Host="crm.example").status_code == 200
    assert send(client, Origin="https://crm.example", Host="crm.example:443").status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", ALLOWED + ".evil.example", "", "file://"]
)
def test_a_page_of_another_origin_may_not_ask(client: httpx.Client, origin: str):
    answer = send(client, Origin=origin)
    assert (answer.status_code, code(answer)) == (403, "ORIGIN_FORBIDDEN")
    assert "access-control-allow-origin" not in answer.headers


LIKED: list[tuple[str, str]] = [
    ("", GRAPHQL),
    ("*/*", GRAPHQL),
    ("application/*", GRAPHQL),
    (GRAPHQL, GRAPHQL),
    (JSON, JSON),
    ("application/json; charset=utf-8", JSON),
    (f"{GRAPHQL}, {JSON}", GRAPHQL),
    (f"{JSON}, {GRAPHQL}", JSON),
    (f"{JSON};q=0.5, {GRAPHQL};q=0.9", GRAPHQL),
    (f"{GRAPHQL};q=0.1, {JSON}", JSON),
    (f"{GRAPHQL};q=0, */*", JSON),
    ("text/html, */*;q=0.1", GRAPHQL),
    (f"{JSON}, multipart/mixed", JSON),
]


def test_the_answer_has_the_type_that_the_caller_likes_best(client: httpx.Client):
    for accept, kind in LIKED:
        assert send(client, Accept=accept).headers["content-type"] == f"{kind}; charset=utf-8", accept


@pytest.mark.parametrize(
    "accept", ["text/html", f"{GRAPHQL};q=0", "*/*;q=0", "application/json;charset=utf-16"]
)
def test_no_answer_is_made_that_the_caller_cannot_read(client: httpx.Client, accept: str):
    answer = send(client, Accept=accept)
    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=a",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/jsonp",
    ],
)
def test_only_json_is_read(client: httpx.Client, kind: str):
    assert send(client, Content_Type=kind).status_code == 415


def test_json_may_name_its_encoding_and_must_not_be_compressed(client: httpx.Client):
    assert send(client, Content_Type='application/json; charset="UTF-8"').status_code == 200
    assert send(client, Content_Encoding="gzip").status_code == 415


NOT_EXECUTED: list[tuple[bytes, int]] = [
    (b"1", 422),
    (b"null", 422),
    (b'"x"', 422),
    (b"[]", 400),
    (b'[{"query": "{hello}"}]', 400),
    (b'{"query": "{hello}", "variables": {"x": ' + b"9" * 5_000 + b"}}", 400),
    (b"[" * 100_000 + b"]" * 100_000, 400),
    (b'{"query": "\xff"}', 400),
    (b'{"query": "{hello}", "query": "{hello}"}', 400),
    (b'{"query": "{hello}", "variables": {"x": NaN}}', 400),
    (b'{"qeury": "{hello}"}', 422),
    (b'{"query": "{hello}", "variables": [7]}', 422),
    (b'{"query": "{"}', 400),
    (b'{"query": "# nothing"}', 400),
    (b'{"query": "{hello(x: )}"}', 400),
    (b'{"query": "{nobody}"}', 422),
    (b'{"query": "query A {hello} query B {hello}"}', 422),
    (b'{"query": "query A {hello}", "operationName": "B"}', 422),
    (b'{"query": "fragment F on Query {hello}"}', 422),
    (b'{"query": "subscription {hello}"}', 422),
    (b'{"query": "query($w: Wish!) {wish(wish: $w)}"}', 422),
    (b'{"query": "{' + b"a" * 5_000 + b'}"}', 422),
    (b'{"query": "{' + b"a{" * 2_000 + b"a" + b"}" * 2_000 + b'}"}', 422),
    (b'{"query": "{' + b"hello " * 20_000 + b'}"}', 422),
]


def test_what_was_not_executed_says_so_by_its_status(client: httpx.Client):
    for accept, (content, status) in product([GRAPHQL, JSON], NOT_EXECUTED):
        answer = send(client, content, Accept=accept)

        assert answer.status_code == status, content[:100]
        assert "data" not in answer.json(), content[:100]
        assert code(answer) != "INTERNAL_SERVER_ERROR", content[:100]
        assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8", content[:100]


def test_a_body_that_is_too_large_is_refused_with_and_without_guards(client: httpx.Client):
    content = b'{"query": "{hello}", "variables": {"x": "' + b"a" * 300_000 + b'"}}'
    with serving(Endpoint(SCHEMA, context)) as port:
        unguarded = httpx.post(f"http://127.0.0.1:{port}/", content=content, headers={"Content-Type": JSON})

    for answer in (unguarded, send(client, content)):
        assert (answer.status_code, code(answer)) == (413, "BODY_TOO_LARGE")
