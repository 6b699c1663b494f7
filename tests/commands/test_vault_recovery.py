"""`savas vault recovery`, as an operator uses it before and after a loss."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

import models
from commands.__main__ import main
from commands.exits import Exit
from models.database import sqlite_path
from procedures.current import Addresses
from procedures.installation import opened
from tests import installation, softhsm
from tests.people import Office


class Operator:
    """An installation with one customer, and what was printed last."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str], provider: str | None = None) -> None:
        where = installation.place(url)
        self.addresses = Addresses(where.database, where.keys, provider or where.provider, where.witness)
        self.url, self.capsys, self.printed = url, capsys, ""
        self.directory = sqlite_path(url).parent
        self.inside(lambda: Office().customer([("contact_point", "support")]))

    @property
    def provider(self) -> Path:
        """The file of keys."""
        return self.directory / "provider.json"

    def does(self, *words: str) -> int:
        """Run `savas vault …`."""
        place = ["--keys", self.addresses.keys, "--provider", self.addresses.provider]
        where = ["--data", str(self.directory), "--database", self.url]
        code = main([*place, "--witness", str(self.addresses.witness), "vault", *words, *where])
        said = self.capsys.readouterr()
        self.printed = said.out + said.err
        return code

    def key(self) -> str:
        """Make an offline key; gives its public text."""
        assert self.does("recovery", "--new-key", str(self.directory / "offline")) == Exit.OK
        return self.printed.strip()

    def copies(self, name: str = "copy") -> int:
        """Make a recovery copy for a new offline key."""
        return self.does("recovery", "--to", self.key(), "--out", str(self.directory / name))

    def restores(self, *, key: str = "offline") -> int:
        """Make the file of keys anew from the copy."""
        copy = str(self.directory / "copy")
        return self.does("recovery", "--restore", copy, "--key", str(self.directory / key))

    def reads(self) -> str:
        """The customer's one personal value."""

        async def read() -> str:
            content = await models.opened(await models.ContactPoint.get())
            return str(content.value)

        return str(self.inside(read))

    def inside(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do something with the installation open."""

        async def openly() -> Any:
            async with opened(self.addresses):
                return await work()

        return asyncio.run(openly())


@pytest.fixture
def operator(sqlite_url: str, capsys) -> Operator:
    return Operator(sqlite_url, capsys)


def test_a_lost_file_of_keys_comes_back_from_a_copy(operator):
    assert operator.copies() == Exit.OK
    assert "epoch 1" in operator.printed
    operator.provider.unlink()
    assert operator.does("status") == Exit.REFUSED

    assert operator.restores() == Exit.OK

    assert operator.does("status") == Exit.OK
    assert operator.provider.stat().st_mode & 0o777 == 0o600
    assert operator.reads() == "jone@example.org"


def test_a_new_key_is_one_line_that_can_be_copied(operator):
    assert re.fullmatch(r"savas-recovery-1-[A-Z2-7]{58}", operator.key())


def test_a_copy_and_an_offline_key_are_their_owners_alone(operator):
    operator.copies()

    for name in ("copy", "offline"):
        assert (operator.directory / name).stat().st_mode & 0o777 == 0o600


def test_neither_a_key_nor_a_copy_replaces_another(operator):
    operator.copies()
    before = {name: (operator.directory / name).read_bytes() for name in ("copy", "offline")}

    assert operator.does("recovery", "--new-key", str(operator.directory / "offline")) != Exit.OK
    assert "PROVIDER_EXISTS" in operator.printed
    (operator.directory / "offline").rename(operator.directory / "first")
    assert operator.copies() == Exit.USAGE
    assert "already" in operator.printed

    assert (operator.directory / "copy").read_bytes() == before["copy"]
    assert (operator.directory / "first").read_bytes() == before["offline"]


def test_a_copy_from_before_a_rotation_is_void(operator):
    operator.copies()
    assert operator.does("rotate") == Exit.OK
    operator.does("status")
    assert "void" in operator.printed
    operator.provider.unlink()
    assert operator.restores() == Exit.OK

    assert operator.does("status") == Exit.REFUSED

    assert "EPOCH_DESTROYED" in operator.printed


def test_status_tells_of_which_epoch_the_copy_is(operator):
    operator.does("status")
    assert re.search(r"recovery copy +none", operator.printed)
    operator.copies()

    operator.does("status")

    assert re.search(r"recovery copy +of epoch 1", operator.printed)


def test_keys_that_are_there_are_not_replaced_by_a_copy(operator):
    operator.copies()
    before = operator.provider.read_bytes()

    assert operator.restores() != Exit.OK

    assert "already" in operator.printed
    assert operator.provider.read_bytes() == before


def test_a_copy_opens_with_its_own_key_only(operator):
    operator.copies()
    operator.does("recovery", "--new-key", str(operator.directory / "other"))
    operator.provider.unlink()

    assert operator.restores(key="other") != Exit.OK

    assert "does not open" in operator.printed
    assert not operator.provider.exists()


def test_a_public_text_with_a_slip_of_the_pen_makes_no_copy(operator):
    public = operator.key()
    wrong = public[:-3] + ("AAA" if not public.endswith("AAA") else "BBB")

    assert operator.does("recovery", "--to", wrong, "--out", str(operator.directory / "copy")) != Exit.OK

    assert not (operator.directory / "copy").exists()


def test_a_sealed_vault_makes_no_copy(operator):
    public = operator.key()
    operator.provider.chmod(0o644)

    assert operator.does("recovery", "--to", public, "--out", str(operator.directory / "copy")) != Exit.OK

    assert not (operator.directory / "copy").exists()


def test_a_copy_that_is_not_there_is_a_wrong_use(operator):
    operator.key()

    assert operator.restores() == Exit.USAGE


@pytest.mark.parametrize("words", [[], ["--to", "x"], ["--out", "x"], ["--restore", "x"], ["--key", "x"]])
def test_what_is_half_said_is_a_wrong_use(operator, words):
    assert operator.does("recovery", *words) == Exit.USAGE


def test_keys_on_a_token_are_not_copied(sqlite_url, capsys, tmp_path, monkeypatch):
    operator = Operator(sqlite_url, capsys, softhsm.token(tmp_path, monkeypatch))

    assert operator.copies() != Exit.OK

    assert "do not leave it" in operator.printed
    assert not (operator.directory / "copy").exists()
