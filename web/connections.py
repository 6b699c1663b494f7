"""What a connection may ask of the server before it is a request, and after it was answered.

    PatientProtocol     headers must be complete in time and in size, and answers taken, which uvicorn itself does not ask for
    uvicorn_options()   the protocol and the rest of what uvicorn must be told
    open_more_files()   has the system allow as many connections as are kept here

A connection is *idle* while no complete headers are here: from its opening, and after each answer. It is *slow* while
much of an answer is not taken. Both are bounded in number: of too many the oldest ends, so a flood of them ends itself,
and an honest caller, who is quick, gets through. Requests that are sent one behind another are read as fast as they are
answered; what was sent of them waits unread.
"""

import resource
import socket
import struct
from asyncio import TimerHandle, Transport
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, ClassVar, Final
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

#: Files that a server may have open: four times its idle connections, and as many again for all else.
FILES: Final = 4_096
#: Bytes that are parsed at once, so that few requests are begun before the first of them is answered.
PIECE: Final = 2048


@dataclass(eq=False)
class Open:
    """The connections of one server that are waited for, those that began to wait first coming first."""

    idle: dict["PatientProtocol", None] = field(default_factory=dict)
    slow: dict["PatientProtocol", None] = field(default_factory=dict)
    #: Whether somebody will make room among the idle ones.
    making_room: bool = False


_servers: WeakKeyDictionary[ServerState, Open] = WeakKeyDictionary()


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with an end to its patience.

    Attributes:
        patience: seconds after the first moment that headers are waited for, in which they must be complete.
        most_header_bytes: greatest size of the headers.
        most_idle: how many connections may be idle for longer than `grace` seconds, in which whoever sends a request at
            once is heard; and four times as many at any time.
        taking_patience: seconds in which `taken` bytes at least must be taken of an answer that waits.
        most_slow, most_slow_bytes: how many connections may be slow, and how much may wait for them.
    """

    patience: ClassVar[float] = 10.0
    most_header_bytes: ClassVar[int] = 32 * 1024
    most_idle: ClassVar[int] = 512
    grace: ClassVar[float] = 1.0
    taking_patience: ClassVar[float] = 20.0
    taken: ClassVar[int] = 20 * 1024
    most_slow: ClassVar[int] = 256
    most_slow_bytes: ClassVar[int] = 64 * 2**20

    _timer: TimerHandle | None = None
    _taking: TimerHandle | None = None
    _unsent = 0
    idle_since = 0.0
    _head_bytes = 0
    _in_body = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn narrows it
        """Begin to wait for headers; when too many are waited for, give up the oldest."""
        super().connection_made(transport)
        self._open = _servers.setdefault(self.server_state, Open())
        self._unparsed = bytearray()
        self._wait()
        if len(self._open.idle) > self.most_idle and not self._open.making_room:
            self._make_room()
        if len(self._open.idle) > 4 * self.most_idle:
            next(iter(self._open.idle)).give_up()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        self._open.slow.pop(self, None)
        self._stop_watching()
        self._unparsed.clear()
        super().connection_lost(exc)

    # --- what comes

    def data_received(self, data: bytes) -> None:
        """Keep what comes, and parse it as fast as it is answered."""
        if self._idle and self._timer is None:
            # The caller began another request on this connection; uvicorn stops its own clock here.
            self._start_timer()
        self._unparsed += data
        self._parse()

    def _parse(self) -> None:
        """Parse what was sent, until requests wait for their turn."""
        while self._unparsed and not self.pipeline and not self.transport.is_closing():
            piece = bytes(self._unparsed[:PIECE])
            del self._unparsed[:PIECE]
            super().data_received(piece)
            if self._idle and not self._in_body:
                self._head_bytes += len(piece)
                if self._head_bytes > self.most_header_bytes and not self.transport.is_closing():
                    self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self._unparsed and not self.transport.is_closing():
            self.flow.pause_reading()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; what comes so after a body is none, and would be taken for one."""
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The caller kept their part: no more waiting here, the guards wait for the body."""
        self._stop_waiting()
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is complete; when the answer was quicker, so is the wait for the rest."""
        self._in_body = False
        super().on_message_complete()
        if self.cycle.response_complete:
            self._stop_waiting()
            self._wait()

    # --- what goes

    def on_response_complete(self) -> None:
        """Wait for the next request, or, after an early answer, for the rest of a body that nobody reads."""
        super().on_response_complete()
        self._watch()
        if self._unparsed:
            self.flow.pause_reading()
            self.loop.call_soon(self._parse)
        if self.transport.is_closing() or not self.cycle.response_complete:
            return
        self._become_idle()
        if self._in_body:
            self._start_timer()

    def pause_writing(self) -> None:
        """Much of an answer waits to be taken; when too much waits, give up whoever is slow for longest."""
        super().pause_writing()
        slow = self._open.slow
        slow[self] = None
        self._watch()
        waiting = sum(each.transport.get_write_buffer_size() for each in slow)
        while len(slow) > self.most_slow or (waiting > self.most_slow_bytes and len(slow) > 1):
            oldest = next(iter(slow))
            waiting -= oldest.transport.get_write_buffer_size()
            oldest.abort()

    def resume_writing(self) -> None:
        """Most of it was taken; for what is written from now on the time begins anew."""
        self._open.slow.pop(self, None)
        self._stop_watching()
        super().resume_writing()
        self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on a connection that asks for nothing more."""
        super().timeout_keep_alive_handler()
        self._watch()

    def _watch(self) -> None:
        """See to it that what waits to be taken is taken."""
        if self._taking is None and (unsent := self.transport.get_write_buffer_size()):
            self._unsent = unsent
            self._taking = self.loop.call_later(self.taking_patience, self._look)

    def _stop_watching(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _look(self) -> None:
        self._taking = None
        if self.transport.get_write_buffer_size() > max(0, self._unsent - self.taken):
            self.abort()
        else:
            self._watch()

    def abort(self) -> None:
        """Hang up at once; what was not taken of an answer is lost, here and in the system's own buffers."""
        self._open.slow.pop(self, None)
        self._stop_waiting()
        at_once = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.transport.abort()

    # --- idle

    @property
    def _idle(self) -> bool:
        return self in self._open.idle

    def _wait(self) -> None:
        self._become_idle()
        self._start_timer()

    def _become_idle(self) -> None:
        self._open.idle.pop(self, None)
        self._open.idle[self] = None
        self.idle_since = self.loop.time()
        self._head_bytes = 0

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(self.patience, self._expired)

    def _stop_waiting(self) -> None:
        self._open.idle.pop(self, None)
        self._head_bytes = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expired(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, when nothing was answered yet, and hang up."""
        if not self._in_body:
            head = (
                f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode())
        self.give_up()

    def give_up(self) -> None:
        """Hang up on a connection that is not waited for any more."""
        self._stop_waiting()
        self.transport.close()
        self._watch()

    def _make_room(self) -> None:
        """Hang up on those that have been idle for longest, and longer than is needed to send a request."""
        self._open.making_room = False
        for oldest in list(self._open.idle)[: max(0, len(self._open.idle) - self.most_idle)]:
            if (ends := oldest.idle_since + self.grace) > self.loop.time():
                self._open.making_room = True
                self.loop.call_at(ends, self._make_room)
                return
            oldest.give_up()


def open_more_files() -> int:
    """Have as many files open as the system allows, up to what a burst of connections takes; returns how many."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def uvicorn_options() -> dict[str, Any]:
    """What uvicorn must be told to serve Savas: `uvicorn.Config(app, **uvicorn_options())`.

    It has no limit of connections of its own, which would turn away everybody alike: idle and slow ones, half-sent bodies
    and running requests are each bounded, here and in `web.guards`.
    """
    return {
        "http": PatientProtocol,
        "ws": "none",
        "h11_max_incomplete_event_size": PatientProtocol.most_header_bytes,
        "timeout_keep_alive": 5,
        "timeout_graceful_shutdown": 10,
        "server_header": False,
        "access_log": False,
    }
