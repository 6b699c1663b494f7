"""Two installations in one process know nothing of each other."""

import asyncio
import shutil
from pathlib import Path

import pytest

import models
from models.database import sqlite_url
from models.event import Event
from procedures.current import Installation, installation
from procedures.installation import opened
from procedures.ledger import note
from tests import installation as installations
from tests import ledger
from tests.people import Office
from vault import vault


@pytest.fixture
def urls(sqlite_template: Path, tmp_path: Path) -> list[str]:
    """The addresses of two databases."""
    found = []
    for name in ("one", "two"):
        path = tmp_path / name / "savas.sqlite3"
        path.parent.mkdir()
        shutil.copyfile(sqlite_template, path)
        found.append(sqlite_url(path))
    return found


async def values() -> list[str]:
    """Every address that this task's installation keeps, opened."""
    return [(await models.opened(row)).value for row in await models.ContactPoint.all()]


async def keep(value: str) -> None:
    office = Office()
    customer = await office.customer([("contact_point", "support")], rows=False)
    consent = await models.Consent.get(customer_id=customer.id)
    await office.row(customer, consent, content=models.ContactPoint.Content(value), value_index=value)


async def test_two_installations_are_open_in_one_process_and_keep_apart(urls: list[str]):
    both_open, both_kept = asyncio.Barrier(2), asyncio.Barrier(2)

    async def work(url: str, value: str) -> tuple[list[str], int, Installation]:
        async with opened(installations.place(url)) as sealed:
            assert sealed is None
            await both_open.wait()
            await keep(value)
            await note(Event.VAULT_OPENED, None, epoch=1)
            await both_kept.wait()
            found = await models.ContactPoint.filter(value_index=value).count()
            assert (await values(), found) == ([value], 1)
            return await values(), await ledger.sound(), installation()

    first, second = await asyncio.gather(*(work(url, f"ona{url[-16:-14]}@example.org") for url in urls))

    assert first[0] != second[0]
    assert first[2] is not second[2]
    assert first[2].keeper is not second[2].keeper


async def test_one_inside_the_other_gives_way_to_it_again(urls: list[str]):
    async with opened(installations.place(urls[0])):
        await keep("outer@example.org")
        outer = vault.current()
        async with opened(installations.place(urls[1])):
            assert await values() == []
            assert vault.current() is not outer

        assert await values() == ["outer@example.org"]
        assert vault.current() is outer


async def test_who_has_entered_none_works_for_none():
    with pytest.raises(RuntimeError, match="no installation"):
        installation()
    assert vault.reason() == "NOT_OPENED"
