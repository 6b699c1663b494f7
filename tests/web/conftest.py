"""A server of the small schema, for the tests of what crosses the wire."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.web.serving import GIVE_UP, serving
from tests.web.small import ALLOWED, SCHEMA, Ask, context
from vault import vault
from web.graphql import endpoint
from web.guards import guarded

#: What every request works with: a sealed vault, unless a test opens one.
KEEPER = vault.Keeper()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    answers = endpoint(SCHEMA, context, origins=frozenset({ALLOWED}))
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
