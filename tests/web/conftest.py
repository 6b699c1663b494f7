"""A server of the small schema, for the tests of what crosses the wire."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

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
