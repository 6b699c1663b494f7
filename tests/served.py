"""A real server in a process of its own, as `./savas serve` starts it, and a caller on loopback."""

import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from models.database import DatabaseError
from tests import clocks, installation
from tests.forked import Forked, forked

ROOT = Path(__file__).resolve().parents[1]

#: Seconds after which a test gives up waiting; nothing is measured by it.
GIVE_UP = 60.0
#: What is said on loopback is not encrypted; but whoever calls would read the certificates of the world each time.
_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_ADDRESS = re.compile(r"serving at (http://[0-9.:]+)")


def caller() -> httpx.Client:
    """Somebody who calls on loopback."""
    return httpx.Client(trust_env=False, timeout=GIVE_UP, verify=_TLS)


@dataclass
class Served:
    """A running server, and everything it has said so far."""

    process: "subprocess.Popen[str] | Forked"
    said: list[str] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _ended: bool = False

    def listen(self) -> None:
        """Collect what the server says until it ends; runs in a thread of its own."""
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                with self._changed:
                    self.said.append(line)
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def log(self) -> str:
        """What it has said so far."""
        with self._changed:
            return "".join(self.said)

    def hears(self, wanted: str) -> str:
        """Wait until the server has said this; everything it has said."""
        with self._changed:
            known = self._changed.wait_for(
                lambda: self._ended or re.search(wanted, "".join(self.said)) is not None, GIVE_UP
            )
            log = "".join(self.said)
        assert known, log
        assert re.search(wanted, log), log
        return log

    @property
    def address(self) -> str:
        """Where it serves; waits until it does."""
        found = _ADDRESS.search(self.hears(_ADDRESS.pattern))
        assert found is not None
        return found[1]

    def asks(
        self, query: str, token: str | None = None, purpose: str | None = None, **variables: Any
    ) -> httpx.Response:
        """Ask as the bearer of a token, for a purpose."""
        headers = {"Accept": "application/graphql-response+json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Purpose": purpose} if purpose else {}
        return self.posts({"query": query, "variables": variables}, list(headers.items()))

    def posts(self, body: Any, headers: list[tuple[str, str]]) -> httpx.Response:
        """Send a body with exactly these headers."""
        with caller() as client:
            return client.post(f"{self.address}/graphql", json=body, headers=headers)

    def health(self) -> dict[str, Any]:
        """What the server says of itself."""
        with caller() as client:
            found: dict[str, Any] = client.get(f"{self.address}/health").json()
        return found

    def signs_in(self, login: str, password: str) -> str:
        """Sign in; the token."""
        answer = self.asks(
            "mutation ($login: String!, $password: String!) {"
            " signIn(input: {login: $login, password: $password}) { token userErrors { code } } }",
            login=login,
            password=password,
        ).json()
        token: str = answer["data"]["signIn"]["token"]
        assert token, answer
        return token

    def stops(self, how: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(GIVE_UP)


@contextmanager
def served(
    *words: str,
    place: Sequence[str] = (),
    settings: Mapping[str, str] = MappingProxyType({}),
    anew: bool = False,
    ahead: timedelta = timedelta(0),
) -> Iterator[Served]:
    """Start `savas serve` on a free port; ends it at the end.

    Args:
        words: options of `serve`.
        place: options that stand before it, and say where the keys are.
        settings: variables of its environment.
        anew: whether it is started as a program, as an operator starts it, and not forked from one that is warm.
        ahead: by how much its clock is ahead; of one that is forked.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAVAS_")}
    environment |= {"COLUMNS": "200", "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    if "--database" in words:
        # What is no address has no place for keys either.
        with suppress(DatabaseError):
            environment |= installation.environment(words[words.index("--database") + 1])
    environment |= settings
    told = [*place, "serve", "--no-demo", "--port", "0", *words]
    with _started(told, environment) if anew else forked(_serve, told, environment, ahead) as process:
        server = Served(process)
        listener = threading.Thread(target=server.listen, daemon=True)
        listener.start()
        try:
            yield server
        finally:
            if process.poll() is None:
                process.kill()
            process.wait(GIVE_UP)
            listener.join(GIVE_UP)


@contextmanager
def _started(words: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    yield subprocess.Popen(
        [sys.executable, "-m", "commands", *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _serve(words: list[str], environment: dict[str, str], ahead: timedelta) -> int:
    from commands.__main__ import main

    clocks.set_ahead(ahead)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    # Where temporary files lie may have been moved.
    tempfile.tempdir = None
    return main(words)


def until(holds: Callable[[], bool]) -> bool:
    """Ask again and again until something holds or the patience ends; whether it holds."""
    deadline = time.monotonic() + GIVE_UP
    while not (found := holds()) and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    return found
