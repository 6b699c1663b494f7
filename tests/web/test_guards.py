import logging
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.web.house import HALF_BODY, HALF_HEADERS, SECRET, house, post
from tests.web.serving import calling, heard, serving
from web.errors import HTTPProblem
from web.guards import guarded, problem_response


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with house() as port:
        yield port


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
    assert "fault=ValueError at=tests.web.house:" in caplog.text
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


def test_one_half_sent_body_too_many_ends_the_oldest():
    with house(waiting=1) as port, calling(port, HALF_BODY) as oldest, calling(port, HALF_BODY) as newest:
        assert heard(oldest).startswith(b"HTTP/1.1 408")
        newest.sendall(b"67890")
        assert newest.recv(65_536).startswith(b"HTTP/1.1 200")


def test_a_flood_of_half_sent_requests_does_not_touch_others():
    with house(most_idle=40, waiting=40) as port, ExitStack() as flood:
        for _ in range(100):
            flood.enter_context(calling(port, HALF_HEADERS))
            flood.enter_context(calling(port, HALF_BODY))

        assert post(port).status_code == 200


def test_who_hangs_up_within_a_body_leaves_no_trace(port: int, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, "savas.web"), calling(port, HALF_BODY):
        pass

    assert post(port).status_code == 200
    assert caplog.text == ""
