"""Nothing that the house writes, to whatever file, log or answer, holds a value that is not its reader's to see."""

import gzip
import hashlib
import json
import secrets
import sqlite3
import subprocess
import tempfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

import models
from commands.__main__ import main
from commands.exits import Exit
from models import Category, Role
from models.database import dialect, sqlite_path, sqlite_url
from models.fields import folded
from policies.asker import utc_now
from procedures import user
from procedures.opening import opened
from procedures.place import Place
from tests import postgres
from tests.canaries import Canaries, Search, among, pages
from tests.people import Office
from tests.procedures.ledgers import sql
from tests.served import Served, served

NEEDED = [("identity", "support"), ("personal_code", "verification"), ("contact", "support"), ("address", "delivery"),
          ("preference", "marketing"), ("interaction", "support"), ("order", "support")]  # fmt: skip
PURPOSES = "support, verification, delivery, marketing"
AGENT = "ruta@savas.example"
SIGN_IN = "mutation ($login: String!, $password: String!) { signIn(input: {login: $login, password: $password}) { token } }"
EVERYTHING = """nodes { number identity { givenName familyName companyName } personalCodes { code } contactPoints { value }
    postalAddresses { street city region postalCode } preferences { topic } interactions { subject body }
    orders { number total billingAddress lines { product } } }"""
FIND = f"query ($filter: CustomerFilter) {{ customers(filter: $filter) {{ {EVERYTHING} }} }}"
MAP = """
[customers.columns]
id = "key"
given = "identity.givenName"
family = "identity.familyName"
email = "contact.EMAIL"
phone = "contact.PHONE"
street = "address.HOME.street"
"""

#: Encoders of their own, so that the search is not measured by itself.
FORMS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": str.encode,
    "UTF-16 LE": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: text.encode("utf-16-be"),
    "base64": lambda text: b64encode(text.encode()),
    "base64, one byte on": lambda text: b64encode(b"x" + text.encode()),
    "base64, two bytes on": lambda text: b64encode(b"xx" + text.encode() + b"tail"),
    "hex": lambda text: text.encode().hex().encode(),
    "hex in capitals": lambda text: text.encode().hex().upper().encode(),
    "reversed": lambda text: text[::-1].encode(),
    "bytes reversed": lambda text: text.encode()[::-1],
    "gzip": lambda text: gzip.compress(b"before" * 500 + text.encode()),
    "zlib": lambda text: zlib.compress(secrets.token_bytes(9000) + text.encode(), 9),
    "zlib, cut off": lambda text: zlib.compress(text.encode() + secrets.token_bytes(9000))[:6000],
    "JSON": lambda text: json.dumps({"value": text}).encode(),
    "JSON in gzip": lambda text: gzip.compress(json.dumps([text]).encode()),
    "URL": lambda text: quote(text).encode(),
    "folded": lambda text: folded(text).encode(),
    "capitals": lambda text: text.upper().encode(),
    "repr": lambda text: repr(text.encode()).encode(),
    "SHA-256": lambda text: hashlib.sha256(text.encode()).digest(),
    "SHA-256 in hex": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
    "SHA-256, cut off": lambda text: hashlib.sha256(text.encode()).digest()[:16],
    "SHA-1": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).digest(),
    "MD5 in capitals": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper().encode(),
    "SHA-256 of the folded": lambda text: hashlib.sha256(folded(text).encode()).digest(),
}


@dataclass
class House:
    """An installation that is filled with canaries, and what was said on its terminal."""

    place: Place
    directory: Path
    written: list[Path]
    canaries: Canaries = field(default_factory=Canaries)
    rows: list[dict[Category, dict[str, Any]]] = field(default_factory=list)
    phone: str = ""
    passwords: dict[str, str] = field(default_factory=dict)
    known: frozenset[int] = frozenset()
    said: str = ""

    @property
    def before(self) -> list[str]:
        """What stands before a command."""
        place = self.place
        return ["--keys", place.keys, "--provider", place.provider, "--witness", str(place.witness)]

    @property
    def options(self) -> list[str]:
        """What stands behind a command."""
        return ["--data", str(self.directory / "data"), "--database", self.place.database]

    async def fill(self) -> None:
        """Two customers with rows of every category, an agent with tasks for both, and passwords."""
        async with opened(self.place):
            office = Office(now=utc_now())
            for number in ("C-1", "C-2"):
                customer = await office.customer(number=number)
                self.rows.append(contents := self.canaries.contents())
                for category, purpose in NEEDED:
                    consent = await office.consent(customer, category, purpose)
                    await office.row(customer, consent, **contents[Category(category)])
                    if category == "contact":
                        self.phone = self.canaries.phone()
                        content = models.ContactContent(self.phone)
                        await office.row(customer, consent, kind="PHONE", content=content, value_index=self.phone)
            await self._signing_in(office)

    async def _signing_in(self, office: Office) -> None:
        self.passwords = {login: self.canaries.name() for login in (AGENT, "C-1")}
        await user.add_employee(AGENT, "Rūta", [Role.AGENT], self.passwords[AGENT], None)
        await user.add_customer_login("C-1", self.passwords["C-1"])
        actor = await models.Actor.get(login=AGENT)
        for customer in await models.Customer.all():
            for purpose in PURPOSES.split(", "):
                await models.Task.create(
                    customer_id=customer.id, purpose=purpose, assignee_id=actor.id, opened_at=office.now
                )

    def serving(self, *before: str) -> Any:
        """A server on it."""
        return served(*self.options, before=[*before, *self.before])

    def signed_in(self, server: Served, login: str) -> str:
        """A token."""
        return server.signs_in(login, self.passwords[login])

    def does(self, *words: str, expecting: Exit = Exit.OK) -> None:
        """Run a command; a thread of its own, because the test is in an event loop."""
        with ThreadPoolExecutor(1) as thread:
            code = thread.submit(main, [*self.before, *words, *self.options]).result(timeout=120)
        assert code == expecting

    def finds(self) -> dict[str, set[str]]:
        """By file that the house wrote, the forms in which canaries are in it."""
        mine = [path for path in self.directory.iterdir() if path.name != "desk"]
        return Search(self.canaries).found_in([*mine, *self.written], self.known)


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """An empty installation, everything it writes below one directory or in a server of its own kind."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "desk").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    url: str = request.getfixturevalue(f"{request.param}_url")
    provider, witness = f"file:{tmp_path / 'provider.json'}", tmp_path / "witness"
    if request.param == "sqlite":
        yield House(Place(url, sqlite_url(tmp_path / "keys.sqlite3"), provider, witness), tmp_path, [])
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    keys = server.create(name := f"keys_{secrets.token_hex(8)}")
    yield House(
        Place(url, keys, provider, witness), tmp_path, server.written, known=pages(server.written)
    )
    server.drop(name)


def looks_up(house: House, server: Served, token: str) -> str:
    """Ask for everybody, and by each thing that finds somebody, in a variable and in the document."""
    found = [server.asks(f"{{ customers {{ {EVERYTHING} }} }}", token, PURPOSES).text]
    identity, contact = house.rows[1][Category.IDENTITY], house.rows[1][Category.CONTACT]
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
        assert [[node["number"] for node in each.json()["data"]["customers"]["nodes"]] for each in answers] == [["C-2"]] * 2
    return found[0]


def asks_wrongly(house: House, server: Served, token: str) -> list[httpx.Response]:
    """Requests with canaries in them that nobody can answer."""
    name, word = house.canaries.name(), house.canaries.word()
    documents = [
        f'{{ customers(filter: {{email: "{name}", shoe: "{word}"}}) {{ nodes {{ id }} }} }}',
        f'{{ customer(id: "{name}") {{ id }} }}',
        f'{{ customer(id: {house.canaries.digits}1.5) {{ id }} }}',
        f'{{ customers {{ nodes {{ id }} }} }} "{name}',
        f'{{ customers(after: "{name}") {{ nodes {{ id }} }} }}',
        f'{{ customers(filter: {{status: {word}}}) {{ nodes {{ id }} }} }}',
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
    headers = [("Accept", word), ("Content-Type", f"text/{word}"), ("X-Forwarded-For", word), ("Cookie", word)]
    answers += [server.posts({"query": "{", "variables": {name: word}}, [header]) for header in headers]
    with httpx.Client(trust_env=False) as client:
        answers.append(client.get(f"{server.address}/{word}", params={"query": name}))
    return answers


def withdraws(house: House, server: Served) -> None:
    """The customer takes back the consent to the contact points."""
    token = house.signed_in(server, "C-1")
    asked = server.asks("{ me { ... on Customer { consents { id category } } } }", token).json()
    (consent,) = [each["id"] for each in asked["data"]["me"]["consents"] if each["category"] == "CONTACT"]
    done = server.asks(
        "mutation ($id: ID!) { consentWithdraw(input: {consentId: $id}) { erasedRows userErrors { code } } }",
        token, id=consent,
    )  # fmt: skip
    assert done.json()["data"]["consentWithdraw"] == {"erasedRows": 2, "userErrors": []}


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


def backs_up(house: House) -> None:
    """Copies of both databases, as the operators' page has them."""
    for name, url in (("backup", house.place.database), ("backup-keys", house.place.keys)):
        target = house.directory / name
        if house.written:
            program = postgres._installed() / "pg_dump"
            subprocess.run([program, "--format=custom", "--file", target, url], check=True)
        else:
            with sqlite3.connect(sqlite_path(url)) as connection:
                connection.execute("VACUUM INTO ?", (str(target),))
            connection.close()


async def settle(house: House) -> None:
    """Let PostgreSQL write down what it only remembers so far."""
    async with opened(house.place):
        if dialect() == "postgres":
            await sql("CHECKPOINT")


async def speak_up(house: House) -> None:
    """Let PostgreSQL say what it says when nobody tells it to be quiet, as the tests otherwise do."""
    async with opened(house.place):
        if dialect() == "postgres":
            name = house.place.database.partition("?")[0].rpartition("/")[2]
            await sql(f'ALTER DATABASE "{name}" SET log_min_messages = warning')


@pytest.mark.parametrize("form", FORMS)
def test_the_search_finds_a_canary_in_every_form(form: str, tmp_path: Path) -> None:
    canaries = Canaries()
    values = [canaries.name(), canaries.word(), canaries.email(), canaries.phone()]
    for value in values:
        file = tmp_path / "file"
        file.write_bytes(secrets.token_bytes(10_000) + FORMS[form](value) + secrets.token_bytes(10_000))
        assert Search(canaries).found_in([tmp_path]), value


def test_the_search_finds_nothing_in_what_holds_no_canary() -> None:
    canaries = Canaries()
    canaries.contents()
    other = Canaries()
    other.contents()

    assert Search(canaries).found("\n".join(other.values).encode() + secrets.token_bytes(1 << 20)) == set()


async def test_nothing_that_was_written_holds_a_canary(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await speak_up(house)
    await house.fill()
    with house.serving() as server:
        token = house.signed_in(server, AGENT)
        everything = looks_up(house, server, token)
        wrong = asks_wrongly(house, server, token)
        withdraws(house, server)
        imports(house)
        keeps_house(house, capsys)
        await settle(house)
        while_it_ran = house.finds()
    backs_up(house)
    await settle(house)

    assert all(value in everything for value in house.canaries.values[:8])
    assert while_it_ran == {}
    assert house.finds() == {}
    search, printed = Search(house.canaries), capsys.readouterr()
    assert among([server.log, printed.out, printed.err], search) == set()
    assert [each.text for each in wrong if among([each.text, str(each.headers)], search)] == []
    assert len({each.status_code for each in wrong}) > 5
