"""Mails go out as they were written, to a server that is what it says, or a code tells why not."""

import socket
from pathlib import Path
from typing import Any

import pytest

from procedures.sending.smtp import SMTP, Mail, MailError, send, valid_address
from tests.authority import Authority
from tests.mailbox import mailbox

SECRET = "correct horse battery"
NOTE = "savas/1f\n12\n— savas/1f AAAA\n"
MAIL = Mail("witness@partner.example", "A checkpoint", "Keep this — for later.\n", {"checkpoint.txt": NOTE})


def failing(code: str):
    return pytest.raises(MailError, check=lambda error: error.code == code)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """One that the system trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
    return made


@pytest.fixture
def password(tmp_path: Path) -> Path:
    """The file of the password."""
    file = tmp_path / "password"
    file.touch(0o600)
    file.write_text(f"{SECRET}\n")
    return file


async def test_a_mail_arrives_as_it_was_written():
    async with mailbox() as box:
        await send(SMTP("127.0.0.1", box.port, "crm@shop.example"), MAIL)

    (mail,) = box.mails
    assert (mail["From"], mail["To"], mail["Subject"]) == ("crm@shop.example", MAIL.to, MAIL.subject)
    body = mail.get_body()
    assert body is not None
    assert body.get_content().splitlines() == MAIL.text.splitlines()
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("checkpoint.txt", NOTE.encode())
    assert mail["Message-ID"].endswith("@shop.example>")


async def test_a_mail_sent_twice_is_known_as_the_same():
    async with mailbox() as box:
        for _ in range(2):
            await send(SMTP("127.0.0.1", box.port, "crm@shop.example"), Mail(MAIL.to, "a", "b", id="c-12"))

    assert [mail["Message-ID"] for mail in box.mails] == ["<c-12@shop.example>"] * 2


async def test_who_signs_in_does_so_by_starttls(authority: Authority, password: Path):
    async with mailbox(("crm", SECRET), tls_context=authority.server(), require_starttls=True) as box:
        smtp = SMTP.parse(f"smtp://crm@localhost:{box.port}?from=crm@shop.example&password-file={password}")
        await send(smtp, MAIL)

    assert (box.secure, box.recipients) == ([True], [MAIL.to])


async def test_tls_may_come_first(authority: Authority, password: Path):
    async with mailbox(("crm", SECRET), ssl=authority.server(), auth_require_tls=False) as box:
        smtp = SMTP.parse(f"smtps://crm@localhost:{box.port}?from=crm@shop.example&password-file={password}")
        await send(smtp, MAIL)

    assert len(box.mails) == 1


async def test_a_wrong_password_is_refused_and_not_told(authority: Authority, password: Path):
    async with mailbox(("crm", "another"), tls_context=authority.server()) as box:
        smtp = SMTP("localhost", box.port, "crm@shop.example", "crm", password)
        with failing("MAIL_LOGIN_REFUSED") as told:
            await send(smtp, MAIL)

    assert SECRET not in str(told.value)
    assert not box.mails


async def test_a_server_without_starttls_is_not_trusted(authority: Authority):
    async with mailbox() as box:
        with failing("MAIL_UNTRUSTED"):
            await send(SMTP("localhost", box.port, "crm@shop.example"), MAIL)

    assert not box.mails


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("name", ["localhost", "another.example"])
async def test_a_certificate_of_somebody_else_is_not_trusted(
    tmp_path: Path, authority: Authority, name: str, tls: bool
):
    (tmp_path / "unknown").mkdir()
    signer = Authority(tmp_path / "unknown") if name == "localhost" else authority
    options: dict[str, Any] = {"ssl" if tls else "tls_context": signer.server(name)}
    async with mailbox(**options) as box:
        with failing("MAIL_UNTRUSTED"):
            await send(SMTP("localhost", box.port, "crm@shop.example", tls=tls), MAIL)

    assert not box.mails


@pytest.mark.parametrize(
    ("command", "answer", "code", "final"),
    [
        ("RCPT", "550 who is witness@partner.example?", "MAIL_REFUSED", True),
        ("RCPT", "450 later", "MAIL_DELAYED", False),
        ("DATA", "554 no", "MAIL_REFUSED", True),
        ("DATA", "451 later", "MAIL_DELAYED", False),
    ],
)
async def test_what_the_server_will_not_take_is_told_without_its_words(
    command: str, answer: str, code: str, final: bool
):
    async with mailbox() as box:
        box.answers[command] = answer
        with failing(code) as told:
            await send(SMTP("127.0.0.1", box.port, "crm@shop.example"), MAIL)

    assert told.value.final is final
    assert "witness" not in str(told.value)
    assert told.value.__cause__ is None


async def test_nobody_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with failing("MAIL_UNREACHABLE"):
        await send(SMTP("127.0.0.1", port, "crm@shop.example"), MAIL)


async def test_a_server_that_says_nothing_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("procedures.sending.smtp.PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent, failing("MAIL_UNREACHABLE"):
        await send(SMTP("127.0.0.1", silent.getsockname()[1], "crm@shop.example"), MAIL)


async def test_a_password_that_others_can_read_is_not_used(password: Path):
    password.chmod(0o640)
    with failing("MAIL_PASSWORD_UNUSABLE"):
        await send(SMTP("127.0.0.1", 9, "crm@shop.example", "crm", password), MAIL)


@pytest.mark.parametrize(
    "mail",
    [
        Mail("witness@partner.example\r\nBcc: thief@example.org", "a", "b"),
        Mail("witness@partner.example", "a\r\nBcc: thief@example.org", "b"),
        Mail("nobody", "a", "b"),
        Mail("a@partner.example, b@partner.example", "a", "b"),
    ],
)
async def test_nothing_can_be_slipped_into_the_head_of_a_mail(mail: Mail):
    with failing("MAIL_MALFORMED"):
        await send(SMTP("127.0.0.1", 9, "crm@shop.example"), mail)


def test_an_address_is_taken_apart():
    found = SMTP.parse("smtps://crm%40mail.example@mail.example?password-file=/etc/savas/smtp")

    assert (found.host, found.port, found.tls) == ("mail.example", 465, True)
    assert (found.user, found.sender) == ("crm@mail.example", "crm@mail.example")
    assert found.password_file == Path("/etc/savas/smtp")
    assert SMTP.parse("smtp://mail.example?from=crm@shop.example").port == 587


@pytest.mark.parametrize(
    "address",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://crm:hidden@mail.example?password-file=/x&from=crm@shop.example",
        "smtp://crm@mail.example?from=crm@shop.example",
        "smtp://mail.example?password-file=/x&from=crm@shop.example",
        "smtp://mail.example?from=nobody",
        "smtp://mail.example?from=crm@shop.example&verify=no",
        "smtp://mail.example:nine?from=crm@shop.example",
        "smtp://mail.example/inbox?from=crm@shop.example",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_and_not_quoted(address: str):
    with failing("SMTP_INVALID") as told:
        SMTP.parse(address)
    assert "hidden" not in str(told.value)


def test_an_address_in_other_letters_is_written_so_that_every_server_takes_it():
    assert valid_address("info@įmonė.example") == "info@xn--mon-mra0j.example"
