"""Clients that seal: a page in a real browser, Node.js and Python, each against a real server in a process of its own."""

import asyncio
import hashlib
import http.server
import json
import logging
import os
import shutil
import subprocess
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Request, async_playwright

from docs.seal_submission import seal
from models import Account, PaymentCard, opened
from models.database import kind, sqlite_path
from policies.actor import utc_now
from procedures.installation import Settings
from schema.reading import encode
from server import build_app
from tests import accounts
from tests.installation import at_work, place
from tests.people import Office
from tests.served import caller, served
from tests.submissions import CARD, DIGITS, NUMBER, consenting, signer
from tests.test_server import options
from tests.web.serving import serving
from tests.web.test_playground import QUIET, chromium

SOURCE = Path(__file__).resolve().parents[2] / "web" / "submission"
PASSWORD = "correct horse battery"
KEY = "{ submissionKey { id suite publicKey expiresAt signature } }"
SUBMIT = """mutation ($input: SubmissionInput!) {
    paymentCardSubmit(input: $input) { paymentCard { brand lastFour } userErrors { code } } }"""
SIGN_IN = "mutation ($login: String!, $password: String!) { signIn(input: {login: $login, password: $password}) { token } }"
PATIENCE = 120


@dataclass
class House:
    """A customer who consents, and what a client has to know."""

    url: str
    customer: str
    number: str
    signer: bytes

    def seals(self, key: dict[str, str]) -> dict[str, str]:
        """A card, sealed by the example of the documentation."""
        sealed = seal(key, self.signer, self.customer, "payment_card", CARD)
        return {"customerId": self.customer, "keyId": key["id"], "sealed": sealed}


@pytest.fixture
async def house(database_url: str) -> House:
    """A filled installation, with nobody serving it yet."""
    async with at_work(database_url):
        customer, _ = await consenting(Office(now=utc_now()), number="C-0000-0001")
        await Account.filter(customer_id=customer.id).delete()
        await accounts.customer(customer.number, PASSWORD)
        return House(database_url, encode("Customer", customer.id), customer.number, signer())


@dataclass
class Caller:
    """The customer, signed in at a server."""

    url: str
    token: str

    def asks(self, query: str, **variables: Any) -> Any:
        """Ask as the customer."""
        return asked(self.url, query, self.token, **variables)

    def key(self) -> dict[str, str]:
        """The published key."""
        found: dict[str, str] = self.asks(KEY)["submissionKey"]
        return found

    def submits(self, sent: dict[str, str]) -> Any:
        """Send a sealed card."""
        return self.asks(SUBMIT, input=sent)["paymentCardSubmit"]


def asked(url: str, query: str, token: str | None = None, **variables: Any) -> Any:
    """What a server answers."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with caller() as client:
        return client.post(url, json={"query": query, "variables": variables}, headers=headers).json()["data"]


def signed_in(url: str, house: House) -> Caller:
    """The customer at a server."""
    done = asked(url, SIGN_IN, login=house.number, password=PASSWORD)
    return Caller(url, done["signIn"]["token"])


@contextmanager
def served_at(house: House, *origins: str) -> Iterator[Caller]:
    """The whole server on a free port, as the command line composes it."""
    where = place(house.url)
    database = None if kind(house.url) == "sqlite" else house.url
    data = sqlite_path(house.url).parent if database is None else where.witness.parent
    settings = Settings(data, database, where.keys, where.provider, where.witness, origins=frozenset(origins))
    with serving(build_app(settings), lifespan="on") as port:
        yield signed_in(f"http://127.0.0.1:{port}/graphql", house)


async def test_a_card_sealed_in_python_arrives_and_no_log_tells(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with served_at(house) as customer:
        done = customer.submits(house.seals(customer.key()))

    assert done == {"paymentCard": {"brand": "VISA", "lastFour": "1111"}, "userErrors": []}
    assert "status=200" in caplog.text
    assert not [part for part in (NUMBER, DIGITS, "Kazlauskait") if part in caplog.text]


@pytest.mark.every_database
async def test_of_two_processes_one_takes_a_submission(house: House) -> None:
    with ExitStack() as stack:
        # One after the other: on a busy machine two starts at once take long.
        urls = [f"{stack.enter_context(served(*options(house.url))).address}/graphql" for _ in range(2)]
        one = signed_in(urls[0], house)
        other = Caller(urls[1], one.token)
        assert one.key() == other.key()
        sent = house.seals(one.key())
        with ThreadPoolExecutor(8) as threads:
            done = list(threads.map(lambda caller: caller.submits(sent), [one, other] * 4))

    assert (
        sorted(error["code"] for each in done for error in each["userErrors"]) == ["SUBMISSION_REPLAYED"] * 7
    )
    async with at_work(house.url):
        assert await PaymentCard.all().count() == 1


async def test_a_card_sealed_in_node_arrives(house: House) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on this machine")
    with served_at(house) as customer:
        environment = {
            "PATH": os.environ["PATH"],
            "SAVAS_URL": customer.url,
            "SAVAS_TOKEN": customer.token,
            "SAVAS_CUSTOMER": house.customer,
            "SAVAS_SIGNER": encoded(house.signer),
        }
        done = await asyncio.to_thread(
            subprocess.run,
            [node, "--test", "test/submission.test.mjs"],
            cwd=SOURCE, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pass 3" in done.stdout


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A company's own front end: a page, and the built module."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def front_end(directory: Path) -> Iterator[str]:
    """The origin of a front end of files."""
    shutil.copy(SOURCE / "dist" / "submission.js", directory)
    (directory / "index.html").write_text(PAGE, encoding="utf-8")
    handler = partial(Quiet, directory=str(directory))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join(PATIENCE)


PAGE = """<!doctype html><title>Pay</title>
<form><input name="number" aria-label="Number"><input name="expiry" aria-label="Expiry"><input name="holder"
aria-label="Holder"><button>Pay</button></form><output role="status"></output>
<script type="module">
import { seal } from "./submission.js";
const { url, token, customer, signer, key, submit } = window.savas;
async function ask(query, variables) {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return (await answer.json()).data;
}
document.forms[0].addEventListener("submit", async (event) => {
  event.preventDefault();
  const values = Object.fromEntries(new FormData(event.target));
  const published = (await ask(key)).submissionKey;
  const input = await seal(published, signer, customer, "payment_card", values);
  document.querySelector("output").textContent = JSON.stringify((await ask(submit, { input })).paymentCardSubmit);
});
</script>"""


async def test_a_page_seals_a_card_and_nothing_of_it_crosses_the_wire(house: House, tmp_path: Path) -> None:
    bodies: list[str] = []

    def requested(request: Request) -> None:
        bodies.append(f"{request.url} {request.headers} {request.post_data or ''}")

    page_files = tmp_path / "front"
    page_files.mkdir()
    with front_end(page_files) as origin, served_at(house, origin) as customer:
        known = {
            "url": customer.url, "token": customer.token,
            "customer": house.customer, "signer": encoded(house.signer), "key": KEY, "submit": SUBMIT,
        }  # fmt: skip
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
            page = await browser.new_page()
            page.on("request", requested)
            await page.add_init_script(f"window.savas = {json.dumps(known)}")
            await page.goto(origin)
            await page.get_by_label("Number").fill(NUMBER)
            await page.get_by_label("Expiry").fill("2029-07")
            await page.get_by_label("Holder").fill("Kazlauskaitė")
            await page.get_by_role("button", name="Pay").click()
            said = page.get_by_role("status").filter(has_text="userErrors")
            done = json.loads(await said.inner_text(timeout=PATIENCE * 1000))
            await browser.close()

    assert done == {"paymentCard": {"brand": "VISA", "lastFour": "1111"}, "userErrors": []}
    assert len([body for body in bodies if '"sealed"' in body]) == 1
    for part in (
        NUMBER,
        DIGITS,
        DIGITS[:8],
        DIGITS[-8:],
        encoded(DIGITS.encode())[:8],
        "Kazlauskait",
        "2029-07",
    ):
        assert not [body for body in bodies if part in body]
    async with at_work(house.url):
        assert (await opened(await PaymentCard.get())).holder == "Kazlauskaitė"


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def test_the_built_module_comes_from_these_sources() -> None:
    digest = hashlib.sha256()
    for name in ("package-lock.json", "src/submission.ts", "tsconfig.json", "vite.config.js"):
        digest.update(f"{name}\n".encode() + (SOURCE / name).read_bytes())

    assert (SOURCE / "dist" / "built-from.txt").read_text().strip() == digest.hexdigest()


def test_the_lock_file_of_the_module_names_no_host() -> None:
    assert '"resolved"' not in (SOURCE / "package-lock.json").read_text()
