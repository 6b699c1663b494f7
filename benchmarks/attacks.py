"""How a bystander fares while somebody holds up, floods or starves the server: a whole one, in a process of its own, on SQLite.

The bystander is an agent, and the only one of this name, who reads a customer again and again. It asks for some seconds of a server that nobody else asks,
and then beside each of these; what is printed is how much was answered, the slowest of a hundred, and how that stands to
the same without anybody else:

    silent         2,000 connections are opened at once, say nothing, and are opened again when they are hung up on
    half sent      400 requests of which half the headers, or half the body, never come
    unread         200 callers ask for the playground's editor and take nothing of it
    pipelined      60 connections on which 3,000 requests each are sent without reading
    abandoned      64 callers ask for a list, hang up, and ask again
    no back-off    128 callers ask for a list, and again at once whatever the answer
    sign-ins       256 callers from a thousand addresses try passwords

Run it: `.venv/bin/python -m benchmarks.attacks [--seconds N] [--only NAME]`.
"""

import asyncio
import itertools
import json
import random
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

import models
from benchmarks.first_question import READ, TOKEN, fill
from procedures.installation import Settings, opened
from tests.people import Office

LIST = "{ customers(first: 50) { nodes { number status contactPoints { kind value } } } }"
#: What another agent asks with, who has tasks for so many customers.
OTHER, CUSTOMERS = "attacker--" * 5, 50
SIGN_IN = (
    'mutation { signIn(input: {login: "nobody", password: "correct horse battery"}) { userErrors { code } } }'
)


@dataclass(frozen=True)
class Server:
    """Where the server listens, and a file that it gives to everybody."""

    port: int
    file: str


@dataclass
class Fared:
    """How one who asks fared: seconds of each answer, and how often there was none."""

    took: list[float] = field(default_factory=list)
    failed: int = 0

    @property
    def slowest(self) -> float:
        """Seconds within which ninety-nine of a hundred were answered."""
        return statistics.quantiles(self.took, n=100)[98] if len(self.took) > 1 else float("inf")


def asked(query: str, token: str | None = None, **variables: str) -> bytes:
    """A request with a query, as it is sent."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    known = f"Authorization: Bearer {token}\r\nPurpose: support\r\n" if token else ""
    return (
        f"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{known}Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def connected(
    server: Server, source: str = "127.0.0.1"
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection from an address of this machine."""
    return await asyncio.open_connection("127.0.0.1", server.port, local_addr=(source, 0))


async def answered(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    body = await reader.readexactly(int(length[1])) if length else b""
    return int(head.split(b" ", 2)[1]), body


async def asking(server: Server, request: bytes, source: str = "127.0.0.1") -> int:
    """Ask on a connection of its own; the status."""
    reader, writer = await connected(server, source)
    try:
        writer.write(request)
        return (await answered(reader))[0]
    finally:
        writer.close()


# --- what somebody else does meanwhile, each until it is cancelled


async def forever(work: Callable[[], Awaitable[object]]) -> None:
    """Do it again and again, however it ends."""
    while True:
        with suppress(OSError, EOFError, asyncio.IncompleteReadError, ValueError):
            await work()
        await asyncio.sleep(0)


async def many(count: int, work: Callable[[], Awaitable[object]]) -> None:
    """So many at once."""
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(forever(work))


async def silent(server: Server) -> None:
    """Connections that say nothing."""

    async def hold() -> None:
        reader, writer = await connected(server)
        try:
            await reader.read()
        finally:
            writer.close()

    await many(2_000, hold)


async def half_sent(server: Server) -> None:
    """Requests that never become whole."""
    halves = itertools.cycle([asked(READ)[:40], asked(READ)[:-5]])

    async def hold() -> None:
        reader, writer = await connected(server)
        try:
            writer.write(next(halves))
            await reader.read()
        finally:
            writer.close()

    await many(400, hold)


async def unread(server: Server) -> None:
    """Callers who take nothing of a file."""

    async def hold() -> None:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", server.port))
            await asyncio.get_running_loop().sock_sendall(
                connection, f"GET {server.file} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
            )
            await asyncio.sleep(30)
        finally:
            connection.close()

    await many(200, hold)


async def pipelined(server: Server) -> None:
    """Requests one behind another, unread."""

    async def hold() -> None:
        reader, writer = await connected(server)
        try:
            writer.write(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n" * 3_000)
            while await reader.read(2**16):
                pass
        finally:
            writer.close()

    await many(60, hold)


async def abandoned(server: Server) -> None:
    """Lists for which nobody waits."""

    async def leave() -> None:
        _, writer = await connected(server)
        writer.write(asked(LIST, OTHER))
        await writer.drain()
        await asyncio.sleep(random.random() / 50)
        writer.close()

    await many(64, leave)


async def no_back_off(server: Server) -> None:
    """Lists, again and again."""
    await many(128, lambda: asking(server, asked(LIST, OTHER)))


async def sign_ins(server: Server) -> None:
    """Passwords, from many addresses."""
    sources = itertools.cycle(f"127.0.{high}.{low}" for high in range(1, 5) for low in range(1, 251))
    await many(256, lambda: asking(server, asked(SIGN_IN), next(sources)))


ATTACKS: dict[str, Callable[[Server], Awaitable[None]]] = {
    "silent": silent,
    "half sent": half_sent,
    "unread": unread,
    "pipelined": pipelined,
    "abandoned": abandoned,
    "no back-off": no_back_off,
    "sign-ins": sign_ins,
}


async def bystander(server: Server, customer: str, seconds: float) -> Fared:
    """Read a customer ten times a second, each time on a connection of its own, and wait ten seconds for it at most."""
    fared, request, ends = Fared(), asked(READ, TOKEN, id=customer), time.monotonic() + seconds
    while time.monotonic() < ends:
        begun = time.monotonic()
        try:
            async with asyncio.timeout(10):
                good = await asking(server, request) == 200
        except (OSError, EOFError, asyncio.IncompleteReadError, TimeoutError):
            good = False
        if good:
            fared.took.append(time.monotonic() - begun)
        else:
            fared.failed += 1
        await asyncio.sleep(max(0.0, begun + 0.1 - time.monotonic()))
    return fared


async def filled(data: Path) -> str:
    """An installation with the bystander, its customer, and another agent with customers of their own."""
    customer = await fill(data)
    async with opened(Settings(data=data).addresses):
        notices = {notice.purpose: notice for notice in await models.Notice.all()}
        office = Office(datetime.now(UTC), 100, notices)
        agent = await office.agent("support")
        for _ in range(CUSTOMERS):
            other = await office.customer([("contact_point", "support")])
            await office.task(agent, other, "support")
        await models.Session.create(
            actor_id=agent.actor.actor_id,
            token_hash=sha256(OTHER.encode()).digest(),
            created_at=office.now,
            expires_at=office.now + timedelta(hours=8),
        )
    return customer


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """A server of this installation, in a process of its own."""
    command = [sys.executable, "-m", "commands", "serve", "--data", str(data), "--port", "0", "--no-demo"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 our own
        assert process.stderr is not None
        for line in process.stderr:
            if found := re.search(r"serving at http://[0-9.]+:(\d+)", line):
                break
        else:
            raise SystemExit("the server did not start")
        # Its log is read on, or it would wait for somebody to read it.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        assets = Path(__file__).parents[1] / "web" / "static" / "assets"
        largest = max(assets.iterdir(), key=lambda path: path.stat().st_size)
        try:
            yield Server(int(found[1]), f"/static/assets/{largest.name}")
        finally:
            process.terminate()


@asynccontextmanager
async def beside(work: Awaitable[None], warm: float) -> AsyncIterator[None]:
    """While somebody does something, once it has been done for a little."""
    doing = asyncio.ensure_future(work)
    await asyncio.sleep(warm)
    try:
        yield
    finally:
        doing.cancel()
        with suppress(asyncio.CancelledError):
            await doing


async def measured(seconds: float, only: str | None, console: Console) -> Table:
    """Every attack in turn, beside the same bystander."""
    found = Table(title="A bystander beside each attack", title_justify="left")
    for heading in ("attack", "answered", "of", "median ms", "slowest of 100, ms", "ratio"):
        found.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory(prefix="savas-benchmark-") as directory:
        customer = await filled(Path(directory))
        with serving(Path(directory)) as server:
            await bystander(server, customer, 2)
            alone = await bystander(server, customer, seconds)
            _row(found, "none", alone, alone)
            for name, attack in ATTACKS.items():
                if only in (None, name):
                    with console.status(f"{name}…"):
                        async with beside(attack(server), 1.0):
                            _row(found, name, await bystander(server, customer, seconds), alone)
                        await asyncio.sleep(3)
    return found


def _row(table: Table, name: str, fared: Fared, alone: Fared) -> None:
    asked_ = len(fared.took) + fared.failed
    median = statistics.median(fared.took) if fared.took else float("inf")
    table.add_row(
        name,
        f"{len(fared.took) / asked_:.1%}",
        str(asked_),
        f"{median * 1000:.0f}",
        f"{fared.slowest * 1000:.0f}",
        f"{fared.slowest / alone.slowest:.1f}",
    )


def main(
    seconds: Annotated[float, typer.Option(min=5, help="How long the bystander asks beside each.")] = 15,
    only: Annotated[str | None, typer.Option(help="One of them by its name.")] = None,
) -> None:
    """Print how a bystander fares beside each attack."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 16_384), most))
    console = Console()
    console.print(asyncio.run(measured(seconds, only, console)))


if __name__ == "__main__":
    typer.run(main)
