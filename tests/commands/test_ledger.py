"""`savas ledger`, as somebody uses it who wants to know, or to show."""

import asyncio
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models import Role
from models.database import sqlite_url
from models.event import Event
from models.ledger import Checkpoint as Kept
from models.ledger import LedgerEntry, LedgerHead
from procedures.installation import opened_sealed
from procedures.ledger import ledger
from tests import accounts, installation
from tests.house.tree import ROOT
from vault import provider
from vault.checkpoint import Checkpoint, note
from vault.merkle import Frontier

ORIGIN = "savas.example/ledger"
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Office:
    """An installation on an embedded database, and what was printed last."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self.capsys = capsys
        self.printed = ""
        self.keys = provider.created(f"file:{data / 'provider.json'}")
        self.keys.create("signing-1")
        self.note = ""

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.data / "savas.sqlite3"

    def does(self, *words: str) -> int:
        """Run `savas ledger …`."""
        code = main(["ledger", *words, "--data", str(self.data)])
        said = self.capsys.readouterr()
        self.printed = said.out + said.err
        return code

    def inside(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do something with the database connected."""

        async def connectedly() -> Any:
            async with opened_sealed(installation.place(sqlite_url(self.database))):
                return await work()

        return asyncio.run(connectedly())

    def writes(self, count: int) -> None:
        """Write entries, as the program does."""

        async def work() -> None:
            for number in range(count):
                await ledger.note(Event.POLICY_LOADED, None, version=f"{number:064x}")

        self.inside(work)

    def signs(self) -> int:
        """Make a checkpoint, and hand it to the witness directory; returns its size."""

        async def work() -> int:
            head = await LedgerHead.get(id=1)
            root = Frontier.decode(head.size, bytes(head.frontier)).root()
            public = self.keys.public("signing-1")
            self.note = note(
                Checkpoint(ORIGIN, head.size, root, AT),
                lambda text: self.keys.sign("signing-1", text),
                public,
            )
            await Kept.create(size=head.size, root=root, at=AT, note=self.note)
            self._witnesses(public, [bytes(one.leaf) for one in await LedgerEntry.all().order_by("number")])
            return int(head.size)

        return int(self.inside(work))

    def _witnesses(self, public: bytes, leaves: list[bytes]) -> None:
        witness = self.data / "witness"
        witness.mkdir(exist_ok=True)
        with (witness / "checkpoints").open("a", encoding="utf-8") as file:
            file.write(self.note + "\n")
        (witness / "leaves").write_bytes(b"".join(leaves))
        (witness / "signing.pub").write_bytes(public)

    @contextmanager
    def tampering(self) -> Iterator[sqlite3.Connection]:
        """The database as its administrator has it, with nothing to keep the ledger as it is."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An office with a signed ledger of some entries, and five more."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "savas.sqlite3")
    made = Office(data, capsys)
    made.writes(8)
    made.signs()
    made.writes(5)
    return made


def test_a_sound_ledger_is_said_to_be_sound(office: Office):
    assert office.does("verify") == Exit.OK
    assert "Signed checkpoints: 1; a witness has 1." in office.printed
    assert "WARNING" not in office.printed


def test_a_role_that_somebody_took_in_the_database_is_found(office: Office):
    office.inside(
        lambda: accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT], "correct horse battery")
    )
    assert office.does("verify") == 0
    assert "3 rows that decide who may; 0 are not as the ledger says." in office.printed

    with office.tampering() as connection:
        connection.execute("UPDATE employee_roles SET role = 'privacy_officer'")

    assert office.does("verify") == Exit.FAILED
    assert "AUTHORITY_DIFFERS  employee_roles " in office.printed
    assert "3 rows that decide who may; 1 are not as the ledger says." in office.printed
    assert "privacy_officer" not in office.printed


def test_a_changed_entry_is_named_and_not_shown(office: Office):
    with office.tampering() as database:
        (raw,) = database.execute("SELECT entry FROM ledger_entries WHERE number = 4").fetchone()
        database.execute("UPDATE ledger_entries SET entry = ? WHERE number = 4", [raw.replace(b"0", b"1")])

    assert office.does("verify") == Exit.FAILED
    assert "ENTRY_CHANGED  entry 4: not what was written" in office.printed
    assert "policy.loaded" not in office.printed


def test_a_ledger_that_was_rebuilt_is_found_without_the_key_provider(office: Office):
    with office.tampering() as database:
        database.execute("DELETE FROM ledger_entries")
        database.execute("DELETE FROM ledger_head")
        database.execute("DELETE FROM checkpoints")
    office.writes(20)
    (office.data / "provider.json").unlink()

    assert office.does("verify") == Exit.FAILED
    assert "ENTRY_CHANGED  entries 0 to" in office.printed
    assert "CHECKPOINT_REMOVED" in office.printed


def test_without_a_witness_the_danger_is_said(office: Office):
    shutil.rmtree(office.data / "witness")

    assert office.does("verify") == Exit.OK
    assert "WARNING  no witness has a checkpoint" in office.printed


@pytest.mark.parametrize("lost", [0, 4])
def test_a_restored_backup_that_says_so_is_a_warning(office: Office, lost: int):
    shutil.copyfile(office.database, office.data / "backup")
    office.writes(lost)
    size, root = office.signs(), office.inside(lambda: Kept.all().order_by("-size").first()).root
    shutil.copyfile(office.data / "backup", office.database)
    assert office.does("verify") == Exit.FAILED
    assert "CHECKPOINT_REMOVED" in office.printed

    office.inside(lambda: ledger.note(Event.LEDGER_RESTORED, None, size=size, root=bytes(root).hex()))
    office.writes(1)
    assert office.does("verify") == Exit.OK
    assert f"of the {size} entries that the witness knows" in office.printed


def strangers(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the stand-alone script as somebody who has nothing but Python."""
    script = ROOT / "docs" / "verify_ledger.py"
    return subprocess.run(
        [sys.executable, "-I", "-S", script, *words],
        cwd=directory, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_a_copy_can_be_checked_by_a_stranger(office: Office, tmp_path: Path):
    assert office.does("export", str(tmp_path / "copy")) == Exit.OK

    (tmp_path / "own").write_text(office.note, "utf-8")
    shutil.copyfile(office.data / "witness" / "signing.pub", tmp_path / "key")
    done = strangers(tmp_path, "ledger", "copy", "--checkpoint", "own", "--key", "key")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("It agrees: ")
    assert "5 came after it" in done.stdout


def test_a_copy_is_for_its_owner_s_eyes_and_recorded(office: Office, tmp_path: Path):
    copy = tmp_path / "copy"
    office.does("export", str(copy))

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    last = office.inside(lambda: LedgerEntry.all().order_by("-number").first())
    said = json.loads(bytes(last.entry))
    lines = copy.read_bytes().splitlines()
    assert (said["event"], said["data"]["entries"]) == ("ledger.exported", len(lines) - 1)
    assert last.number == len(lines) - 1


def test_no_file_is_written_over(office: Office, tmp_path: Path):
    (tmp_path / "copy").write_text("mine")

    assert office.does("export", str(tmp_path / "copy")) == Exit.REFUSED
    assert "EXPORT_EXISTS" in office.printed
    assert (tmp_path / "copy").read_text() == "mine"


def test_a_copy_that_cannot_be_recorded_is_not_made(office: Office, tmp_path: Path):
    with office.tampering() as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON ledger_entries BEGIN SELECT RAISE(ABORT, 'full'); END"
        )

    assert office.does("export", str(tmp_path / "copy")) == Exit.REFUSED
    assert "LEDGER_UNAVAILABLE" in office.printed
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("words", [[], ["--from", "8"], ["--from", "3"]])
def test_a_proof_can_be_checked_by_a_stranger(office: Office, tmp_path: Path, words: list[str]):
    office.signs()
    assert office.does("prove", "6", *words) == Exit.OK

    (tmp_path / "proof").write_text(office.printed)
    done = strangers(tmp_path, "proof", "proof")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("It agrees: entry 6 is one of the")


def test_a_proof_links_to_the_checkpoint_that_somebody_has(office: Office, tmp_path: Path):
    earlier, size = office.note, int(office.note.split("\n")[1])
    office.signs()
    office.does("prove", "6", "--from", str(size))

    (tmp_path / "proof").write_text(office.printed)
    (tmp_path / "own").write_text(earlier, "utf-8")
    assert strangers(tmp_path, "proof", "proof", "--checkpoint", "own").returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (["999"], "ENTRY_UNKNOWN", Exit.REFUSED),
        (["11"], "CHECKPOINT_AWAITED", Exit.REFUSED),
        (["1", "--from", "999"], "SIZE_UNKNOWN", Exit.REFUSED),
        (["-1"], "", Exit.USAGE),
        (["Ona"], "", Exit.USAGE),
    ],
)
def test_what_cannot_be_proved_is_told(office: Office, words: list[str], code: str, exit_code: Exit):
    assert office.does("prove", *words) == exit_code
    assert code in office.printed


def test_nothing_false_is_proved(office: Office):
    with office.tampering() as database:
        database.execute("UPDATE ledger_entries SET entry = X'00' WHERE number = 4")

    assert office.does("prove", "4") == Exit.REFUSED
    assert "LEDGER_DIFFERS" in office.printed


def test_a_database_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["ledger", "verify", "--data", str(tmp_path)]) == Exit.UNREACHABLE
    assert "DATABASE_MISSING" in capsys.readouterr().err


def test_a_database_of_an_earlier_version_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with closing(sqlite3.connect(tmp_path / "savas.sqlite3")) as empty:
        empty.execute("CREATE TABLE something (id INTEGER)")

    assert main(["ledger", "verify", "--data", str(tmp_path)]) == Exit.REFUSED
    assert "DATABASE_OUTDATED" in capsys.readouterr().err


def test_a_witness_that_cannot_be_read_is_told(office: Office):
    (office.data / "witness" / "signing.pub").write_text("no key")

    assert office.does("verify") == Exit.REFUSED
    assert "WITNESS_UNUSABLE" in office.printed
