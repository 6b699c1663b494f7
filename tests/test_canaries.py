"""Nothing that an installation writes, to whatever file, log or answer, holds a value that is not its reader's to see."""

import gzip
import hashlib
import json
import pickle
import secrets
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from email.header import Header
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from models import folded
from tests import canary_failures, canary_house
from tests.campaigns import Campaign
from tests.canaries import Canaries, Search, among
from tests.canary_house import AGENT, House
from tests.served import Served


def _mailed(text: str, encoding: str) -> bytes:
    """A mail that holds a text a long way down a line."""
    mail = EmailMessage()
    mail.set_content(f"{'before' * 11} {text} behind", cte=encoding)
    return mail.as_bytes()


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
    "quoted-printable": lambda text: _mailed(text, "quoted-printable"),
    "base64, line by line": lambda text: _mailed(text, "base64"),
    "a header of a mail": lambda text: f"Subject: {Header(text, 'utf-8').encode()}".encode(),
    "a pickle": lambda text: pickle.dumps({"value": text}),
    "SHA-256 in base64": lambda text: b64encode(hashlib.sha256(text.encode()).digest()),
    "SHA-256": lambda text: hashlib.sha256(text.encode()).digest(),
    "SHA-256 in hex": lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
    "SHA-256, cut off": lambda text: hashlib.sha256(text.encode()).digest()[:16],
    "SHA-1": lambda text: hashlib.sha1(text.encode(), usedforsecurity=False).digest(),
    "MD5 in capitals": lambda text: (
        hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper().encode()
    ),
    "SHA-256 of the folded": lambda text: hashlib.sha256(folded(text).encode()).digest(),
}


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """An empty installation, everything it writes below one directory or in a server of its own kind."""
    yield from canary_house.empty(request, tmp_path, monkeypatch)


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
    house: House, capsys: pytest.CaptureFixture[str], campaign: Campaign
) -> None:
    await canary_house.speak_up(house)
    await house.fill()
    with house.serving() as server:
        token = house.signed_in(server, AGENT)
        everything = canary_house.looks_up(house, server, token)
        wrong = canary_house.asks_wrongly(house, server, token)
        canary_house.says(house, server, token)
        canary_house.withdraws(house, server)
        canary_house.discloses(house)
        canary_house.imports(house)
        canary_house.keeps_house(house, capsys)
        await canary_house.settle(house)
        while_it_ran = house.finds()
    canary_house.backs_up(house, house.addresses.keys, house.addresses.database)
    await canary_house.settle(house)

    campaign.tried(len(house.canaries.values), "canaries looked for in all that a house writes")
    assert all(value in everything for value in house.canaries.values[:8])
    assert while_it_ran == {}
    assert house.finds() == {}
    search, printed = Search(house.canaries), capsys.readouterr()
    assert among([server.log, printed.out, printed.err], search) == set()
    assert [each.text for each in wrong if among([each.text, str(each.headers)], search)] == []
    assert len({each.status_code for each in wrong}) > 5


async def told_nothing(house: House, server: Served, answers: Sequence[httpx.Response]) -> None:
    """Make sure that no canary is in what a server said, in these answers, or in any file."""
    await canary_house.settle(house)
    told = [f"{each.text} {each.headers}" for each in answers]
    assert among([server.log, *told], Search(house.canaries)) == set()
    assert house.finds() == {}


@pytest.mark.parametrize(
    "failure",
    [
        canary_failures.rows_do_not_open,
        # A server of PostgreSQL notes the statement that failed.
        pytest.param(canary_failures.a_table_is_gone, marks=pytest.mark.every_database),
        canary_failures.the_ledger_is_full,
    ],
    ids=lambda failure: failure.__name__,
)
async def test_nothing_of_a_request_is_told_when_the_house_fails(
    house: House, failure: canary_failures.Failure
) -> None:
    await canary_house.speak_up(house)
    await house.fill()
    with house.serving("--debug") as server:
        token = house.signed_in(server, AGENT)
        statuses, said = await failure(house)
        answers = canary_failures.asks(house, server, token)
        server.hears(said)

    assert [each.status_code for each in answers] == statuses
    await told_nothing(house, server, answers)


async def test_nothing_of_a_request_is_told_while_the_vault_is_sealed(house: House) -> None:
    await house.fill()
    with house.serving() as server:
        token = house.signed_in(server, AGENT)
    Path(house.addresses.provider.removeprefix("file:")).rename(house.directory / "elsewhere")

    with house.serving("--debug") as server:
        answers = canary_failures.asks(house, server, token)
        server.hears("VAULT_SEALED PROVIDER_MISSING")

    assert [each.status_code for each in answers] == [503, 503, 200]
    await told_nothing(house, server, answers)
