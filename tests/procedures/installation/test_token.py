"""An installation whose keys are on a token."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import models
from models.database import sqlite_path
from procedures.current import Addresses
from procedures.installation import opened
from procedures.keys import rotation
from schema.reading import encode
from tests import installation, softhsm
from tests.people import Office
from vault import vault
from vault.errors import SealedError


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path, monkeypatch) -> Addresses:
    return replace(installation.place(sqlite_url), provider=softhsm.token(tmp_path, monkeypatch))


@asynccontextmanager
async def at_work(place: Addresses) -> AsyncIterator[None]:
    async with opened(place):
        assert vault.reason() is None
        yield


async def written(office: Office) -> models.Customer:
    return await office.customer([("identity", "support"), ("contact_point", "support")])


async def read(customer: models.Customer) -> set[str]:
    """Some personal values of a customer, opened."""
    identity = await models.opened(await models.Identity.get(customer_id=customer.id))
    contact = await models.opened(await models.ContactPoint.get(customer_id=customer.id))
    return {identity.family_name, contact.value}


async def test_what_was_written_is_read_again(place):
    async with at_work(place):
        customer = await written(Office())
    async with at_work(place):
        assert await read(customer) == {"Kazlauskaitė", "jone@example.org"}


async def test_a_customer_is_found_by_a_blind_index_and_read_by_who_carries_a_task(place):
    async with at_work(place):
        office = Office()
        customer = await written(office)
        ruta = await office.agent("support")
        await office.task(ruta, customer, "support")

        assert await models.ContactPoint.filter(value_index="jone@example.org").count() == 1
        assert (await ruta.reads(customer, "contactPoints.value")).value == ["jone@example.org"]


async def test_a_rotation_changes_the_token_s_keys_and_no_value(place):
    async with at_work(place):
        customer = await written(Office())
        assert await rotation.rotate() == 1
        assert vault.current().provider.names() == {"epoch-2", "index-1", "hash-1", "signing-1"}
        vault.current().forget()
        assert await read(customer) == {"Kazlauskaitė", "jone@example.org"}
    async with at_work(place):
        assert await read(customer) == {"Kazlauskaitė", "jone@example.org"}


async def test_a_key_database_from_before_a_rotation_opens_nothing(place):
    async with at_work(place):
        customer = await written(Office())
    keys = sqlite_path(place.keys)
    before = keys.read_bytes()
    async with at_work(place):
        await rotation.rotate()
    for path in keys.parent.glob(f"{keys.name}-*"):
        path.unlink()
    keys.write_bytes(before)

    await sealed(place, "EPOCH_DESTROYED", customer)


async def test_without_the_library_nothing_personal_is_read(place):
    async with at_work(place):
        customer = await written(Office())

    await sealed(other(place, "module-path=[^&]*", "module-path=/nowhere.so"), "PROVIDER_MISSING", customer)


async def test_without_the_token_nothing_personal_is_read(place):
    async with at_work(place):
        customer = await written(Office())

    await sealed(other(place, "token=savas", "token=another"), "PROVIDER_MISSING", customer)


async def test_with_a_wrong_pin_nothing_personal_is_read(place, tmp_path):
    async with at_work(place):
        customer = await written(Office())
    (tmp_path / "pin").write_text("not the pin")

    await sealed(place, "PROVIDER_WRONG", customer)


async def test_with_a_pin_that_others_can_read_nothing_personal_is_read(place, tmp_path):
    async with at_work(place):
        customer = await written(Office())
    (tmp_path / "pin").chmod(0o644)

    await sealed(place, "PROVIDER_LOOSE", customer)


async def test_with_another_token_nothing_personal_is_read(place, tmp_path, monkeypatch):
    async with at_work(place):
        customer = await written(Office())
    (tmp_path / "other").mkdir()

    await sealed(
        replace(place, provider=softhsm.token(tmp_path / "other", monkeypatch)), "PROVIDER_WRONG", customer
    )


def other(place: Addresses, what: str, instead: str) -> Addresses:
    return replace(place, provider=re.sub(what, instead, place.provider))


async def sealed(place: Addresses, reason: str, customer: models.Customer) -> None:
    """The installation opens, says why it is sealed, and neither reads, nor finds, nor writes anything personal."""
    async with opened(place):
        assert vault.reason() == reason
        with pytest.raises(SealedError):
            await read(customer)
        with pytest.raises(SealedError):
            await models.ContactPoint.filter(value_index="jone@example.org").count()
        office, consent = Office(counted=50), await models.Consent.get(category="contact_point")
        with pytest.raises(SealedError):
            await office.row(customer, consent)
        ruta = await office.agent("support")
        await office.task(ruta, customer, "support")
        answer = await ruta.asks(
            "query ($id: ID!) { customer(id: $id) { contactPoints { value } } }",
            id=encode("Customer", customer.id),
        )
        assert answer.codes == ["SEALED"]
        assert "jone@example.org" not in str(answer)
