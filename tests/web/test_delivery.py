"""Whoever has link and code fetches the archive by the page, through the whole server; nobody else learns anything."""

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from models import InstructionKind
from models.database import sqlite_path
from policies.actor import utc_now
from tests.installation import at_work
from tests.people import Office
from tests.procedures.papers import desk
from tests.served import Served, caller, served


@dataclass
class Home:
    """A server, and what the customer got by mail and by text message."""

    server: Served
    token: str
    code: str

    def asks(self, method: str, token: str, code: str | None = None) -> httpx.Response:
        data = None if code is None else {"code": code}
        with caller() as client:
            return client.request(method, f"{self.server.address}/delivery/{token}", data=data)


@pytest.fixture
async def home(sqlite_url: str) -> AsyncIterator[Home]:
    async with at_work(sqlite_url):
        scene = await desk(Office(now=utc_now()))
        await scene.approves(await scene.records(InstructionKind.ACCESS))
        assert await scene.makes() == 1
        token, code = await scene.sent()
    assert code is not None
    with served("--data", str(sqlite_path(sqlite_url).parent)) as server:
        yield Home(server, token, code)


def test_the_archive_goes_to_whoever_has_link_and_code(home: Home) -> None:
    pages = [home.asks("GET", token) for token in (home.token, "0" * 75, "x")]
    assert len({page.text for page in pages}) == 1
    assert pages[0].headers["Cache-Control"] == "no-store"
    assert "form-action 'self'" in pages[0].headers["Content-Security-Policy"]
    assert pages[0].headers["Referrer-Policy"] == "no-referrer"
    for token in ("0" * 75, "x", home.token[:32] + "0" * 43):
        assert home.asks("POST", token, home.code).status_code == 404
    for wrong in ("0", "", "0" * 5_000, None):
        assert home.asks("POST", home.token, wrong).status_code == 422
    assert home.asks("PUT", home.token, home.code).headers["Allow"] == "GET, POST"

    answer = home.asks("POST", home.token, f"{home.code[:4]} {home.code[4:]}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert "Kazlauskaitė" in files.read("data.json").decode()
    for secret in (home.token, home.code, "Kazlauskaitė"):
        assert secret not in home.server.log
