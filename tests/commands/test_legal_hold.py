"""`savas legal-hold disclose` writes what the law makes us give away, asks who does so, and says why where it does not."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from commands.__main__ import app
from models import Account, Disclosure, Secrecy
from tests import installation
from tests.installation import at_work
from tests.people import Office
from tests.procedures.holds import kept


async def held(url: str) -> tuple[str, str, str]:
    """An address that is held back: the hold, and the logins of the privacy officer and of a manager."""
    async with at_work(url):
        office = Office()
        who = await kept(office)
        await who.withdrawn()
        manager = await office.employee("manager")
        one, other = [await Account.get(id=each.actor.actor_id) for each in (who.officer, manager)]
        return str(who.hold.id), one.login, other.login


async def disclosures(url: str) -> list[Disclosure]:
    async with at_work(url):
        return await Disclosure.all()


def disclose(url: str, hold: str, login: str, out: Path, *words: str) -> Result:
    options = [*installation.words(url), "legal-hold", "disclose", hold, "--database", url, "--as", login]
    return CliRunner().invoke(app, [*options, "--out", str(out), *words])


def test_the_privacy_officer_gives_it_to_a_court(sqlite_url: str, tmp_path: Path) -> None:
    hold, officer, _ = asyncio.run(held(sqlite_url))
    out = tmp_path / "held.jsonl"

    result = disclose(sqlite_url, hold, officer, out, "--to", "court")

    assert result.exit_code == 0, result.output
    assert json.loads(out.read_text())["content"]["value"] == "jone@example.org"
    assert "jone" not in result.output
    (made,) = asyncio.run(disclosures(sqlite_url))
    assert (made.secrecy, made.notified_at is None) == (None, False)


def test_what_is_secret_is_told_on_the_day_that_is_named(sqlite_url: str, tmp_path: Path) -> None:
    hold, officer, _ = asyncio.run(held(sqlite_url))
    secret = ("--to", "authority", "--secret-for", "investigation", "--until", "2099-01-31")

    assert disclose(sqlite_url, hold, officer, tmp_path / "held.jsonl", *secret).exit_code == 0

    (made,) = asyncio.run(disclosures(sqlite_url))
    assert (made.secrecy, made.notified_at) == (Secrecy.INVESTIGATION, None)
    assert f"{made.notify_at:%Y-%m-%d}" == "2099-01-31"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--to", "neighbour"), 2),
        (("--to", "court", "--secret-for", "investigation"), 2),
        (("--to", "court", "--until", "2099-01-31"), 2),
        (("--to", "court", "--secret-for", "shame", "--until", "2099-01-31"), 2),
    ],
)
def test_what_is_missing_or_unknown_is_said_and_nothing_is_written(
    sqlite_url: str, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    hold, officer, _ = asyncio.run(held(sqlite_url))
    out = tmp_path / "held.jsonl"

    assert disclose(sqlite_url, hold, officer, out, *words).exit_code == code

    assert (out.exists(), asyncio.run(disclosures(sqlite_url))) == (False, [])


def test_nobody_else_may_and_no_file_is_left(sqlite_url: str, tmp_path: Path) -> None:
    hold, _, manager = asyncio.run(held(sqlite_url))
    out = tmp_path / "held.jsonl"

    result = disclose(sqlite_url, hold, manager, out, "--to", "court")

    assert (result.exit_code != 0, out.exists(), asyncio.run(disclosures(sqlite_url))) == (True, False, [])
