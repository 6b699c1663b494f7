"""The walks on the page about the architecture name the files that a reading and a change pass, in their order."""

import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest

import models
from procedures.current import addresses
from procedures.installation import Settings
from schema.reading import encode
from server import build_app
from tests.docs.pages import page
from tests.house.tree import ROOMS, ROOT
from tests.people import Office
from tests.test_server import PASSWORD, READ, filled

PAGE = page("docs/architecture.md").read_text("utf-8")
SIGN_IN = "mutation ($login: String!, $password: String!) { signIn(input: {login: $login, password: $password}) { token } }"
WITHDRAW = (
    "mutation ($id: ID!) { consentWithdraw(input: {consentId: $id}) { erasedRows userErrors { code } } }"
)
#: The key provider is looked at once in a while, by whoever comes by then.
NOW_AND_THEN = ("vault/file_provider.py", "vault/private.py", "vault/proof.py")


class Walk:
    """The files of the rooms, in the order in which they are first entered."""

    def __init__(self) -> None:
        self.files: list[str] = []
        self._entered: set[str] = set()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note what this thread enters meanwhile."""
        sys.setprofile(self._event)
        try:
            yield
        finally:
            sys.setprofile(None)

    def _event(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call" or frame.f_code.co_filename in self._entered:
            return
        self._entered.add(frame.f_code.co_filename)
        path = Path(frame.f_code.co_filename)
        if not path.is_relative_to(ROOT):
            return
        name = path.relative_to(ROOT).as_posix()
        if name.removesuffix(".py").split("/")[0] in ROOMS and name not in NOW_AND_THEN:
            self.files.append(name)


class Caller:
    """Asks the whole application, in this very thread."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def asks(self, query: str, token: str = "", **variables: Any) -> Any:
        """What comes of a query, the purpose being support."""
        headers = {"Purpose": "support", **({"Authorization": f"Bearer {token}"} if token else {})}
        answer = await self.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )
        return answer.json()["data"]

    async def signs_in(self, login: str) -> str:
        """A token."""
        return str((await self.asks(SIGN_IN, login=login, password=PASSWORD))["signIn"]["token"])


@pytest.fixture
async def caller(sqlite: str) -> AsyncIterator[Caller]:
    settings = Settings(data=Path(addresses().database.removeprefix("sqlite://")).parent)
    transport = httpx.ASGITransport(app=build_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield Caller(client)


def named(section: str) -> list[str]:
    """The files that a section of the page names, in order."""
    text = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"\]\(\.\./([\w/]+\.py)\)", text)


@pytest.mark.unjudged
async def test_each_file_of_a_reading_and_of_a_change_is_named_once_in_its_order(caller: Caller) -> None:
    house = await filled()
    office: Office = house["office"]
    id = encode("Customer", house["customer"].id)
    agent, jone = await caller.signs_in("ruta@savas.example"), await caller.signs_in("C-0000-0001")
    for category in ("interaction", "order", "identity"):
        # The first time each, policies are compiled for the question and the kind of actor.
        reading, change = Walk(), Walk()
        with reading.watched():
            assert (await caller.asks(READ, agent, id=id))["customer"]["contactPoints"]
        consent = await models.Consent.get(category=category)
        with change.watched():
            answer = await caller.asks(WITHDRAW, jone, id=encode("Consent", consent.id))
        assert answer["consentWithdraw"] == {"erasedRows": 1, "userErrors": []}

    assert office
    assert named("A reading") == reading.files
    assert named("A change") == [file for file in change.files if file not in reading.files]
