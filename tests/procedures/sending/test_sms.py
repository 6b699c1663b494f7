"""Text messages, through a gateway that is a real server on loopback."""

import socket
from pathlib import Path
from uuid import UUID

import pytest

from models.errors import Unfit
from procedures.sending import Gateway, Letter, Undelivered
from tests.procedures.channels import gateway

LETTER = Letter(UUID(int=7), "+37060012345", "Your code", "314159\n")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "sms"
    path.write_text("hush\n")
    path.chmod(0o600)
    return path


async def test_a_gateway_gets_number_and_text_and_the_secret_in_its_header(secret):
    with gateway([202]) as (url, heard):
        await Gateway.parse(url, secret).send(LETTER)

    (one,) = heard
    assert one.body == {"id": str(LETTER.id), "to": "+37060012345", "text": "314159\n"}
    assert one.headers["Authorization"] == "Bearer hush"
    assert one.headers["Idempotency-Key"] == str(LETTER.id)


@pytest.mark.parametrize(("status", "final"), [(400, True), (401, True), (404, True), (302, False), (408, False), (425, False), (429, False), (500, False), (503, False)])  # fmt: skip
async def test_only_what_will_not_pass_is_final(secret, status, final):
    with gateway([status]) as (url, _), pytest.raises(Undelivered) as caught:
        await Gateway.parse(url, secret).send(LETTER)
    assert (caught.value.code, caught.value.final) == ("SMS_REFUSED", final)
    assert "37060012345" not in str(caught.value)


async def test_a_gateway_that_is_gone_is_tried_again(secret):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Undelivered) as caught:
        await Gateway.parse(f"http://127.0.0.1:{port}/", secret).send(LETTER)
    assert (caught.value.code, caught.value.final) == ("SMS_UNREACHABLE", False)


@pytest.mark.parametrize(
    "url", ["http://sms.example/send", "ftp://127.0.0.1/", "sms.example", "file:///etc/passwd"]
)
def test_the_secret_never_travels_in_plain(secret, url):
    with pytest.raises(Unfit) as caught:
        Gateway.parse(url, secret)
    assert caught.value.code == "SMS_INVALID"


async def test_a_secret_that_others_may_read_is_refused_and_tried_again_once_it_is_mended(secret):
    secret.chmod(0o640)
    with gateway([202]) as (url, heard):
        with pytest.raises(Undelivered) as caught:
            await Gateway.parse(url, secret).send(LETTER)
        assert (caught.value.code, caught.value.final, heard) == ("SMS_SECRET_UNUSABLE", False, [])
        secret.chmod(0o600)
        await Gateway.parse(url, secret).send(LETTER)
    assert len(heard) == 1


def test_a_gateway_needs_a_secret():
    with pytest.raises(Unfit):
        Gateway.parse("https://sms.example/send", None)
