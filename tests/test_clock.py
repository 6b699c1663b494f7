"""A server that is started with a wrong clock says so to everybody who may have to know, and is put right by a command."""

import asyncio
from datetime import timedelta

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models import ClockDoubt, Consent, ContactPoint, Session
from policies.actor import utc_now
from tests import installation
from tests.installation import at_work
from tests.procedures import records
from tests.procedures.ledgers import sql
from tests.served import served
from tests.test_server import PASSWORD, filled, options

YEARS = timedelta(days=3653)
ME = "{ __typename }"


async def _filled(url: str) -> tuple[str, str]:
    """An agent who signs in, and a consent that runs out in five days; the agent's login, and the consent's id."""
    async with at_work(url):
        there = await filled()
        consent = await records.consent(
            (await records.customer()).id, expires_at=utc_now() + timedelta(days=5)
        )
        await records.contact(consent)
        account = await there["ruta"].record.actor
        return account.login, str(consent.id)


async def _stands(url: str, consent: str) -> bool:
    """Whether a consent and its row are there."""
    async with at_work(url):
        return await Consent.exists(id=consent, permits=True) and await ContactPoint.exists(
            consent_id=consent
        )


async def _doubts(url: str) -> list[str]:
    async with at_work(url):
        return [each.kind for each in await ClockDoubt.filter(ended_at=None)]


@pytest.mark.every_database
def test_a_server_with_a_clock_ahead_says_so_and_is_put_right_by_a_command(
    database_url: str, capsys: pytest.CaptureFixture[str]
):
    login, consent = asyncio.run(_filled(database_url))
    with served(*options(database_url)) as server:
        assert "clock" not in server.health()
        server.stops()
    for _ in range(2):
        with served(*options(database_url), ahead=YEARS) as server:
            assert server.health()["clock"] == "AHEAD"
            assert "CLOCK_DOUBTED kind=AHEAD days=365" in server.log
            assert "JOB_FAILED" not in server.log
            server.process.kill()
    with served(*options(database_url)) as server:
        assert server.health()["clock"] == "AHEAD"
        server.stops()
    assert asyncio.run(_stands(database_url, consent))

    said = _says(database_url, capsys, "status")
    assert "AHEAD" in said
    said = _says(database_url, capsys, "confirm")
    assert "Nothing was changed." in said
    assert asyncio.run(_doubts(database_url)) == ["AHEAD"]
    said = _says(database_url, capsys, "confirm", "--by", login, "--today", f"{utc_now():%Y-%m-%d}")
    assert "1 doubts are ended" in said

    with served(*options(database_url)) as server:
        assert "clock" not in server.health()
        server.stops()
    assert asyncio.run(_stands(database_url, consent))


@pytest.mark.every_database
def test_a_clock_put_back_opens_no_session_that_had_ended(
    database_url: str, capsys: pytest.CaptureFixture[str]
):
    login, _ = asyncio.run(_filled(database_url))
    with served(*options(database_url)) as server:
        token = server.signs_in("ruta@savas.example", PASSWORD)
        assert server.asks(ME, token).status_code == 200
        asyncio.run(_end_an_hour_ago(database_url))
        server.stops()

    with served(*options(database_url), ahead=-timedelta(hours=3)) as server:
        assert server.health()["clock"] == "BEHIND"
        assert server.asks(ME, token).status_code == 401
        server.stops()

    assert "BEHIND" in _says(database_url, capsys, "status")
    today = f"{utc_now():%Y-%m-%d}"
    assert "1 doubts are ended" in _says(database_url, capsys, "confirm", "--by", login, "--today", today)


async def _end_an_hour_ago(url: str) -> None:
    async with at_work(url):
        await Session.all().update(expires_at=utc_now() - timedelta(hours=1))


def _says(url: str, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `savas clock …` prints, when all is well."""
    assert main([*installation.words(url), "clock", *words, *options(url)]) == Exit.OK
    return str(capsys.readouterr().out)


def test_a_server_that_cannot_read_what_is_known_of_the_time_serves_and_ends_nothing(sqlite_url: str):
    _, consent = asyncio.run(_filled(sqlite_url))
    asyncio.run(_lost(sqlite_url, consent))

    with served(*options(sqlite_url)) as server:
        server.hears("CLOCK_UNREAD")
        server.hears("JOB_FAILED job=consent")
        assert server.health()["status"] == "ok"
        server.stops()
    assert asyncio.run(_stands(sqlite_url, consent))


async def _lost(url: str, consent: str) -> None:
    """A consent has run out, and the table with the reading is gone."""
    async with at_work(url):
        await Consent.filter(id=consent).update(expires_at=utc_now() - timedelta(days=1))
        await sql("DROP TABLE clock_readings")
