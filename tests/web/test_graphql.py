import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

import httpx
import pytest
import strawberry
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from strawberry.types import ExecutionContext

from policies.errors import Refused
from procedures.errors import RateLimited, Unauthenticated, Unfit
from schema import limits
from tests.web.serving import GIVE_UP, calling, heard, serving
from web.graphql import GRAPHQL, JSON, PARTIAL, endpoint
from web.guards import guarded
from web.headers import bearer, purposes

SECRET = "Jonas"
ALLOWED = "https://office.example"


@strawberry.enum
class Colour(Enum):
    RED = "red"


@strawberry.input
class Wish:
    stars: int
    tags: list[int] = strawberry.field(default_factory=list)


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, info: strawberry.Info) -> str:
        return f"hello {info.context}"

    @strawberry.field
    def wish(self, wish: Wish, colour: Colour | None = None) -> int:
        return wish.stars

    @strawberry.field
    def unfit(self) -> str | None:
        raise Unfit("The day is over.", "day")

    @strawberry.field
    def refused(self) -> str | None:
        action = "read"
        raise Refused(action)

    @strawberry.field
    def fault(self) -> str | None:
        raise ValueError(SECRET)

    @strawberry.field
    def said(self) -> str | None:
        raise GraphQLError(SECRET)

    @strawberry.field
    def wrong(self) -> int | None:
        return SECRET  # type: ignore[return-value] # a resolver that breaks its word

    @strawberry.field
    def missing(self) -> str:
        return None  # type: ignore[return-value] # a resolver that breaks its word


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, login: str) -> str:
        return login


class QuietSchema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Strawberry would log the document and the exception."""


SCHEMA = QuietSchema(Query, Mutation, extensions=limits.EXTENSIONS)


async def context(request: Request) -> str:
    stated = purposes(request.headers)
    token = bearer(request.headers)
    troubles: dict[str, Exception] = {
        "unauthenticated-token": Unauthenticated(),
        "rate-limited-token": RateLimited(7),
        "troublesome-token": ValueError(SECRET),
    }
    if token in troubles:
        raise troubles[token]
    return ",".join(sorted(stated))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    answers = endpoint(SCHEMA, context, origins=frozenset({ALLOWED}))
    app = guarded(Starlette(routes=[Route("/graphql", answers)]))
    with serving(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=GIVE_UP) as client:
        yield client


Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    def asked(
        query: str, variables: dict[str, Any] | None = None, *, operation: str | None = None, **headers: str
    ) -> httpx.Response:
        content = {"query": query, "variables": variables, "operationName": operation}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/graphql", json=content, headers=named)

    return asked


def send(client: httpx.Client, content: bytes = b'{"query": "{hello}"}', **headers: str) -> httpx.Response:
    given = {"Content-Type": JSON} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/graphql", content=content, headers=given)


def code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


def message(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["message"])


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
    with serving(endpoint(SCHEMA, context)) as port:
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


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
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
    ],
)
def test_the_answer_has_the_type_that_the_caller_likes_best(client: httpx.Client, accept: str, kind: str):
    assert send(client, Accept=accept).headers["content-type"] == f"{kind}; charset=utf-8"


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


@pytest.mark.parametrize(
    ("content", "status"),
    [
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
    ],
)
@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
def test_what_was_not_executed_says_so_by_its_status(
    client: httpx.Client, content: bytes, status: int, accept: str
):
    answer = send(client, content, Accept=accept)

    assert answer.status_code == status
    assert "data" not in answer.json()
    assert code(answer) != "INTERNAL_SERVER_ERROR"
    assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


def test_a_body_that_is_too_large_is_refused_with_and_without_guards(client: httpx.Client):
    content = b'{"query": "{hello}", "variables": {"x": "' + b"a" * 300_000 + b'"}}'
    with serving(endpoint(SCHEMA, context)) as port:
        unguarded = httpx.post(f"http://127.0.0.1:{port}/", content=content, headers={"Content-Type": JSON})

    for answer in (unguarded, send(client, content)):
        assert (answer.status_code, code(answer)) == (413, "BODY_TOO_LARGE")


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
def test_trouble_with_the_asker_keeps_its_code(
    ask: Ask, caplog: pytest.LogCaptureFixture, token: str, status: int, expected: str
):
    with caplog.at_level(logging.DEBUG):
        answer = ask("{ hello }", Authorization=f"Bearer {token}")

    assert (answer.status_code, code(answer)) == (status, expected)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
    assert SECRET not in answer.text + caplog.text


def test_one_line_is_logged_for_a_request_and_it_holds_no_word_of_it(
    ask: Ask, caplog: pytest.LogCaptureFixture
):
    query = f'mutation {SECRET} {{ signIn(login: "{SECRET}") }}'
    with caplog.at_level(logging.INFO, "savas.web"):
        answer = ask(query, {"x": SECRET})

    operation = hashlib.sha256(query.encode()).hexdigest()[:16]
    assert [record.getMessage() for record in caplog.records if record.name == "savas.web"] == [
        f"status=200 code=- operation={operation} request={answer.headers['request-id']}"
    ]


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
