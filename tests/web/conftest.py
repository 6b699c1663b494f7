"""A server of the small schema, for the tests of what crosses the wire; and a demo, filled once and copied."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

import demo
from models.database import sqlite_url
from policies.offline import complete_models
from tests.installation import at_work
from tests.web.serving import GIVE_UP, serving
from tests.web.small import ALLOWED, SCHEMA, Ask, context
from vault import vault
from web.graphql import Endpoint
from web.guards import guarded

# Policies are read by what the records say of each other, also where no database is opened before.
complete_models()

#: What every request works with: a sealed vault, unless a test opens one.
KEEPER = vault.Keeper()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    answers = Endpoint(SCHEMA, context, origins=frozenset({ALLOWED}))
    app = Starlette(routes=[Route("/graphql", answers)])

    async def entered(scope: Scope, receive: Receive, send: Send) -> None:
        with vault.entered(KEEPER):
            await app(scope, receive, send)

    with (
        serving(guarded(entered)) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=GIVE_UP) as client,
    ):
        yield client


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    def asked(
        query: str, variables: dict[str, Any] | None = None, *, operation: str | None = None, **headers: str
    ) -> httpx.Response:
        content = {"query": query, "variables": variables, "operationName": operation}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/graphql", json=content, headers=named)

    return asked


@pytest.fixture(scope="session")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a demo of forty customers."""
    data = tmp_path_factory.mktemp("web") / "data"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "savas.sqlite3")
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_fill(data))
    finally:
        loop.close()
    return data


async def _fill(data: Path) -> None:
    async with at_work(sqlite_url(data / "savas.sqlite3")):
        await demo.fill(customers=40, directory=data)
