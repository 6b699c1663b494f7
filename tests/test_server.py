"""The whole server as an operator starts it: processes, headers and tokens."""

import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import models
from models import Role
from models.database import connection as databases
from policies.actor import utc_now
from procedures.access import user
from procedures.consent import consent as consents
from procedures.task import task as tasks
from schema.reading import encode
from tests import accounts
from tests.installation import at_work
from tests.people import Office, Someone
from tests.served import Served, served

PASSWORD = "correct horse battery"
CANARIES = (
    "Kazlauskaitė",
    "jone@example.org",
    "About lamps",
    "Baltija",
    "12.50",
    PASSWORD,
    "ruta@savas.example",
)
READ = """query ($id: ID!) { customer(id: $id) {
    contactPoints { value } postalAddresses { city } withheld { field reason } } }"""


@dataclass
class House:
    """A filled database with a server on it."""

    url: str
    server: Served
    office: Office
    customer: models.Customer
    ruta: Someone
    van: Someone
    task: models.Task
    agreement: models.Agreement

    def reads(self, token: str, purpose: str, server: Served | None = None) -> Any:
        """The customer, as the bearer of a token may see it."""
        answer = (server or self.server).asks(READ, token, purpose, id=encode("Customer", self.customer.id))
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]["customer"]


def options(url: str) -> list[str]:
    """The options of `savas serve` for a database."""
    if databases.kind(url) == "sqlite":
        return ["--data", str(databases.sqlite_path(url).parent)]
    return ["--database", url]


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """A customer, an agent and a subcontractor at work for her, and a server."""
    async with at_work(database_url):
        there = await filled()
    with served(*options(database_url)) as server:
        yield House(database_url, server, **there)


async def filled() -> dict[str, Any]:
    office = Office(now=utc_now())
    customer = await office.customer(
        [("contact_point", "support"), ("identity", "support"), ("order", "support"), ("interaction", "support"),
         ("postal_address", "delivery")],
        number="C-0000-0001",
    )  # fmt: skip
    ruta = await _agent(office)
    van, agreement = await _van(office)
    await accounts.customer(customer.number, PASSWORD)
    task = await office.task(ruta, customer, "support")
    await office.task(van, customer, "delivery", agreement=agreement)
    return {
        "office": office, "customer": customer, "ruta": ruta, "van": van, "task": task, "agreement": agreement,
    }  # fmt: skip


async def _agent(office: Office) -> Someone:
    await accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT], PASSWORD)
    account = await models.Account.get(login="ruta@savas.example")
    ruta = await office.agent("support")
    return replace(ruta, actor=replace(ruta.actor, actor_id=account.id))


async def _van(office: Office) -> tuple[Someone, models.Agreement]:
    partner = await office.partner()
    agreement = await office.agreement(partner, "delivery", "postal_address.city")
    await user.add_partner_client(partner.name, "van")
    await accounts.set_password("van", PASSWORD)
    account = await models.Account.get(login="van")
    van = await office.partner_client(partner, "delivery")
    return replace(van, actor=replace(van.actor, actor_id=account.id)), agreement


@asynccontextmanager
async def elsewhere(house: House) -> AsyncIterator[None]:
    """In this process, which is another than the server's."""
    async with at_work(house.url):
        yield


async def test_whoever_signs_in_reads_what_their_task_opens(house: House) -> None:
    token = house.server.signs_in("ruta@savas.example", PASSWORD)

    assert house.reads(token, "support")["contactPoints"] == [{"value": "jone@example.org"}]
    assert house.reads(token, "sales") is None


@pytest.mark.every_database
async def test_what_one_process_changes_counts_for_the_next_request_of_another(house: House) -> None:
    with served(*options(house.url)) as second:
        token = house.server.signs_in("ruta@savas.example", PASSWORD)
        jone = house.server.signs_in("C-0000-0001", PASSWORD)
        assert house.reads(token, "support", second)["contactPoints"]

        closed = house.server.asks(
            "mutation ($id: ID!) { taskClose(input: {taskId: $id}) { userErrors { code } } }",
            token, "support", id=encode("Task", house.task.id),
        )  # fmt: skip
        assert closed.json()["data"]["taskClose"]["userErrors"] == []
        assert house.reads(token, "support", second) is None

        assert house.reads(jone, "support", second)["contactPoints"]
        assert house.server.asks("mutation { signOut { userErrors { code } } }", jone).status_code == 200
        assert second.asks("{ me { __typename } }", jone).status_code == 401


async def test_a_withdrawn_consent_closes_the_category_in_every_process(house: House) -> None:
    token = house.server.signs_in("ruta@savas.example", PASSWORD)
    assert house.reads(token, "support")["contactPoints"]

    async with elsewhere(house):
        jone = replace(house.ruta.actor, kind="Customer", roles=frozenset(), customer_id=house.customer.id)
        consent = await models.Consent.get(customer_id=house.customer.id, category="contact_point")
        await consents.withdraw(consent.id, by=jone)

    found = house.reads(token, "support")
    assert found["contactPoints"] is None
    assert {"field": "contactPoints", "reason": "NO_CONSENT"} in found["withheld"]


async def test_a_task_closed_elsewhere_opens_no_door_here(house: House) -> None:
    token = house.server.signs_in("ruta@savas.example", PASSWORD)
    assert house.reads(token, "support")["contactPoints"]

    async with elsewhere(house):
        await tasks.close(house.task.id, models.Outcome.DONE, by=house.ruta.actor)

    assert house.reads(token, "support") is None


async def test_an_agreement_that_ends_elsewhere_binds_nobody_here(house: House) -> None:
    token = house.server.signs_in("van", PASSWORD)
    assert house.reads(token, "delivery")["postalAddresses"] == [{"city": "Vilnius"}]

    async with elsewhere(house):
        ended = utc_now() - timedelta(seconds=1)
        await models.Agreement.filter(id=house.agreement.id).update(until_at=ended)

    assert house.reads(token, "delivery") is None


async def test_a_role_taken_away_elsewhere_counts_at_once(house: House) -> None:
    async with elsewhere(house):
        await accounts.employee("vadove@savas.example", "Vadovė", [Role.MANAGER], PASSWORD)
    token = house.server.signs_in("vadove@savas.example", PASSWORD)
    assert house.reads(token, "support") is not None

    async with elsewhere(house):
        await models.EmployeeRole.filter(role=Role.MANAGER).delete()

    assert house.reads(token, "support") is None


async def test_a_token_that_is_worth_nothing_is_refused(house: House) -> None:
    async def worthless(flaw: str) -> str:
        token = house.server.signs_in("ruta@savas.example", PASSWORD)
        async with elsewhere(house):
            now = utc_now()
            if flaw == "ended":
                await models.Session.all().update(ended_at=now)
            elif flaw == "expired":
                await models.Session.all().update(expires_at=now - timedelta(seconds=1))
            elif flaw == "sent away":
                await models.Account.filter(login="ruta@savas.example").update(active=False)
        return {"garbage": "what is this", "unknown": "A" * 43}.get(flaw, token)

    for flaw in ("garbage", "unknown", "ended", "expired", "sent away"):
        answer = house.server.asks("{ me { __typename } }", await worthless(flaw))
        assert answer.status_code == 401, flaw
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", flaw
        assert "Sign in" in answer.json()["errors"][0]["message"], flaw
        assert "data" not in answer.json(), flaw


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[Served]:
    """A server on an empty database."""
    with served(*options(sqlite_url)) as server:
        yield server


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ([("Purpose", "gossip")], "PURPOSE_UNKNOWN"),
        ([("Purpose", "support"), ("Purpose", "support")], "HEADER_REPEATED"),
        (
            [("Authorization", "Bearer " + "A" * 43), ("Authorization", "Bearer " + "A" * 43)],
            "HEADER_REPEATED",
        ),
    ],
)
async def test_a_header_that_cannot_be_used_is_refused(
    empty: Served, headers: list[tuple[str, str]], code: str
) -> None:
    answer = empty.posts({"query": "{ me { __typename } }"}, headers)

    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    assert "gossip" not in answer.text


async def test_nothing_personal_is_said_in_a_whole_session(house: House) -> None:
    token = house.server.signs_in("ruta@savas.example", PASSWORD)
    by_email = """query ($email: String) { customers(filter: {email: $email}) { nodes {
        number identity { familyName companyName } orders { total } interactions { body } } } }"""
    found = house.server.asks(by_email, token, "support", email="jone@example.org").text
    assert "Kazlauskaitė" in found
    assert "12.50" in found
    wrong = [
        house.server.asks('{ customers(filter: {email: "jone@example.org", shoe: "Baltija"}) { nodes { id } } }'),
        house.server.asks('{ customer(id: "Kazlauskaitė") { id } }', token, "support"),
        house.server.asks('{ customers { nodes { id } } } "Kazlauskaitė', token),
        house.server.asks("{ customers(first: $n) { nodes { id } } }", token, n="Kazlauskaitė"),
        house.server.asks(by_email, token, "support", email={"jone@example.org": "Baltija"}),
        house.server.asks(by_email, "Kazlauskaite-jone@example.org"),
        house.server.asks('mutation { signIn(input: {login: "ruta@savas.example", password: "Baltija"}) { token } }'),
    ]  # fmt: skip
    house.server.stops()

    for canary in CANARIES:
        assert canary not in house.server.log
        assert not [answer.text for answer in wrong if canary in answer.text]
    assert token not in house.server.log
    assert house.server.log.count("savas.web") >= 8


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_told_to_end_ends_cleanly(sqlite_url: str, tmp_path: Path, how: int) -> None:
    with served(*options(sqlite_url), anew=True) as server:
        assert server.health()["status"] == "ok"

        # uvicorn ends by the signal itself once everything is closed, as a supervisor expects.
        assert server.stops(how) in (0, 130, -how)
        assert "Traceback" not in server.log
    assert not list(tmp_path.glob("*-wal")), "the database was closed in order"


def test_an_unusable_database_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with served("--data", str(tmp_path), "--database", "mysql://ruta:hidden@localhost/savas") as server:
        assert server.process.wait(60) != 0
        assert "DATABASE_URL_INVALID" in server.hears("DATABASE")
        assert "hidden" not in server.log
