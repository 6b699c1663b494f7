"""`savas consent` and `savas notice`, run as an operator runs them."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models import AccountKind, Category, Consent, ContactPoint, Purpose
from policies.actor import utc_now
from procedures.consent import consent as consents
from procedures.notice.controller import EXAMPLE
from tests import installation
from tests.procedures import records

T = TypeVar("T")


class Desk:
    """An installation, and the command."""

    def __init__(self, url: str, capsys: Any) -> None:
        self.url, self.capsys = url, capsys

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Work on the database, on a loop of its own as a command has."""

        async def at_work() -> T:
            async with installation.at_work(self.url):
                return await work

        return asyncio.run(at_work())

    def says(self, *words: str, before: tuple[str, ...] = ()) -> tuple[int, str]:
        """Run a command; gives its exit code and what it printed."""
        code = main([*installation.words(self.url), *before, *words, "--database", self.url])
        told = self.capsys.readouterr()
        return code, told.out + told.err

    async def standing(self, days: int) -> Consent:
        """A consent with a row, that runs out so many days from now."""
        ends = utc_now() + timedelta(days=days)
        consent = await records.consent((await records.customer()).id, expires_at=ends)
        await records.contact(consent)
        return consent


@pytest.fixture
def desk(sqlite_url: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("COLUMNS", "200")
    return Desk(sqlite_url, capsys)


def test_what_runs_out_soon_is_listed_by_number_and_id(desk: Desk) -> None:
    soon, late = desk.do(desk.standing(5)), desk.do(desk.standing(50))

    code, told = desk.says("consent", "due")

    assert code == Exit.OK
    assert str(soon.id) in told
    assert str(late.id) not in told
    assert str(soon.customer_id) not in told


def test_a_dry_run_ends_nothing(desk: Desk) -> None:
    desk.do(desk.standing(-1))

    code, told = desk.says("consent", "expire", "--dry-run")

    assert (code, "Would end 1 of 1 consents." in told) == (Exit.OK, True)
    assert desk.do(_count()) == 1


def test_what_has_run_out_is_ended_and_erased(desk: Desk) -> None:
    desk.do(desk.standing(-1))
    desk.do(desk.standing(5))

    code, told = desk.says("consent", "expire")

    assert (code, "1 consents ended; 1 rows erased" in told) == (Exit.OK, True)
    assert desk.do(_count()) == 1


def test_too_many_at_once_wait_until_somebody_has_looked(desk: Desk) -> None:
    async def many() -> None:
        for _ in range(11):
            await desk.standing(-1)
        await records.account(AccountKind.EMPLOYEE, login="rasa@savas.example")

    desk.do(many())

    code, told = desk.says("consent", "expire")
    assert (code, "CLOCK_DOUBTED" in told) == (Exit.REFUSED, True)
    assert desk.do(_count()) == 11

    today = f"{utc_now():%Y-%m-%d}"
    assert desk.says("clock", "confirm", "--by", "rasa@savas.example", "--today", today)[0] == Exit.OK
    assert desk.says("consent", "expire")[0] == Exit.OK
    assert desk.do(_count()) == 0


def test_verifying_ends_with_1_when_a_row_stands_under_nothing(desk: Desk) -> None:
    desk.do(desk.standing(5))
    assert desk.says("consent", "verify")[0] == Exit.OK
    consent = desk.do(desk.standing(-1))

    code, told = desk.says("consent", "verify")

    assert code == Exit.FAILED
    assert f"consent {consent.id}" in told
    assert "600 00000" not in told


def test_a_receipt_is_written_once_and_for_its_owner_only(desk: Desk, tmp_path: Path) -> None:
    async def given() -> Consent:
        customer, shown = await records.customer(), await records.notice()
        by = await records.person(customer)
        return await consents.give(
            customer.id, Category.CONTACT_POINT, Purpose.SUPPORT, shown.id, by=by, evidence="form 7"
        )

    id, file, page = str(desk.do(given()).id), tmp_path / "receipt.json", tmp_path / "receipt.html"

    assert desk.says("consent", "receipt", id, "--out", str(file))[0] == Exit.OK
    assert desk.says("consent", "receipt", id, "--out", str(page))[0] == Exit.OK

    assert json.loads(file.read_text("utf-8"))["record_id"] == f"urn:uuid:{id}"
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert file.stat().st_mode & 0o077 == 0
    code, told = desk.says("consent", "receipt", id, "--out", str(file))
    assert (code, "ALREADY_EXISTS" in told) == (Exit.REFUSED, True)


def test_notices_are_installed_listed_and_compared(desk: Desk, tmp_path: Path) -> None:
    controller = ("--controller", str(EXAMPLE))
    assert desk.says("notice", "ship", before=controller)[0] == Exit.OK
    file = tmp_path / "support.md"
    file.write_text("We answer.\n", encoding="utf-8")
    words = ("--purpose", "support", "--language", "en", "--version")

    assert desk.says("notice", "add", str(file), *words, "2")[0] == Exit.OK
    code, told = desk.says("notice", "add", str(file), *words, "1")
    assert (code, "NOTICE_DIFFERS" in told) == (Exit.REFUSED, True)

    assert "+We answer." in desk.says("notice", "diff", "support", "en", "1", "2")[1]
    assert "They are the same." in desk.says("notice", "diff", "support", "en", "2", "2")[1]
    assert desk.says("notice", "diff", "support", "en", "1", "3")[0] == Exit.REFUSED
    assert desk.says("notice", "list")[1].count("support") == 3


def test_nothing_is_shipped_while_nobody_is_responsible(desk: Desk, tmp_path: Path) -> None:
    code, told = desk.says("notice", "ship", before=("--controller", str(tmp_path / "none.toml")))

    assert (code, "CONTROLLER_MISSING" in told) == (Exit.REFUSED, True)


def test_an_unknown_purpose_is_a_wrong_use(desk: Desk) -> None:
    assert desk.says("notice", "diff", "fun", "en", "1", "2")[0] == Exit.USAGE


async def _count() -> int:
    return await ContactPoint.all().count()
