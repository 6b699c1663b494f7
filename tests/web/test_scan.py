"""The scan of a letter leaves through the whole server, attached, to who may read it and nobody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from models import Instruction, InstructionKind
from models.database import sqlite_path
from policies.actor import utc_now
from procedures.scan import About
from schema.reading import encode
from tests import accounts
from tests.installation import at_work
from tests.people import Office
from tests.procedures.papers import desk
from tests.procedures.scan.test_scan import WORDS, handed_in, letter
from tests.served import Served, caller, served

PASSWORD = "correct horse battery"
CONFIRM = "mutation ($p: String!) { sessionConfirm(input: {password: $p}) { userErrors { code } } }"


@dataclass
class Home:
    """A server, a scan, and customers who can sign in: whose it is, and another."""

    server: Served
    scan: str
    owner: str
    other: str

    def fetches(self, scan: str, token: str | None, method: str = "GET") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with caller() as client:
            return client.request(method, f"{self.server.address}/scan/{scan}", headers=headers)

    def signs_in(self, number: str) -> str:
        """Sign in, and confirm the session."""
        token = self.server.signs_in(number, PASSWORD)
        assert not self.server.asks(CONFIRM, token, p=PASSWORD).json()["data"]["sessionConfirm"]["userErrors"]
        return token


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[Home]:
    async with at_work(sqlite_url):
        scene = await desk(Office(now=utc_now()))
        said = await scene.records(InstructionKind.ACCESS)
        made = await handed_in(About(Instruction, said.id), letter(), scene.agent.actor)
        other = await scene.office.customer()
        for each in (scene.customer, other):
            await accounts.customer(each.number, PASSWORD)
    with served("--data", str(sqlite_path(sqlite_url).parent)) as server:
        yield Home(server, encode("Scan", made.id), scene.customer.number, other.number)


def test_it_goes_attached_to_who_may_read_it(home: Home) -> None:
    unconfirmed = home.server.signs_in(home.owner, PASSWORD)
    assert (
        home.fetches(home.scan, unconfirmed).json()["errors"][0]["extensions"]["code"] == "STEP_UP_REQUIRED"
    )
    assert home.fetches(home.scan, None).status_code == 401
    stranger, token = home.signs_in(home.other), home.signs_in(home.owner)
    nothing = [
        home.fetches(each, stranger)
        for each in (home.scan, "x", encode("Scan", uuid4()), encode("Customer", uuid4()))
    ]
    assert {(each.status_code, each.text) for each in nothing} == {(404, nothing[0].text)}
    assert home.fetches(home.scan, token, "POST").headers["Allow"] == "GET"

    answer = home.fetches(home.scan, token)

    assert (answer.status_code, answer.content) == (200, letter())
    headers = {
        name: answer.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")
    }
    assert headers == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert WORDS.decode() not in home.server.log
