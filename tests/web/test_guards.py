import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.web.serving import GIVE_UP, calling, heard, serving
from web.errors import HTTPProblem
from web.guards import PatientProtocol, guarded, problem_response

SECRET = "Jonas Jonaitis"
HALF_HEADERS = b"POST / HTTP/1.1\r\nHost: a\r\nX-"
HALF_BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the body; the path may ask for less agreeable things."""
    request = Request(scope, receive)
    if scope["path"] == "/fault":
        raise ValueError(SECRET)
    if scope["path"] == "/problem":
        raise HTTPProblem(418, "TEAPOT", "It is a teapot.")
    if scope["path"] == "/cut":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        raise ValueError(SECRET)
    await PlainTextResponse(await request.body())(scope, receive, send)


def protocol(**settings: float) -> type[PatientProtocol]:
    return type("Patient", (PatientProtocol,), settings)


@contextmanager
def house(*, patience: float = 60.0, most_idle: int = 512, **guards: float) -> Iterator[int]:
    """The echo behind all guards, with nobody impatient unless told so."""
    settings = protocol(patience=patience, most_idle=most_idle)
    options = {"deadline": 60.0, **guards}
    with serving(guarded(echo, **options), http=settings) as port:  # type: ignore[arg-type] # ints and floats mixed
        yield port


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with house() as port:
        yield port


def post(port: int, content: bytes = b"hello", path: str = "/") -> httpx.Response:
    return httpx.post(f"http://127.0.0.1:{port}{path}", content=content, timeout=GIVE_UP)


def test_a_request_passes_all_guards_unchanged(port: int):
    answer = post(port)
    assert (answer.status_code, answer.text) == (200, "hello")


def test_every_answer_has_a_correlation_id_of_its_own_and_never_the_callers(port: int):
    ids = {
        httpx.get(f"http://127.0.0.1:{port}/", headers={"Request-Id": "mine"}).headers["request-id"]
        for _ in range(3)
    }
    assert len(ids) == 3
    assert "mine" not in ids


def test_no_answer_names_the_server_or_lets_a_browser_guess_its_type(port: int):
    headers = post(port).headers
    assert "server" not in headers
    assert headers["x-content-type-options"] == "nosniff"


def test_a_fault_is_told_by_its_correlation_id_only(port: int, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        answer = post(port, path="/fault")

    error = answer.json()["errors"][0]
    assert answer.status_code == 500
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": answer.headers["request-id"]}
    assert SECRET not in answer.text
    assert SECRET not in caplog.text
    assert f"fault=ValueError at={__name__}:" in caplog.text
    assert answer.headers["request-id"] in caplog.text


def test_a_fault_within_an_answer_cuts_it_and_tells_nothing(port: int, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG), calling(port, b"GET /cut HTTP/1.1\r\nHost: a\r\n\r\n") as connection:
        answer = heard(connection)

    assert answer.endswith(b"begun")
    assert SECRET not in caplog.text


def test_a_refusal_from_anywhere_within_is_answered(port: int):
    answer = post(port, path="/problem")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (418, "TEAPOT")


def test_a_refusal_from_a_route_of_starlette_is_answered_the_same():
    async def teapot(_: Request) -> PlainTextResponse:
        raise HTTPProblem(418, "TEAPOT", "It is a teapot.", headers={"Retry-After": "9"})

    app = Starlette(routes=[Route("/", teapot)], exception_handlers={HTTPProblem: problem_response})
    with serving(guarded(app)) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/")

    assert (answer.status_code, answer.headers["retry-after"]) == (418, "9")
    assert answer.json()["errors"][0]["message"] == "It is a teapot."


def test_a_body_declared_too_large_is_refused_unread(port: int):
    with calling(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n") as connection:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413")


def test_a_body_that_grows_too_large_is_refused_on_the_way(port: int):
    piece = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
    with calling(
        port, b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + piece * 9
    ) as connection:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413")


def test_a_half_sent_body_is_not_waited_for():
    with house(deadline=0.1) as port, calling(port, HALF_BODY) as connection:
        answer = heard(connection)

    assert answer.startswith(b"HTTP/1.1 408")
    assert b"REQUEST_TIMEOUT" in answer
    assert b"request-id: " in answer.lower()


@pytest.mark.parametrize("sent", [b"", HALF_HEADERS, b"\r\n", b"GET /" + b"a" * 100])
def test_half_sent_headers_are_not_waited_for(sent: bytes):
    with house(patience=0.1) as port, calling(port, sent) as connection:
        assert heard(connection).startswith(b"HTTP/1.1 408")


def test_half_sent_headers_of_a_second_request_are_not_waited_for():
    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    with house(patience=0.1) as port, calling(port, request) as connection:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        connection.sendall(HALF_HEADERS)
        assert heard(connection).startswith(b"HTTP/1.1 408")


def test_the_rest_of_a_body_that_was_refused_is_not_waited_for():
    request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n"
    with house(patience=0.1) as port, calling(port, request + b"a" * 100_000) as connection:
        assert heard(connection).startswith(b"HTTP/1.1 413")


def test_headers_without_end_are_refused(port: int):
    with calling(port, HALF_HEADERS + b"a" * 40_000) as connection:
        assert heard(connection).startswith(b"HTTP/1.1 431")


def test_one_half_sent_body_too_many_ends_the_oldest():
    with house(waiting=1) as port, calling(port, HALF_BODY) as oldest, calling(port, HALF_BODY) as newest:
        assert heard(oldest).startswith(b"HTTP/1.1 408")
        newest.sendall(b"67890")
        assert newest.recv(65_536).startswith(b"HTTP/1.1 200")


def test_one_idle_connection_too_many_ends_the_oldest():
    with house(most_idle=1) as port, calling(port, HALF_HEADERS) as oldest, calling(port) as newest:
        assert heard(oldest) == b""
        newest.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert newest.recv(65_536).startswith(b"HTTP/1.1 200")


def test_a_flood_of_half_sent_requests_does_not_touch_others():
    with house(most_idle=40, waiting=40) as port, ExitStack() as flood:
        for _ in range(100):
            flood.enter_context(calling(port, HALF_HEADERS))
            flood.enter_context(calling(port, HALF_BODY))

        assert post(port).status_code == 200


def test_a_crowd_is_told_to_come_back_and_those_within_are_served():
    inside, leave = threading.Event(), threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/slow":
            inside.set()
            await asyncio.to_thread(leave.wait, GIVE_UP)
        await PlainTextResponse("done")(scope, receive, send)

    with serving(guarded(slow, most=1)) as port:
        answers: list[httpx.Response] = []
        first = threading.Thread(target=_keep(answers, lambda: post(port, path="/slow")))
        first.start()
        assert inside.wait(GIVE_UP)
        turned_away = post(port)
        leave.set()
        first.join(GIVE_UP)

        assert (turned_away.status_code, turned_away.headers["retry-after"]) == (503, "1")
        assert answers[0].status_code == 200
        assert post(port).status_code == 200


def _keep(answers: list[httpx.Response], call: Callable[[], httpx.Response]) -> Callable[[], None]:
    return lambda: answers.append(call())


def test_one_connection_serves_many_requests(port: int):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=GIVE_UP) as client:
        assert [client.post("/", content=str(n)).text for n in range(5)] == ["0", "1", "2", "3", "4"]


def test_pipelined_requests_are_answered_in_order(port: int):
    request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n%s\r\n"
    sent = request % b"" + b"1" + request % b"" + b"2" + request % b"Connection: close\r\n" + b"3"
    with calling(port, sent) as connection:
        answers = heard(connection)

    assert [answer[:1] for answer in answers.split(b"\r\n\r\n")[1:]] == [b"1", b"2", b"3"]


def test_who_hangs_up_within_a_body_leaves_no_trace(port: int, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "savas.web"), calling(port, HALF_BODY):
        pass

    assert post(port).status_code == 200
    assert caplog.text == ""
