"""A rotation goes through everything in batches, on a key database of either kind, and leaves nothing out."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

import models
from models import keyring
from procedures import rotation
from procedures.opening import opened
from tests import postgres
from tests.installation import place
from tests.people import Office
from vault import vault


@pytest.fixture(params=["sqlite", "postgres"])
def keys_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield place(sqlite_url).keys
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = f"keys_{uuid4().hex}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
async def installation(sqlite_url: str, keys_url: str) -> AsyncIterator[None]:
    async with opened(replace(place(sqlite_url), keys=keys_url)):
        yield


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)


async def test_every_ring_moves_into_the_new_epoch(installation: None) -> None:
    customers = [uuid4() for _ in range(5)]
    before = await keyring.ensure(customers)
    told: list[tuple[int, int]] = []

    assert await rotation.rotate(progress=lambda *now: told.append(now)) == 5

    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert list(await keyring.epochs()) == [2]
    vault.current().forget()
    after = await keyring.rings(customers)
    assert {name: ring.encode() for name, ring in after.items()} == {
        name: ring.encode() for name, ring in before.items()
    }


async def test_a_rotation_that_was_interrupted_between_batches_is_finished(installation: None) -> None:
    await keyring.ensure([uuid4() for _ in range(5)])
    with pytest.raises(InterruptedError):
        await rotation.rotate(progress=_interrupted)
    assert sorted([await keyring.counted(1), await keyring.counted(2)]) == [2, 3]

    assert await rotation.rotate() == 3
    assert await keyring.counted(2) == 5


async def test_every_row_is_indexed_anew(database: str) -> None:
    office = Office()
    customers = [await office.customer(consents=[("contact", "support")]) for _ in range(5)]

    assert await rotation.rotate_indexes() == 5

    assert await rotation.outdated() == 0
    found = await models.ContactPoint.filter(value_index="jone@example.org").values_list(
        "customer_id", flat=True
    )
    assert set(found) == {customer.id for customer in customers}


def _interrupted(done: int, _all: int) -> None:
    if done:
        raise InterruptedError
