"""An installation whose every personal value is a canary, and people who use it in every way there is."""

import secrets
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import models
from commands.__main__ import main
from commands.exits import Exit
from models import Category, Role
from models.database import dialect, sqlite_path, sqlite_url, transaction
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.installation import opened, opened_sealed
from procedures.leaving import legal_hold
from procedures.sending import SMTP
from tests import accounts, forked, postgres
from tests.canaries import Canaries, Search, pages
from tests.ledger import adopt
from tests.people import Office
from tests.procedures.ledgers import sql
from tests.served import Served, served

NEEDED = [("identity", "support"), ("personal_code", "verification"), ("contact_point", "support"), ("postal_address", "delivery"),
          ("preference", "marketing"), ("interaction", "support"), ("order", "support")]  # fmt: skip
PURPOSES = "support, verification, delivery, marketing"
AGENT = "ruta@savas.example"
SIGN_IN = "mutation ($login: String!, $password: String!) { signIn(input: {login: $login, password: $password}) { token } }"
EVERYTHING = """nodes { number identity { givenName familyName companyName } personalCodes { code } contactPoints { value }
    postalAddresses { street city region postalCode } preferences { topic } interactions { subject body }
    orders { number total billingAddress lines { product } } }"""
STREETS = (
    "query ($filter: CustomerFilter) { customers(filter: $filter) { nodes { postalAddresses { street } } } }"
)
FIND = f"query ($filter: CustomerFilter) {{ customers(filter: $filter) {{ {EVERYTHING} }} }}"
MAP = """
[customers.columns]
id = "key"
given = "identity.givenName"
family = "identity.familyName"
email = "contact_point.EMAIL"
phone = "contact_point.PHONE"
street = "postal_address.HOME.street"
"""


@dataclass
class House:
    """An installation that is filled with canaries, and what was said on its terminal."""

    addresses: Addresses
    directory: Path
    written: list[Path]
    canaries: Canaries = field(default_factory=Canaries)
    rows: list[dict[Category, dict[str, Any]]] = field(default_factory=list)
    phone: str = ""
    hold: str = ""
    officer: str = ""
    passwords: dict[str, str] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    said: str = ""

    @property
    def before(self) -> list[str]:
        """What stands before a command."""
        place = self.addresses
        return ["--keys", place.keys, "--provider", place.provider, "--witness", str(place.witness)]

    @property
    def options(self) -> list[str]:
        """What stands behind a command."""
        return ["--data", str(self.directory / "data"), "--database", self.addresses.database]

    async def fill(self) -> None:
        """Two customers with rows of every category, an agent with tasks for both, and passwords."""
        async with opened(self.addresses):
            office = Office(now=utc_now())
            for number in ("C-1", "C-2"):
                customer = await office.customer(number=number)
                self.rows.append(contents := self.canaries.contents())
                for category, purpose in NEEDED:
                    consent = await office.consent(customer, category, purpose)
                    await office.row(customer, consent, **contents[Category(category)])
                    if category == "contact_point":
                        self.phone = self.canaries.phone()
                        content = models.ContactPoint.Content(self.phone)
                        await office.row(
                            customer, consent, kind="PHONE", content=content, value_index=self.phone
                        )
            await self._holding(office)
            await self._signing_in(office)
            async with transaction():
                await adopt()

    async def _holding(self, office: Office) -> None:
        officer = await office.employee("privacy_officer")
        customer = await models.Customer.get(number="C-1")
        held = await legal_hold.place(
            customer.id, Category.CONTACT_POINT, models.HoldReason.LEGAL_CLAIMS, by=officer.actor, basis="case 1",
            until=office.now + timedelta(days=1),
        )  # fmt: skip
        self.hold = str(held.id)
        self.officer = (await models.Account.get(id=officer.actor.actor_id)).login

    async def _signing_in(self, office: Office) -> None:
        self.passwords = {login: self.canaries.name() for login in (AGENT, "C-1")}
        await accounts.employee(AGENT, "Rūta", [Role.AGENT], self.passwords[AGENT])
        await accounts.customer("C-1", self.passwords["C-1"])
        account = await models.Account.get(login=AGENT)
        for customer in await models.Customer.all():
            for purpose in PURPOSES.split(", "):
                await models.Task.create(
                    customer_id=customer.id,
                    purpose=purpose,
                    assignee_id=account.id,
                    opened_at=office.now,
                    due_at=office.now + timedelta(days=30),
                )

    def sending(self, port: int) -> Addresses:
        """Its addresses, with a mail server on this machine."""
        return replace(self.addresses, smtp=SMTP.parse(f"smtp://127.0.0.1:{port}?from=crm@shop.example"))

    def serving(self, *before: str) -> Any:
        """A server on it."""
        return served(*self.options, place=[*before, *self.before])

    def signed_in(self, server: Served, login: str) -> str:
        """A token."""
        return server.signs_in(login, self.passwords[login])

    def does(self, *words: str, expecting: Exit = Exit.OK) -> None:
        """Run a command; a thread of its own, because the test is in an event loop."""
        with ThreadPoolExecutor(1) as thread:
            code = thread.submit(main, [*self.before, *words, *self.options]).result(timeout=120)
        assert code == expecting

    def says(self, *words: str) -> int:
        """Run a command, whatever comes of it; its exit code."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(main, [*self.before, *words, *self.options]).result(timeout=120)

    def finds(self) -> dict[str, set[str]]:
        """By file that was written, the forms in which canaries are in it; of pages that held none only what is changed."""
        mine = [path for path in self.directory.iterdir() if path.name != "desk"]
        written = [*mine, *self.written]
        found = Search(self.canaries).found_in(written, self.known)
        if not found:
            self.known |= pages(written)
        return found


def empty(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """An empty installation, everything it writes below one directory or in a server of its own kind."""
    # Before there is another directory for what is made once for all tests.
    url: str = request.getfixturevalue(f"{request.param}_url")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "desk").mkdir()
    forked.ready()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    provider, witness = f"file:{tmp_path / 'provider.json'}", tmp_path / "witness"
    if request.param == "sqlite":
        yield House(Addresses(url, sqlite_url(tmp_path / "keys.sqlite3"), provider, witness), tmp_path, [])
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    keys = server.create(name := f"keys_{secrets.token_hex(8)}")
    yield House(
        Addresses(url, keys, provider, witness), tmp_path, server.written, known=pages(server.written)
    )
    server.drop(name)


def looks_up(house: House, server: Served, token: str) -> str:
    """Ask for everybody, and by each thing that finds somebody, in a variable and in the document."""
    found = [server.asks(f"{{ customers {{ {EVERYTHING} }} }}", token, PURPOSES).text]
    identity, contact = house.rows[1][Category.IDENTITY], house.rows[1][Category.CONTACT_POINT]
    wanted = {
        "email": contact["value_index"],
        "phone": house.phone,
        "givenName": identity["given_name_index"],
        "familyName": identity["family_name_index"].upper(),
        "personalCode": house.rows[1][Category.PERSONAL_CODE]["code_index"],
    }
    for name, value in wanted.items():
        document = house.canaries.said(
            f'{{ customers(filter: {{{name}: "{value}"}}) {{ nodes {{ number contactPoints {{ value }} }} }} }}'
        )
        answers = [
            server.asks(FIND, token, PURPOSES, filter={name: value}),
            server.asks(document, token, PURPOSES),
        ]
        assert [
            [node["number"] for node in each.json()["data"]["customers"]["nodes"]] for each in answers
        ] == [["C-2"]] * 2
    return found[0]


def asks_wrongly(house: House, server: Served, token: str) -> list[httpx.Response]:
    """Requests with canaries in them that nobody can answer."""
    name, word = house.canaries.name(), house.canaries.word()
    documents = [
        f'{{ customers(filter: {{email: "{name}", shoe: "{word}"}}) {{ nodes {{ id }} }} }}',
        f'{{ customer(id: "{name}") {{ id }} }}',
        f"{{ customer(id: {house.canaries.digits}1.5) {{ id }} }}",
        f'{{ customers {{ nodes {{ id }} }} }} "{name}',
        f'{{ customers(after: "{name}") {{ nodes {{ id }} }} }}',
        f"{{ customers(filter: {{status: {word}}}) {{ nodes {{ id }} }} }}",
        f'{{ customers(filter: {{email: ["{name}"]}}) {{ nodes {{ id }} }} }}',
        f'mutation {{ signIn(input: {{login: "{name}", password: "{word}"}}) {{ token }} }}',
    ]
    answers = [server.asks(house.canaries.said(document), token, PURPOSES) for document in documents]
    answers += [
        server.asks("query ($n: Int!) { customers(first: $n) { nodes { id } } }", token, n=name),
        server.asks(FIND, token, PURPOSES, filter={"email": {name: word}}),
        server.asks(FIND, token, PURPOSES, filter={"status": name}),
        server.asks("{ me { __typename } }", word),
        server.asks("{ me { __typename } }", token, word),
        server.asks(SIGN_IN, login=AGENT, password=house.canaries.name()),
        server.asks(SIGN_IN, login=house.canaries.email(), password=word),
        server.asks(SIGN_IN, login="C-1", password=house.canaries.word() * 90),
        server.posts([name, {word: name}], [("Request-Id", word)]),
        server.posts({"query": "{ me { __typename } }", word: name, "operationName": name}, [("Origin", f"https://{word}.example")]),
    ]  # fmt: skip
    headers = [
        ("Accept", word),
        ("Content-Type", f"text/{word}"),
        ("X-Forwarded-For", word),
        ("Cookie", word),
    ]
    answers += [server.posts({"query": "{", "variables": {name: word}}, [header]) for header in headers]
    with httpx.Client(trust_env=False) as client:
        answers.append(client.get(f"{server.address}/{word}", params={"query": name}))
    return answers


def says(house: House, server: Served, token: str) -> None:
    """The agent records that a customer wants something ended, and the operator lists what waits."""
    asked = server.asks("{ customers { nodes { id number } } }", token, "marketing").json()
    (customer,) = [each["id"] for each in asked["data"]["customers"]["nodes"] if each["number"] == "C-2"]
    done = server.asks(
        """mutation ($id: ID!, $evidence: String!) {
          consentsWithdraw(input: {customerId: $id, purpose: MARKETING, evidence: $evidence}) {
            instruction { state } userErrors { code } } }""",
        token, "marketing", id=customer, evidence=house.canaries.name(),
    )  # fmt: skip
    told = {"instruction": {"state": "WAITING"}, "userErrors": []}
    assert done.json()["data"]["consentsWithdraw"] == told
    house.does("instruction", "list", "--all")


def withdraws(house: House, server: Served) -> None:
    """The customer takes back the consent to the contact points, which the law holds back."""
    token = house.signed_in(server, "C-1")
    asked = server.asks("{ me { ... on Customer { consents { id category } } } }", token).json()
    (consent,) = [
        each["id"] for each in asked["data"]["me"]["consents"] if each["category"] == "CONTACT_POINT"
    ]
    done = server.asks(
        "mutation ($id: ID!) { consentWithdraw(input: {consentId: $id}) { heldRows userErrors { code } } }",
        token, id=consent,
    )  # fmt: skip
    assert done.json()["data"]["consentWithdraw"] == {"heldRows": 2, "userErrors": []}


def discloses(house: House) -> None:
    """Produce what is held back; the file stays on the operator's desk."""
    told = house.directory / "desk" / "held.jsonl"
    house.does(
        "legal-hold", "disclose", house.hold, "--as", house.officer, "--to", "court", "--out", str(told)
    )
    assert Search(house.canaries).found(told.read_bytes()), "whoever may ask for it by law gets it"


def imports(house: House) -> None:
    """Bring customers in, one of them with an address that is none; the file of errors stays on the operator's desk."""
    canary, desk = house.canaries, house.directory / "desk"
    (desk / "map.toml").write_text(MAP)
    (desk / "notice.md").write_text("We keep what you tell us to help you.")
    rows = [
        f"1,{canary.name()},{canary.name()},{canary.email()},{canary.phone()},{canary.name()}",
        f"2,{canary.name()},{canary.name()},{canary.word()} at home,{canary.phone()},{canary.name()}",
    ]
    (desk / "rows.csv").write_text("\n".join(["id,given,family,email,phone,street", *rows]) + "\n")
    house.does(
        "import", "customers", str(desk / "rows.csv"), "--map", str(desk / "map.toml"), "--errors", str(desk / "errors.csv"),
        "--consent-notice", str(desk / "notice.md"), "--consent-evidence", "form 12",
        "--notice-version", "2", expecting=Exit.FAILED,
    )  # fmt: skip
    assert Search(canary).found((desk / "errors.csv").read_bytes()), "the operator gets the row back"


def keeps_house(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """What an operator does with keys and ledger while the server runs."""
    house.does("ledger", "export", str(house.directory / "ledger.jsonl"))
    house.does("vault", "rotate")
    house.does("vault", "rotate", "--indexes")
    capsys.readouterr()
    house.does("vault", "recovery", "--new-key", str(house.directory / "offline.key"))
    public = capsys.readouterr().out.strip()
    house.does("vault", "recovery", "--to", public, "--out", str(house.directory / "keys.copy"))
    house.does("ledger", "verify")


def backs_up(house: House, *urls: str) -> None:
    """Copies of databases, as the operators' page has them; on a server also in plain, for there long texts lie compressed."""
    for number, url in enumerate(urls):
        target = house.directory / f"backup-{number}"
        if house.written:
            program = postgres._installed() / "pg_dump"
            for form in ("custom", "plain") if number else ("plain",):
                subprocess.run(
                    [program, f"--format={form}", "--file", target.with_suffix(f".{form}"), url], check=True
                )
        else:
            with sqlite3.connect(sqlite_path(url)) as connection:
                connection.execute("VACUUM INTO ?", (str(target),))
            connection.close()


async def settle(house: House) -> None:
    """Let PostgreSQL write down what it only remembers so far."""
    async with opened_sealed(house.addresses):
        if dialect() == "postgres":
            await sql("CHECKPOINT")


async def speak_up(house: House) -> None:
    """Let PostgreSQL say what it says when nobody tells it to be quiet, as the tests otherwise do."""
    async with opened(house.addresses):
        if dialect() == "postgres":
            name = house.addresses.database.partition("?")[0].rpartition("/")[2]
            await sql(f'ALTER DATABASE "{name}" SET log_min_messages = warning')
