"""An archive leaves through the whole server, to its customer alone."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from models import Customer
from models.database import sqlite_path
from policies.actor import utc_now
from schema.reading import encode
from tests import accounts
from tests.installation import at_work
from tests.people import Office
from tests.served import Served, caller, served, until

PASSWORD = "correct horse battery"
CONFIRM = "mutation ($p: String!) { sessionConfirm(input: {password: $p}) { userErrors { code } } }"
BEGIN = """mutation ($id: ID!) { exportBegin(input: {customerId: $id}) {
    token export { state progress size } userErrors { code } } }"""
STATE = "query ($id: ID!) { export(customerId: $id) { state progress size downloadedAt } }"


@dataclass
class Home:
    """A server, and two customers who can sign in."""

    server: Served
    customer: Customer
    other: Customer

    def begins(self) -> tuple[str, str]:
        """Sign in, confirm, ask for the archive and wait for it: the session's token, and the archive's."""
        token, id = self.server.signs_in(self.customer.number, PASSWORD), encode("Customer", self.customer.id)
        refused = self.server.asks(BEGIN, token, id=id).json()["data"]["exportBegin"]
        assert [error["code"] for error in refused["userErrors"]] == ["STEP_UP_REQUIRED"]
        assert not self.server.asks(CONFIRM, token, p=PASSWORD).json()["data"]["sessionConfirm"]["userErrors"]
        begun = self.server.asks(BEGIN, token, id=id).json()["data"]["exportBegin"]
        assert begun["userErrors"] == []
        assert until(
            lambda: self.server.asks(STATE, token, id=id).json()["data"]["export"]["state"] == "READY"
        )
        return token, str(begun["token"])

    def fetches(self, archive: str, token: str | None, method: str = "GET") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with caller() as client:
            return client.request(method, f"{self.server.address}/export/{archive}", headers=headers)


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[Home]:
    async with at_work(sqlite_url):
        office = Office(now=utc_now())
        customer = await office.customer([("identity", "support"), ("contact_point", "support")])
        other = await office.customer()
        for each in (customer, other):
            await accounts.customer(each.number, PASSWORD)
    with served("--data", str(sqlite_path(sqlite_url).parent)) as server:
        yield Home(server, customer, other)


def test_an_archive_goes_to_its_customer_and_to_nobody_else(home: Home) -> None:
    token, archive = home.begins()
    stranger = home.server.signs_in(home.other.number, PASSWORD)

    assert home.fetches(archive, None).status_code == 401
    assert home.fetches(archive, "A" * 43).status_code == 401
    for refused in (home.fetches(archive, stranger), home.fetches("A" * 43, token)):
        assert refused.status_code == 404
        assert refused.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert home.fetches(archive, token, "POST").headers["Allow"] == "GET"
    assert home.fetches(archive, token, "HEAD").status_code == 405

    answer = home.fetches(archive, token)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert "Kazlauskaitė" in files.read("data.json").decode()

    for secret in (archive, token, "Kazlauskaitė"):
        assert secret not in home.server.log
