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

import demo
from models.database import sqlite_url
from tests.installation import at_work
from tests.web.serving import GIVE_UP, serving
from tests.web.small import ALLOWED, SCHEMA, Ask, context
from web.graphql import endpoint
from web.guards import guarded


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    answers = endpoint(SCHEMA, context, origins=frozenset({ALLOWED}))
    app = guarded(Starlette(routes=[Route("/graphql", answers)]))
    with serving(app) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=GIVE_UP) as client:
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
