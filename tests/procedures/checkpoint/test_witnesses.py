"""Checkpoints reach people by mail and partners by HTTPS, or a code tells why not."""

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from models.event import Event
from models.ledger import Checkpoint
from policies.actor import utc_now
from procedures import current as places
from procedures.checkpoint import Delivery, witnesses
from procedures.checkpoint import checkpoint as checkpoints
from procedures.checkpoint.witnesses import WitnessInvalid
from procedures.sending import SMTP
from tests import ledger
from tests.authority import Authority
from tests.endpoint import endpoint
from tests.installation import at_work
from tests.mailbox import Mailbox, mailbox
from tests.procedures.checkpoint.test_checkpoint import grown, write
from tests.procedures.records import Clock
from vault import checkpoint, vault

TO = "keeper@partner.example"


@pytest.fixture
async def sqlite_place(sqlite_url: str) -> AsyncIterator[None]:
    """An installation on an embedded database."""
    async with at_work(sqlite_url):
        yield


def mailing(box: Mailbox) -> None:
    """Name somebody whom checkpoints are mailed to."""
    server = SMTP("127.0.0.1", box.port, "crm@shop.example")
    places.installation().addresses = replace(places.addresses(), smtp=server, witness_mails=(TO,))


def posting(url: str) -> None:
    """Name an endpoint."""
    places.installation().addresses = replace(places.addresses(), witness_urls=(url,))


def files(mail: EmailMessage) -> dict[str, str]:
    """What is attached to a mail."""
    found = {}
    for part in mail.iter_attachments():
        raw = part.get_payload(decode=True)
        assert isinstance(raw, bytes)
        found[str(part.get_filename())] = raw.decode()
    return found


async def signed(clock: Clock) -> Checkpoint:
    """Let the ledger grow, sign it and hand it over."""
    await write()
    made = await checkpoints.issue(clock=clock)
    assert made is not None
    await checkpoints.deliver()
    return made


async def test_a_mail_holds_the_note_byte_for_byte_and_the_key(database: str):
    async with mailbox() as box:
        mailing(box)
        made = await grown()
        await checkpoints.deliver()

    (mail,), public = box.mails, vault.current().provider.public("signing-1")
    assert box.recipients == [TO]
    assert files(mail) == {f"checkpoint-{made.size}.txt": made.note, "signing.pub": f"{public.hex()}\n"}
    assert checkpoint.verified(files(mail)[f"checkpoint-{made.size}.txt"], public).size == made.size


async def test_one_mail_an_hour_holds_all_of_that_hour(database: str):
    clock = Clock(utc_now())
    async with mailbox() as box:
        mailing(box)
        await signed(clock)
        sizes = []
        for _ in range(3):
            clock.pass_by(timedelta(minutes=20))
            sizes.append((await signed(clock)).size)

    assert len(box.mails) == 2
    assert sorted(files(box.mails[1])) == [*(f"checkpoint-{size}.txt" for size in sizes), "signing.pub"]


async def test_who_asks_for_a_checkpoint_has_it_mailed_at_once(database: str):
    async with mailbox() as box:
        mailing(box)
        for _ in range(2):
            await grown()
            await checkpoints.deliver(hurry=True)

    assert len(box.mails) == 2


async def test_a_refused_mail_is_recorded_and_sent_later(database: str):
    async with mailbox() as box:
        mailing(box)
        box.answers["RCPT"] = f"550 {TO} is unknown"
        await grown()
        assert (await checkpoints.deliver())[1] == Delivery("mail", 1, "MAIL_REFUSED")
        await checkpoints.deliver()
        box.answers.clear()
        await checkpoints.deliver()

    assert len(box.mails) == 1
    assert await ledger.data(Event.CHECKPOINT_UNDELIVERED) == [{"witness": "mail", "code": "MAIL_REFUSED"}]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """One that nobody trusts yet."""
    return Authority(tmp_path)


async def test_an_endpoint_that_is_trusted_gets_the_note(
    database: str, authority: Authority, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    made = await grown()
    with endpoint(authority.certified(), authority.key) as partner:
        posting(partner.address)
        await checkpoints.deliver()

    assert partner.notes == [made.note]


@pytest.mark.parametrize("name", ["localhost", "another.example"])
async def test_an_endpoint_that_is_not_trusted_gets_nothing(
    database: str, authority: Authority, monkeypatch: pytest.MonkeyPatch, name: str
):
    if name != "localhost":
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    await grown()
    with endpoint(authority.certified(name), authority.key) as partner:
        posting(partner.address)
        (_, told) = await checkpoints.deliver()

    assert told.code == "HTTPS_UNTRUSTED"
    assert partner.asked == 0


@pytest.mark.parametrize("status", [302, 307, 400, 404, 500])
async def test_an_endpoint_that_does_not_say_yes_has_said_no(sqlite_place: None, status: int):
    with endpoint() as partner:
        partner.status = status
        posting(partner.address)
        await grown()
        (_, told) = await checkpoints.deliver()

    assert (told.code, partner.asked) == ("HTTPS_REFUSED", 1)


async def test_an_endpoint_that_is_not_there_is_told(sqlite_place: None):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    posting(f"http://127.0.0.1:{port}/keep")
    await grown()

    assert (await checkpoints.deliver())[1].code == "HTTPS_UNREACHABLE"


async def test_an_endpoint_that_says_nothing_keeps_nobody_waiting(
    sqlite_place: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(witnesses, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        posting(f"http://127.0.0.1:{silent.getsockname()[1]}/keep")
        await grown()
        directory, told = await checkpoints.deliver()

    assert (directory.code, told.code) == (None, "HTTPS_UNREACHABLE")


async def test_no_address_is_logged(sqlite_place: None, caplog: pytest.LogCaptureFixture):
    caplog.set_level("INFO")
    with endpoint() as partner:
        posting(f"{partner.address}?token=hidden")
        await grown()
        await checkpoints.deliver()
        partner.status = 500
        await grown()
        await checkpoints.deliver()

    assert "CHECKPOINT_UNDELIVERED witness=https code=HTTPS_REFUSED" in caplog.text
    assert "hidden" not in caplog.text


@pytest.mark.parametrize(
    "text", ["https://partner.example/keep?token=x", "https://partner.example:8443/", "http://127.0.0.1:9/x", "http://[::1]:9/"]
)  # fmt: skip
def test_an_endpoint_has_an_address_that_can_be_trusted(text: str):
    assert witnesses.url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "http://partner.example/hidden",
        "http://localhost/hidden",
        "ftp://partner.example/hidden",
        "https://",
        "partner.example/hidden",
        "https://user:hidden@partner.example/",
        "https://partner.example/#hidden",
        "https://[hidden",
        "",
    ],
)
def test_another_address_is_refused_and_not_quoted(text: str):
    with pytest.raises(WitnessInvalid) as told:
        witnesses.url(text)
    assert "hidden" not in str(told.value)


def test_whom_checkpoints_are_mailed_to_needs_a_server_and_an_address():
    server = SMTP("127.0.0.1", 25, "crm@shop.example")
    assert witnesses.mail_address(TO, server) == TO
    with pytest.raises(WitnessInvalid, match="--smtp"):
        witnesses.mail_address(TO, None)
    with pytest.raises(WitnessInvalid, match="--witness-mail"):
        witnesses.mail_address("keeper", server)
