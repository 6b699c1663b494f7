"""`savas ledger checkpoint`, and that `savas ledger verify` then finds every attack on what was signed."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models.database import transaction
from models.event import Event
from models.ledger import Checkpoint, append
from procedures.audit import audit
from procedures.installation import opened_sealed
from procedures.ledger import ledger
from tests import installation
from tests.endpoint import endpoint
from tests.procedures.ledgers import free, sql, written
from tests.test_server import options
from vault import checkpoint, merkle, provider

ENTRIES = 13
#: What a new installation has written of itself.
OF_ITSELF = 2


@dataclass
class Desk:
    """A terminal; `printed` is what the last command printed."""

    url: str
    capsys: pytest.CaptureFixture[str]
    printed: str = ""

    def does(self, *words: str, before: tuple[str, ...] = ()) -> int:
        """Run `savas ledger …`."""
        code = main([*installation.words(self.url), *before, "ledger", *words, *options(self.url)])
        said = self.capsys.readouterr()
        self.printed = said.out + said.err
        return code

    def inside(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do something with the database connected."""

        async def connectedly() -> None:
            async with opened_sealed(installation.place(self.url)):
                await work()

        asyncio.run(connectedly())


@pytest.fixture
def desk(database_url: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A ledger of so many entries, nothing of it signed yet."""
    made = Desk(database_url, capsys)

    async def write() -> None:
        for _ in range(ENTRIES - OF_ITSELF):
            await ledger.note(Event.POLICY_LOADED, None, version="0" * 64)

    made.inside(write)
    return made


@pytest.mark.every_database
def test_a_checkpoint_is_signed_and_witnessed(desk: Desk):
    assert desk.does("checkpoint") == Exit.OK
    assert f"The ledger of {ENTRIES} entries was signed at" in desk.printed
    assert "directory  has it" in desk.printed

    assert desk.does("verify") == Exit.OK
    assert f"{ENTRIES} entries read; {ENTRIES} of them are as signed for." in desk.printed
    assert "Signed checkpoints: 1; a witness has 1." in desk.printed
    assert "WARNING" not in desk.printed


def test_a_ledger_that_has_not_grown_keeps_its_checkpoint(desk: Desk):
    desk.does("checkpoint")
    first = desk.printed
    assert desk.does("checkpoint") == Exit.OK
    assert desk.printed == first


def test_a_proof_can_be_had_at_once(desk: Desk):
    desk.does("checkpoint")
    assert desk.does("prove", "3", "--from", "2") == Exit.OK


def test_a_witness_that_lacks_it_is_told(desk: Desk):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/hidden"

    assert desk.does("checkpoint", before=("--witness-url", url)) == Exit.FAILED
    assert "https      lacks 1: HTTPS_UNREACHABLE" in desk.printed
    assert "directory  has it" in desk.printed
    assert "hidden" not in desk.printed


def test_a_witness_by_https_is_told_to_have_it(desk: Desk):
    with endpoint() as partner:
        assert desk.does("checkpoint", before=("--witness-url", partner.address)) == Exit.OK
    assert "https      has it" in desk.printed


def test_a_vault_that_is_sealed_signs_nothing(desk: Desk):
    desk.does("checkpoint")
    Path(installation.place(desk.url).provider.removeprefix("file:")).unlink()

    assert desk.does("checkpoint") == Exit.REFUSED
    assert "SEALED" in desk.printed


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("--witness-url", "http://partner.example/hidden"), "WITNESS_INVALID", Exit.USAGE),
        (("--witness-mail", "keeper@partner.example"), "WITNESS_INVALID", Exit.USAGE),
        (("--smtp", "smtp://crm:hidden@mail.example"), "SMTP_INVALID", Exit.REFUSED),
    ],
)
def test_settings_that_cannot_be_used_are_told_and_not_quoted(
    sqlite_url: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: str, exit_code: Exit
):
    made = Desk(sqlite_url, capsys)

    assert made.does("checkpoint", before=words) == exit_code
    assert code in made.printed
    assert "hidden" not in made.printed


async def _rebuilt(entries: list[bytes]) -> None:
    """Write the whole ledger anew, its hashes and its head with it."""
    await sql("DELETE FROM ledger_entries")
    await sql("DELETE FROM ledger_head")
    async with transaction() as client:
        await append(client, [(one, ()) for one in entries])


async def _entries() -> list[bytes]:
    return [entry async for _, entry in audit.entries(0, ENTRIES)]


async def flip(place: int) -> None:
    """Turn a bit of entry 4 over, and mend all that hangs on it."""
    entries = await _entries()
    raw = bytearray(entries[4])
    raw[place % len(raw)] ^= 1 << place % 8
    await _rebuilt([*entries[:4], bytes(raw), *entries[5:]])


async def flip_leaf() -> None:
    """Turn a bit of a stored hash over."""
    (row,) = await sql("SELECT leaf FROM ledger_entries WHERE number = 4")
    raw = bytearray(row["leaf"])
    raw[0] ^= 1
    await sql("UPDATE ledger_entries SET leaf = ? WHERE number = 4", bytes(raw))


async def remove() -> None:
    """Take entry 3 out and close the gap."""
    entries = await _entries()
    await _rebuilt(entries[:3] + entries[4:])


async def reorder() -> None:
    """Let a later entry come first."""
    entries = await _entries()
    entries[0], entries[7] = entries[7], entries[0]
    await _rebuilt(entries)


async def cut() -> None:
    """Leave the end away, and the checkpoint of it."""
    await _rebuilt((await _entries())[:9])
    await sql("DELETE FROM checkpoints")


async def rebuild() -> None:
    """Write another ledger."""
    await _rebuilt([written(number) for number in range(ENTRIES)])
    await sql("DELETE FROM checkpoints")


@pytest.mark.parametrize(
    ("attack", "finding"),
    [
        (lambda: flip(0), "ENTRY_CHANGED  entry 4:"),
        (lambda: flip(77), "ENTRY_CHANGED  entry 4:"),
        (lambda: flip(-1), "ENTRY_CHANGED  entry 4:"),
        (flip_leaf, "LEAF_CHANGED  entry 4:"),
        (remove, "ENTRY_REMOVED  entry 3:"),
        (reorder, "ENTRY_MOVED  entry 0:"),
        (cut, "TAIL_CUT  entries 9 to 12:"),
        (rebuild, "ENTRY_CHANGED  entries 0 to 12:"),
    ],
)
def test_an_attack_is_found_and_located(desk: Desk, attack: Callable[[], Awaitable[None]], finding: str):
    async def tampering() -> None:
        await free("ledger_entries", "ledger_head", "checkpoints")
        await attack()

    desk.does("checkpoint")
    desk.inside(tampering)

    assert desk.does("verify") == Exit.FAILED
    assert finding in desk.printed, desk.printed


@pytest.mark.every_database
def test_a_fork_signed_with_our_own_key_is_found(desk: Desk):
    """Whoever has the database and the key can sign another ledger, and cannot take back what the witness has."""

    async def forge() -> None:
        await free("ledger_entries", "ledger_head", "checkpoints")
        entries = [written(number) for number in range(ENTRIES)]
        await _rebuilt(entries)
        kept = await Checkpoint.get()
        keys = provider.opened(installation.place(desk.url).provider)
        root = merkle.root([merkle.leaf_hash(one) for one in entries])
        stated = checkpoint.Checkpoint(kept.note.split("\n")[0], ENTRIES, root, kept.at)
        note = checkpoint.note(stated, lambda text: keys.sign("signing-1", text), keys.public("signing-1"))
        await Checkpoint.filter(size=ENTRIES).update(root=root, note=note)

    desk.does("checkpoint")
    desk.inside(forge)

    assert desk.does("verify") == Exit.FAILED
    assert f"CHECKPOINT_FORK  checkpoint of size {ENTRIES}:" in desk.printed
    assert "ENTRY_CHANGED  entries 0 to" in desk.printed
