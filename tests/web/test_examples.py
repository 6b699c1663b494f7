"""Every example that the page offers a person of the demo works as it is pasted."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import demo
from models.database import kind
from procedures.installation import Settings
from server import build_app
from tests.campaigns import Campaign
from tests.installation import at_work, place
from tests.web.serving import serving

SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { token } }"
#: Nobody listens there; what is sent waits.
SENDING = "smtp://127.0.0.1:1?from=crm@savas.example"

#: What shows that somebody is shown nothing.
NOTHING = {"Where to deliver: nothing, since the agreement ended"}


async def _fill(url: str, directory: Path) -> None:
    async with at_work(url):
        await demo.fill(customers=40, directory=directory)


@pytest.fixture
def client(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[httpx.Client]:
    """Somebody who calls a server of a demo that sends mails."""
    if kind(database_url) == "sqlite":
        shutil.copytree(request.getfixturevalue("filled"), tmp_path, dirs_exist_ok=True)
    else:
        asyncio.run(_fill(database_url, tmp_path))
    where = place(database_url)
    settings = Settings(
        data=tmp_path, database=database_url, keys=where.keys, provider=where.provider, witness=where.witness,
        smtp=SENDING, demo=True,
    )  # fmt: skip
    with (
        serving(build_app(settings), lifespan="on") as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        yield client


def asks(client: httpx.Client, query: str, variables: Any, **headers: str) -> dict[str, Any]:
    """What the server answers."""
    answer = client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
    return dict(answer.json())


def shows(answered: Any) -> bool:
    """Whether something stands in an answer, however deep."""
    if isinstance(answered, dict | list):
        return any(map(shows, answered.values() if isinstance(answered, dict) else answered))
    return answered is not None


def test_every_example_works_as_pasted(client: httpx.Client, campaign: Campaign) -> None:
    for persona in client.get("/playground/personas.json").json():
        who = {"login": persona["login"], "password": persona["password"]}
        token = asks(client, SIGN_IN, {"input": who})["data"]["signIn"]["token"]
        headers = {"Authorization": f"Bearer {token}", "Purpose": persona["purpose"] or ""}
        campaign.tried(len(persona["queries"]), "examples as they are pasted")
        for example in persona["queries"]:
            answer = asks(client, example["query"], example["variables"], **headers)
            assert "errors" not in answer, (example["title"], answer)
            assert '"userErrors": [{' not in json.dumps(answer), (example["title"], answer)
            assert shows(answer["data"]) is not (example["title"] in NOTHING), example["title"]
