"""Nothing that a caller does or leaves undone on a connection holds up another."""

import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.web.house import HALF_HEADERS, LARGE, house, post
from tests.web.serving import GIVE_UP, calling, heard
from web.connections import FILES
from web.places import Places


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with house() as port:
        yield port


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


def test_one_idle_connection_too_many_ends_the_oldest():
    with house(most_idle=1) as port, calling(port, HALF_HEADERS) as oldest, calling(port) as newest:
        assert heard(oldest) == b""
        newest.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert newest.recv(65_536).startswith(b"HTTP/1.1 200")


def test_one_connection_serves_many_requests(port: int):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=GIVE_UP) as client:
        assert [client.post("/", content=str(n)).text for n in range(5)] == ["0", "1", "2", "3", "4"]


def test_pipelined_requests_are_answered_in_order(port: int):
    request = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n%s\r\n"
    sent = request % b"" + b"1" + request % b"" + b"2" + request % b"Connection: close\r\n" + b"3"
    with calling(port, sent) as connection:
        answers = heard(connection)

    assert [answer[:1] for answer in answers.split(b"\r\n\r\n")[1:]] == [b"1", b"2", b"3"]


def test_a_flood_of_silent_connections_at_once_shuts_nobody_out():
    with house(most_idle=50, grace=0.2) as port, ExitStack() as flood:
        silent = [flood.enter_context(calling(port)) for _ in range(600)]

        assert [post(port).status_code for _ in range(5)] == [200] * 5
        # All but the last fifty are hung up on, and none of them is asked for more.
        assert [heard(each) for each in silent[:-50]] == [b""] * 550


def test_a_caller_amid_a_flood_is_heard_who_asks_at_once():
    with house(most_idle=10, grace=0.5) as port, ExitStack() as flood:
        for _ in range(10):
            flood.enter_context(calling(port))
        with calling(port, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") as honest:
            for _ in range(25):
                flood.enter_context(calling(port))
            assert heard(honest).startswith(b"HTTP/1.1 200")


def test_requests_sent_one_behind_another_are_read_as_fast_as_they_are_answered(port: int):
    one = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with calling(port, one * 3_000 + last) as connection:
        answers = heard(connection)

    assert answers.count(b"HTTP/1.1 200") == 3_001


def test_headers_that_come_all_at_once_are_refused_when_they_are_too_many(port: int):
    sent = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-A: aaaaaaaa\r\n" * 4_000 + b"\r\n"
    with calling(port, sent) as connection:
        assert heard(connection).startswith(b"HTTP/1.1 431")


def test_what_comes_behind_a_body_is_no_header(port: int):
    head = b"POST /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    with calling(port, head + b"1\r\na\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n") as connection:
        assert heard(connection).endswith(b"nobody")


def test_a_server_may_have_as_many_files_open_as_connections_are_kept():
    script = "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (256, {0})); from web.connections import open_more_files; print(open_more_files())"
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    found = {
        hard: int(subprocess.check_output([sys.executable, "-c", script.format(hard)], text=True))
        for hard in (300, most)
    }

    assert found == {300: 300, most: min(most, FILES)}


# --- whoever does not take what was answered


def asks(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()


def unread(port: int, path: str) -> socket.socket:
    """A connection that asks and takes nothing of the answer."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(GIVE_UP)
    connection.connect(("127.0.0.1", port))
    connection.sendall(asks(path))
    return connection


@pytest.mark.parametrize("path", ["/large", "/file"])
def test_whoever_takes_nothing_of_an_answer_holds_no_place(path: str):
    with house(places=Places(most=2, each=2, patience=60.0)) as port, ExitStack() as slow:
        for _ in range(8):
            slow.enter_context(unread(port, path))

        assert [post(port).status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("path", ["/large", "/file"])
def test_whoever_takes_nothing_of_an_answer_is_hung_up_on(path: str):
    with house(taking_patience=0.1) as port, unread(port, path) as connection:
        assert hung_up(connection)
        assert len(heard(connection)) < LARGE


def test_whoever_takes_an_answer_slowly_gets_all_of_it():
    # Twice as long as nobody waits for; each look finds that some of it was taken.
    with house(taking_patience=0.2, taken=1) as port, unread(port, "/large") as connection:
        ends, got = time.monotonic() + 0.4, 0
        while part := connection.recv(4_096 if time.monotonic() < ends else 2**20):
            got += part.count(b"a")
        assert got >= LARGE


def test_of_too_many_slow_callers_the_oldest_is_hung_up_on():
    with house(most_slow=3) as port, ExitStack() as slow:
        callers = [slow.enter_context(unread(port, "/large")) for _ in range(6)]

        assert all(hung_up(each) for each in callers[:3])
        assert post(port).status_code == 200
        assert all(heard(each).count(b"a") >= LARGE for each in callers[3:])


def hung_up(connection: socket.socket) -> bool:
    """Wait until the other side has hung up, without taking anything."""
    poll = select.poll()
    poll.register(connection, 0)
    return bool(poll.poll(GIVE_UP * 1_000))
