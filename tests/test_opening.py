"""A whole server whose vault is sealed, goes missing its keys while it serves, or has them replaced under it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import models
from models.event import Event
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.installation import opened
from procedures.keys import rotation
from tests import accounts, ledger
from tests.people import Office
from tests.procedures.installed import at_work, people
from tests.served import Served, caller, served, until

PASSWORD = "a lamp for every room"
FIND = "query ($email: String) { customers(filter: {email: $email}) { nodes { contactPoints { value } } } }"
COUNT = 4


@dataclass
class House:
    """An installation, and an agent with a task for each of its customers."""

    addresses: Addresses
    login: str = "ruta@savas.example"

    @property
    def file(self) -> Path:
        """The file of keys."""
        return Path(self.addresses.provider.removeprefix("file:"))

    def served(self) -> Any:
        """Serve it, wherever its keys are."""
        keys = ["--keys", self.addresses.keys, "--provider", self.addresses.provider]
        return served(
            "--database", self.addresses.database, place=[*keys, "--witness", str(self.addresses.witness)]
        )


@pytest.fixture
async def house(place: Addresses) -> House:
    async with at_work(place):
        office = Office(now=utc_now())
        customers = await people(COUNT, office)
        await accounts.employee("ruta@savas.example", "Rūta", [models.Role.AGENT], PASSWORD)
        account = await models.Account.get(login="ruta@savas.example")
        for customer in customers:
            await models.Task.create(
                customer_id=customer.id,
                purpose="support",
                assignee_id=account.id,
                opened_at=office.now,
                due_at=office.now + timedelta(days=30),
            )
    return House(place)


def health(server: Served) -> tuple[int, dict[str, Any]]:
    with caller() as client:
        answer = client.get(f"{server.address}/health")
    return answer.status_code, answer.json()


def sealed(server: Served, why: str) -> None:
    """The server says that and why it is sealed, gives nothing personal, and everything else."""
    status, told = health(server)
    assert (status, told["status"], told["reason"]) == (503, "sealed", why)
    token = server.signs_in("ruta@savas.example", PASSWORD)
    for query in (
        FIND,
        "{ customers(first: 9) { nodes { contactPoints { value } } } }",
    ):
        answer = server.asks(query, token, "support", email="person1@example.org")
        assert answer.status_code == 503
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["SEALED"]
        assert "person1" not in answer.text
    for query in (
        "{ notices { nodes { text } } }",
        "{ customers { nodes { number } } }",
        "{ me { __typename } }",
    ):
        answer = server.asks(query, token, "support")
        assert (answer.status_code, "errors" in answer.json()) == (200, False), answer.text
    wrong = server.asks(
        'mutation { signIn(input: {login: "ruta@savas.example", password: "wrong"}) { userErrors { code } } }'
    )
    assert "WRONG_CREDENTIALS" in wrong.text
    assert f"VAULT_SEALED {why}" in server.log
    assert "Traceback" not in server.log


def finds(server: Served, token: str, number: int) -> list[str]:
    """The addresses that one finds by an address."""
    answer = server.asks(FIND, token, "support", email=f"person{number}@example.org")
    assert answer.status_code == 200, answer.text
    nodes = answer.json()["data"]["customers"]["nodes"]
    return [point["value"] for node in nodes for point in node["contactPoints"]]


async def test_a_server_without_its_keys_serves_everything_else(house: House) -> None:
    house.file.chmod(0o644)
    with house.served() as server:
        sealed(server, "PROVIDER_LOOSE")
        server.stops()

    house.file.chmod(0o600)
    with house.served() as server:
        assert finds(server, server.signs_in(house.login, PASSWORD), 1) == ["person1@example.org"]
        server.stops()
    async with at_work(house.addresses):
        events = await ledger.entries(Event.VAULT_OPENED, Event.VAULT_SEALED)
        assert [(entry["event"], entry["data"]) for entry in events] == [
            ("vault.sealed", {"code": "PROVIDER_LOOSE"}),
            ("vault.opened", {"epoch": 1}),
        ]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda path: path.rename(path.with_name("away")), "PROVIDER_MISSING"),
        (lambda path: path.chmod(0o640), "PROVIDER_LOOSE"),
    ],
)
async def test_a_server_whose_keys_are_not_as_they_were_seals_itself(
    house: House, damage: Callable[[Path], object], why: str
) -> None:
    with house.served() as server:
        assert finds(server, server.signs_in(house.login, PASSWORD), 1) == ["person1@example.org"]

        damage(house.file)
        assert until(lambda: health(server)[0] == 503)

        sealed(server, why)
        async with opened(house.addresses):
            assert await ledger.data(Event.VAULT_SEALED) == [{"code": why}]


@pytest.mark.every_database
async def test_a_server_finds_and_reads_everybody_while_all_keys_are_replaced(house: House) -> None:
    with house.served() as server:
        token = server.signs_in(house.login, PASSWORD)
        answers: list[list[str]] = []
        over = asyncio.Event()

        def ask() -> None:
            answers.extend(finds(server, token, number) for number in range(COUNT))

        async def asking() -> None:
            while not over.is_set():
                await asyncio.to_thread(ask)

        async def rotating() -> None:
            try:
                async with at_work(house.addresses):
                    for _ in range(5):
                        await rotation.rotate()
                    await rotation.rotate_indexes()
                    await rotation.rotate()
            finally:
                over.set()

        await asyncio.gather(asking(), rotating())
        await asyncio.to_thread(ask)

        assert len(answers) > 2 * COUNT
        assert answers == [[f"person{place % COUNT}@example.org"] for place in range(len(answers))]
        assert "Traceback" not in server.log
