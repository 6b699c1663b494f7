"""The notices that come with Savas, and those that are installed."""

import re
from dataclasses import replace

import pytest
from tortoise.exceptions import IntegrityError

from demo.world import CONTROLLER
from models import LedgerEntry, Notice, Purpose
from procedures.errors import NoticeDiffers
from procedures.notice import controller, notice

RESPONSIBLE = controller.load(CONTROLLER)


@pytest.mark.parametrize(("purpose", "language"), notice.shipped(RESPONSIBLE))
def test_a_notice_says_what_the_law_wants_told(purpose: Purpose, language: str) -> None:
    text = notice.shipped(RESPONSIBLE)[purpose, language]

    authority = RESPONSIBLE.authority
    for said in (RESPONSIBLE.name, RESPONSIBLE.address, RESPONSIBLE.contact, RESPONSIBLE.retention,
                 RESPONSIBLE.rights, authority.name, authority.contact, *RESPONSIBLE.recipients):  # fmt: skip
        assert said in text
    assert not re.search(r"[{}]", text)
    assert len(text.split()) < 300


def test_every_purpose_has_one_in_lithuanian_and_in_english() -> None:
    assert notice.languages() == ["en", "lt"]
    texts = notice.shipped(RESPONSIBLE)
    assert len(set(texts.values())) == len(texts) == 2 * len(Purpose)


@pytest.mark.every_database
async def test_shipping_installs_all_of_them_once(database):
    first = await notice.ship(RESPONSIBLE)
    entries = await LedgerEntry.all().count()

    again = await notice.ship(RESPONSIBLE)

    assert [each.id for each in again] == [each.id for each in first]
    assert await Notice.all().count() == 2 * len(Purpose)
    assert await LedgerEntry.all().count() == entries


async def test_another_controller_needs_another_version_and_nothing_is_half_installed(database):
    await notice.ship(RESPONSIBLE)
    moved = replace(RESPONSIBLE, address="Kitur g. 1, Kaunas")

    with pytest.raises(NoticeDiffers):
        await notice.ship(moved)
    assert await Notice.all().count() == 2 * len(Purpose)

    await notice.ship(moved, "2")
    assert await Notice.all().count() == 4 * len(Purpose)


@pytest.mark.every_database
async def test_a_notice_is_never_edited(database):
    await notice.ship(RESPONSIBLE)

    with pytest.raises(IntegrityError, match="NOTICE_FIXED"):
        await Notice.all().update(text="Something else.")


def test_what_changed_is_told_by_lines() -> None:
    assert notice.difference(["a", "b"], ["a", "c"], "1", "2").splitlines() == [
        "--- 1", "+++ 2", "@@ -1,2 +1,2 @@", " a", "-b", "+c",
    ]  # fmt: skip
    assert notice.difference(["a"], ["a"], "1", "2") == ""
