"""The playground as a person meets it: in a real browser, with nothing from anywhere else."""

import asyncio
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyotp
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

import demo
from models import Purpose
from models.database import sqlite_url
from procedures.installation import Settings
from server import build_app
from tests import accounts
from tests.installation import at_work
from web.connections import uvicorn_options

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVERYTHING_STORED = """async () => JSON.stringify({
    local: {...localStorage}, session: {...sessionStorage}, cookie: document.cookie, url: location.href,
    databases: await indexedDB.databases(), caches: await caches.keys(),
})"""


expect.set_options(timeout=30_000)


@dataclass
class Visit:
    """A page in a browser, and everything it did that it should not have."""

    page: Page
    origin: str
    agent: demo.Persona
    strayed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def watch(self) -> None:
        self.page.on("request", self._requested)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)
        await self.page.expose_function("violated", self._violated)
        await self.page.add_init_script(
            "addEventListener('securitypolicyviolation', ({violatedDirective: d, blockedURI: u}) => violated(d + u))"
        )
        await self.page.goto(self.origin)

    async def sign_in(self) -> None:
        await self.page.get_by_label("Demo persona").select_option(label=self.agent.title)

    async def run(self) -> dict[str, Any]:
        async with self.page.expect_response(f"{self.origin}/graphql") as answered:
            await self.page.get_by_role("button", name="Execute query").click()
        answer: dict[str, Any] = await (await answered.value).json()
        return answer

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def _violated(self, what: str) -> None:
        self.complaints.append(what)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.strayed.append(request.url)


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[str]:
    """The origin of the whole server, on a free port."""
    # The socket listens before the server runs, so nobody has to wait for the start.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        options = uvicorn_options() | {"timeout_graceful_shutdown": 2}
        server = uvicorn.Server(uvicorn.Config(build_app(settings), log_level="warning", **options))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all visits, each of which has its own storage."""
    programs = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=programs, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
def data(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server has."""
    return shutil.copytree(filled, tmp_path_factory.mktemp("served") / "data")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def origin(data: Path) -> AsyncIterator[str]:
    """One server for all visits, each of which signs in by itself."""
    async with served(Settings(data=data, demo=True)) as origin:
        yield origin


@pytest_asyncio.fixture(loop_scope="module")
async def visit(browser: Browser, filled: Path, origin: str) -> AsyncIterator[Visit]:
    agent = next(persona for persona in demo.stored(filled) if persona.purpose == Purpose.SUPPORT)
    async with await browser.new_context() as context:
        visit = Visit(await context.new_page(), origin, agent)
        await visit.watch()
        yield visit


#: Where the browser is at home.
visiting = pytest.mark.asyncio(loop_scope="module")


def chromium() -> str:
    """The path of the machine's Chromium; without one there is no such test, except in CI, where it must be."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("CI has no Chromium")
    if found is None:
        pytest.skip("no chromium, chromium-browser or google-chrome on this machine")
    return found


@visiting
async def test_the_purposes_on_offer_are_those_that_the_server_knows(visit: Visit) -> None:
    offered = visit.page.get_by_label("Purpose").get_by_role("option")

    await expect(offered).to_have_text(["none stated", *Purpose])


@visiting
async def test_an_agent_signs_in_and_sees_what_the_purpose_opens(visit: Visit) -> None:
    await visit.sign_in()
    await expect(visit.page.get_by_role("button", name="Sign out")).to_be_visible()
    await expect(visit.page.get_by_label("Headers")).to_contain_text('"support"')

    answer = await visit.run()

    customers = answer["data"]["customers"]["nodes"]
    assert any((customer["identity"] or {}).get("familyName") for customer in customers)
    await expect(visit.page.get_by_label("Result Window")).to_contain_text(customers[0]["number"])
    for withheld in answer["extensions"]["withheld"]:
        await expect(visit.page.get_by_label("Withheld from this answer")).to_contain_text(withheld["field"])
    assert visit.strayed == []
    assert visit.complaints == []


@visiting
async def test_on_a_telephone_the_answer_is_as_wide_as_the_screen(visit: Visit) -> None:
    await visit.page.set_viewport_size({"width": 390, "height": 844})

    for pane in (".graphiql-editors", ".graphiql-response"):
        box = await visit.page.locator(pane).bounding_box()
        assert box is not None
        assert box["width"] > 300, pane
        assert box["height"] > 200, pane
    assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 390


@visiting
async def test_without_a_purpose_the_agent_sees_no_customer(visit: Visit) -> None:
    await visit.sign_in()
    await expect(visit.page.get_by_role("button", name="Sign out")).to_be_visible()
    # The choice is a line of the headers, whose editor comes last on a slow machine.
    await expect(visit.page.get_by_label("Headers")).to_contain_text('"support"')
    await visit.page.get_by_label("Purpose").select_option(label="none stated")
    await expect(visit.page.get_by_label("Headers")).not_to_contain_text('"support"')

    assert (await visit.run())["data"]["customers"]["nodes"] == []


@visiting
async def test_the_token_is_kept_in_this_tab_only_and_gone_after_signing_out(visit: Visit) -> None:
    page = visit.page
    await visit.sign_in()
    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    await visit.run()
    stored = json.loads(await page.evaluate(EVERYTHING_STORED))
    token = json.loads(stored["session"].pop("savas:session"))["token"]

    assert token not in json.dumps(stored)
    assert token not in await page.content()

    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert token not in await page.evaluate(EVERYTHING_STORED)


async def inside(data: Path, work: Coroutine[Any, Any, str]) -> str:
    """What some work gives that is done to the server's data beside it."""
    async with at_work(sqlite_url(data / "savas.sqlite3")):
        return await work


@visiting
async def test_who_was_invited_sets_a_password_by_the_code_and_signs_in_with_a_telephone(
    visit: Visit, data: Path
) -> None:
    page, code = visit.page, await asyncio.to_thread(asyncio.run, inside(data, accounts.invited("naujas")))
    await page.get_by_role("button", name="Set a password by a code").click()
    for label, typed in {
        "Login": "naujas", "Code that was sent": code.lower(), "New password": "short",
    }.items():  # fmt: skip
        await page.get_by_label(label, exact=True).fill(typed)
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_role("alert").filter(has_text="too short")).to_be_visible()

    await page.get_by_label("New password").fill("correct horse battery")
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_role("alert").filter(has_text="password is set")).to_be_visible()
    secret = await asyncio.to_thread(asyncio.run, inside(data, accounts.enrolled("naujas")))
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_label("Code of your telephone").fill(pyotp.TOTP(secret).now())
    await page.get_by_role("button", name="Sign in").click()

    await expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert "correct horse" not in await page.evaluate(EVERYTHING_STORED)


@visiting
async def test_a_wrong_password_is_told_and_signs_nobody_in(visit: Visit) -> None:
    await visit.page.get_by_label("Login").fill(visit.agent.login)
    await visit.page.get_by_label("Password").fill("somebody else's")
    await visit.page.get_by_role("button", name="Sign in").click()

    await expect(visit.page.get_by_role("alert").filter(has_text="password is wrong")).to_be_visible()
    await expect(visit.page.get_by_role("button", name="Sign out")).to_be_hidden()
    assert "savas:session" not in await visit.page.evaluate(EVERYTHING_STORED)
