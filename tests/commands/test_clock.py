"""`savas clock`, run as an operator runs it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models import AccountKind, ClockDoubt, Consent
from policies.actor import utc_now
from procedures import clock
from tests import installation
from tests.clocks import at, ran_until
from tests.procedures import records

LOGIN = "rasa@savas.example"


async def _doubted(url: str) -> None:
    """The clock was ten years ahead, and a consent has really run out meanwhile."""
    async with installation.at_work(url):
        await ran_until(utc_now())
        await records.account(AccountKind.EMPLOYEE, login=LOGIN)
        await records.account(AccountKind.EMPLOYEE, login="gone@savas.example", active=False)
        await records.consent((await records.customer()).id, expires_at=utc_now() - timedelta(days=1))
        await clock.look(clock=at(utc_now() + timedelta(days=3653)))


async def _left(url: str) -> tuple[int, int]:
    """How many doubts stand, and how many consents."""
    async with installation.at_work(url):
        return await ClockDoubt.filter(ended_at=None).count(), await Consent.filter(permits=True).count()


class Desk:
    """An installation whose clock is doubted, and the command."""

    def __init__(self, url: str, capsys: Any) -> None:
        self.url, self.capsys = url, capsys

    def says(self, *words: str) -> tuple[int, str]:
        """Run a command; its exit code, and what it printed."""
        code = main([*installation.words(self.url), *words, "--database", self.url])
        told = self.capsys.readouterr()
        return code, told.out + told.err

    def left(self) -> tuple[int, int]:
        """How many doubts stand, and how many consents."""
        return asyncio.run(_left(self.url))


@pytest.fixture
def desk(sqlite_url: str, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("COLUMNS", "200")
    asyncio.run(_doubted(sqlite_url))
    return Desk(sqlite_url, capsys)


def test_the_status_shows_the_doubt(desk: Desk) -> None:
    code, told = desk.says("clock", "status")

    assert code == Exit.OK
    assert "AHEAD" in told
    assert f"{utc_now().year + 10}" in told


def test_without_a_date_what_would_end_is_shown_and_nothing_changed(desk: Desk) -> None:
    code, told = desk.says("clock", "confirm", "--by", LOGIN)

    assert code == Exit.OK
    assert "consents" in told
    assert "Nothing was changed." in told
    assert desk.left() == (1, 1)


def test_whoever_looks_at_a_calendar_ends_the_doubt_and_what_is_over_ends(desk: Desk) -> None:
    assert desk.says("consent", "expire")[0] == Exit.REFUSED

    assert desk.says("clock", "confirm", "--by", LOGIN, "--today", f"{utc_now():%Y-%m-%d}")[0] == Exit.OK

    assert desk.left() == (0, 1)
    assert desk.says("consent", "expire")[0] == Exit.OK
    assert desk.left() == (0, 0)


@pytest.mark.parametrize(
    ("login", "days", "code", "told"),
    [
        (LOGIN, 1, Exit.USAGE, "DATE_DIFFERS"),
        ("nobody@savas.example", 0, Exit.REFUSED, "NOT_FOUND"),
        ("gone@savas.example", 0, Exit.REFUSED, "NOT_FOUND"),
    ],
)
def test_neither_another_date_nor_a_stranger_ends_it(
    desk: Desk, login: str, days: int, code: int, told: str
) -> None:
    day = f"{utc_now() + timedelta(days=days):%Y-%m-%d}"
    found, text = desk.says("clock", "confirm", "--by", login, "--today", day)

    assert (found, told in text) == (code, True)
    assert desk.left() == (1, 1)
