"""What the first question after a start costs: a whole server in a process of its own, asked the same several times.

An agent reads a customer with contact points, through the whole application on SQLite. What is measured is the CPU of the
process: that of the start, of the first question, and of the next ones. Two sorts of first question, in turn:

    at once     asked as soon as the server has started
    later       asked some seconds after it has

Run it: `.venv/bin/python -m benchmarks.first_question [--rounds N]`.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table

import models
from procedures.installation import Settings, migrate, opened
from schema.reading import encode
from server import build_app
from tests.people import Office, Someone

TOKEN = "benchmark-" * 5  # of an installation that is thrown away
READ = """query ($id: ID!) { customer(id: $id) {
  number status identity { givenName familyName } contactPoints { kind value }
} }"""
#: How often the same is asked, and how many seconds a server is left alone before.
QUESTIONS = 6
PAUSES = {"at once": 0.0, "later": 5.0}


async def fill(data: Path) -> str:
    """An installation in a directory, with an agent who has a task for one customer; gives the customer's identifier."""
    settings = Settings(data=data)
    await migrate(settings.database_url)
    async with opened(settings.addresses):
        office = Office(now=datetime.now(UTC))
        agent = await office.agent("support")
        customer = await office.customer([("identity", "support"), ("contact_point", "support")])
        await office.task(agent, customer, "support")
        await signed_in(office, agent, TOKEN)
        return encode("Customer", customer.id)


async def signed_in(office: Office, someone: Someone, token: str) -> None:
    """Give somebody a session with a token."""
    await models.Session.create(
        actor_id=someone.actor.actor_id,
        token_hash=sha256(token.encode()).digest(),
        created_at=office.now,
        expires_at=office.now + timedelta(hours=8),
    )


async def ask(data: Path, customer: str, pause: float) -> list[float]:
    """Start a server there, and ask; CPU seconds of the start and of each question."""
    app = build_app(Settings(data=data))
    body = {"query": READ, "variables": {"id": customer}}
    headers = {"Authorization": f"Bearer {TOKEN}", "Purpose": "support"}
    async with (
        started(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
    ):
        spent = [time.process_time()]
        await asyncio.sleep(pause)
        for _ in range(QUESTIONS):
            before = time.process_time()
            answer = (await client.post("/graphql", json=body, headers=headers)).json()
            spent.append(time.process_time() - before)
            assert "errors" not in answer, answer
            assert answer["data"]["customer"]["contactPoints"][0]["value"]
    return spent


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """The application, started as a server starts it, and ended."""
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    heard: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    running = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, told.get, heard.put))
    await told.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    yield
    await told.put({"type": "lifespan.shutdown"})
    await running


def measured(data: Path, customer: str, pause: float) -> list[float]:
    """The same in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.first_question", "--at", str(data), customer, str(pause)]
    found: list[float] = json.loads(subprocess.check_output(words))  # noqa: S603 this very program
    return found


def table(found: dict[str, list[list[float]]]) -> Table:
    """The figures, in milliseconds of CPU."""
    made = Table(title="CPU ms of a server's first questions, SQLite", title_justify="left")
    for heading in ("first question", "start", "first", "max", "second", "third", "sixth"):
        made.add_column(heading, justify="right")
    for name, rounds in found.items():
        start, first, second, third, *_, sixth = (
            statistics.median(each) * 1000 for each in zip(*rounds, strict=True)
        )
        longest = max(each[1] for each in rounds) * 1000
        figures = (start, first, longest, second, third, sixth)
        made.add_row(name, *(f"{figure:.1f}" for figure in figures))
    return made


def main(
    rounds: Annotated[int, typer.Option(help="How many servers are started of each sort.")] = 7,
    at: Annotated[tuple[Path, str, float] | None, typer.Option(hidden=True)] = None,
) -> None:
    """Measure what the first question after a start costs."""
    if at is not None:
        print(json.dumps(asyncio.run(ask(*at))))
        return
    with tempfile.TemporaryDirectory(prefix="savas-benchmark-") as directory:
        data = Path(directory)
        customer = asyncio.run(fill(data))
        # The first start notes that the policies were found whole.
        measured(data, customer, 0)
        found: dict[str, list[list[float]]] = {name: [] for name in PAUSES}
        for _ in range(rounds):
            for name, pause in PAUSES.items():
                found[name].append(measured(data, customer, pause))
    Console().print(table(found))


if __name__ == "__main__":
    typer.run(main)
