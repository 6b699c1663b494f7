"""`savas vault`, as an operator uses it: what it says, where it says it, and its exit codes."""

import asyncio
import re
from pathlib import Path

import pytest
from tortoise.connection import get_connection

import models
from commands.__main__ import main
from commands.exits import Exit
from models.database import CONNECTION
from policies.actor import utc_now
from procedures.current import Addresses
from procedures.export import export
from procedures.installation import opened
from procedures.keys import rotation
from tests import installation
from tests.people import Office
from tests.procedures.erasure.test_erasure import withdrawn
from tests.procedures.installed import Copies, at_work, forget, people, reads, whole
from tests.procedures.mined import kill
from vault.recovery import new_offline_key


class Operator:
    """Runs commands on an installation; `out` and `err` hold what the last one said."""

    def __init__(self, place: Addresses, capsys: pytest.CaptureFixture[str]) -> None:
        self.addresses, self.capsys, self.out, self.err = place, capsys, "", ""

    def does(self, *words: str) -> int:
        """Run `savas …` on the installation."""
        keys = ["--keys", self.addresses.keys, "--provider", self.addresses.provider]
        self.capsys.readouterr()
        code = main(
            [*keys, "--witness", str(self.addresses.witness), *words, "--database", self.addresses.database]
        )
        self.out, self.err = self.capsys.readouterr()
        return code

    @property
    def file(self) -> Path:
        """The file of keys."""
        return Path(self.addresses.provider.removeprefix("file:"))


@pytest.fixture
def operator(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Operator:
    place = installation.place(sqlite_url)

    async def fill() -> None:
        async with at_work(place):
            await people(3)

    asyncio.run(fill())
    return Operator(place, capsys)


async def found(place: Addresses) -> dict[str, int]:
    async with at_work(place):
        return await reads()


def test_an_open_vault_tells_its_state(operator: Operator) -> None:
    assert operator.does("vault", "status") == Exit.OK

    told = dict(re.split(r"\s{2,}", line.strip()) for line in operator.out.splitlines())
    assert told["vault"] == "open"
    assert told["key provider"] == "file"
    assert (told["rings"], told["index epoch"], told["rows in plain"]) == ("3", "1", "0")
    assert told["epoch"].startswith("1 (since ")


def test_a_sealed_vault_tells_why_and_what_to_do(operator: Operator) -> None:
    operator.file.chmod(0o644)

    assert operator.does("vault", "status") == Exit.REFUSED

    assert "sealed: PROVIDER_LOOSE" in operator.out
    assert "chmod 600" in " ".join(operator.out.split())


@pytest.mark.parametrize(
    "words",
    [("rotate",), ("rotate", "--indexes"), ("rotate", "--dry-run"), ("replay",), ("replay", "--dry-run")],
)
def test_nothing_is_done_with_a_sealed_vault_and_it_is_said_why(operator: Operator, words) -> None:
    operator.file.rename(operator.file.with_name("away"))

    assert operator.does("vault", *words) == Exit.REFUSED

    assert "savas: PROVIDER_MISSING" in operator.err
    assert (operator.out, "Traceback" in operator.err) == ("", False)
    assert not operator.file.exists()


@pytest.mark.parametrize(
    "words", [("status",), ("rotate",), ("replay",), ("recovery", "--to", "x", "--out", "y")]
)
def test_a_database_that_is_not_there_is_unreachable(tmp_path: Path, capsys, words) -> None:
    operator = Operator(installation.place(f"sqlite://{tmp_path}/none.sqlite3"), capsys)

    assert operator.does("vault", *words) == Exit.UNREACHABLE
    assert "DATABASE_MISSING" in operator.err


@pytest.mark.parametrize("words", [("nonsense",), ("rotate", "--nonsense"), ("recovery",), ()])
def test_what_does_not_exist_is_a_wrong_use(operator: Operator, words) -> None:
    assert operator.does("vault", *words) == Exit.USAGE


def test_rotating_tells_how_many_and_that_copies_are_void(operator: Operator) -> None:
    assert operator.does("vault", "rotate") == Exit.OK

    assert "3 rings are wrapped in a new epoch" in operator.out
    assert "recovery copy made before is void" in operator.out
    assert "Re-wrapping" not in operator.out, "progress is for people, on standard error"
    assert asyncio.run(found(operator.addresses)) == whole(3)


def test_rotating_the_indexes_keeps_everybody_found(operator: Operator, monkeypatch) -> None:
    monkeypatch.setattr(rotation, "FRESH", 0.0)

    assert operator.does("vault", "rotate", "--indexes") == Exit.OK

    assert "3 rows are indexed under a new key" in operator.out
    assert asyncio.run(found(operator.addresses)) == whole(3)


@pytest.mark.parametrize(
    ("words", "told"),
    [(("rotate",), "Would re-wrap 3 rings."), (("rotate", "--indexes"), "Would index 3 rows anew.")],
)
def test_a_dry_run_changes_no_key(operator: Operator, words, told: str) -> None:
    before = operator.file.read_bytes()

    assert operator.does("vault", *words, "--dry-run") == Exit.OK

    assert told in operator.out
    assert operator.file.read_bytes() == before


def test_an_interrupted_rotation_is_told_and_gone_on_with(operator: Operator) -> None:
    kill(operator.addresses, "rotate", "models.keys.keyring.rewrap", 2)

    operator.does("vault", "status")
    assert "1 (since" in operator.out
    assert "being replaced" in operator.out
    public = new_offline_key(operator.file.with_name("offline"))
    out = operator.file.with_name("copy")
    assert operator.does("vault", "recovery", "--to", public, "--out", str(out)) == Exit.REFUSED
    assert "ROTATION_UNFINISHED" in operator.err
    assert not out.exists()

    assert operator.does("vault", "rotate") == Exit.OK
    operator.does("vault", "status")
    assert "being replaced" not in operator.out


def test_a_rotation_of_the_indexes_makes_a_recovery_copy_void(operator: Operator, monkeypatch) -> None:
    monkeypatch.setattr(rotation, "FRESH", 0.0)
    public = new_offline_key(operator.file.with_name("offline"))
    out = str(operator.file.with_name("copy"))
    assert operator.does("vault", "recovery", "--to", public, "--out", out) == Exit.OK

    operator.does("vault", "rotate", "--indexes")

    operator.does("vault", "status")
    assert "void" in operator.out


def test_a_restored_backup_is_told_counted_and_repeated(operator: Operator) -> None:
    before = Copies(operator.addresses)

    async def leave() -> None:
        async with at_work(operator.addresses):
            await withdrawn((await models.Customer.all().order_by("id"))[0])

    asyncio.run(leave())
    before.back("database")

    assert operator.does("vault", "status") == Exit.REFUSED
    assert "RESTORED" in operator.out
    assert "./savas vault replay" in operator.out
    assert operator.does("vault", "rotate") == Exit.REFUSED
    assert operator.does("vault", "replay", "--dry-run") == Exit.OK
    assert "Would repeat 1 erasures." in operator.out
    assert operator.does("vault", "status") == Exit.REFUSED
    assert operator.does("vault", "replay") == Exit.OK
    assert "1 erasures were repeated" in operator.out
    assert operator.does("vault", "status") == Exit.OK
    assert len(asyncio.run(found(operator.addresses))) == 2


def test_an_emptied_key_database_is_told(operator: Operator) -> None:
    forget(operator.addresses)

    assert operator.does("vault", "status") == Exit.REFUSED
    assert "KEYS_MISSING" in operator.out


def test_migrating_seals_what_is_in_plain(operator: Operator) -> None:
    async def plain() -> None:
        async with opened(operator.addresses):
            await get_connection(CONNECTION).execute_query(
                'UPDATE contact_points SET value_index = NULL, content = CAST(\'{"value":"person0@example.org"}\' AS BLOB)'
                " WHERE id = (SELECT min(id) FROM contact_points)"
            )

    asyncio.run(plain())
    operator.does("vault", "status")
    assert "1; seal them: ./savas migrate" in operator.out

    assert operator.does("migrate", "--dry-run") == Exit.OK
    assert "Would seal 1 rows" in operator.out
    assert operator.does("migrate") == Exit.OK
    assert "1 rows in plain were sealed." in operator.out

    operator.does("vault", "status")
    assert "seal them" not in operator.out
    assert operator.does("migrate", "--dry-run") == Exit.OK
    assert "Nothing to do." in operator.out


@pytest.mark.parametrize("command", ["status", "rotate", "recovery", "replay"])
def test_the_help_says_what_the_exit_codes_mean(command: str, capsys) -> None:
    assert main(["vault", command, "--help"]) == Exit.OK

    assert "Exit codes: 0" in " ".join(capsys.readouterr().out.split())


def test_what_a_restored_backup_lost_is_listed_until_somebody_has_seen_to_it(operator: Operator) -> None:
    before = Copies(operator.addresses)

    async def ask() -> str:
        async with at_work(operator.addresses):
            office, customer = Office(now=utc_now()), await models.Customer.all().order_by("id").first()
            assert customer is not None
            herself = await office.session(await office.himself(customer))
            await export.begin(customer.id, by=herself.actor)
            return customer.number

    number = asyncio.run(ask())
    before.back("database")
    assert operator.does("vault", "status") == Exit.OK

    assert operator.does("vault", "lost") == Exit.OK
    assert (number in operator.out, "export.begun" in operator.out) == (True, True)
    word = re.findall(r"\b[0-9a-f]{16}\b", operator.out)[0]
    assert operator.does("vault", "lost", "--done", word) == Exit.USAGE
    assert operator.does("vault", "lost", "--done", word, "--as", "nobody@savas.example") == Exit.REFUSED
    login = asyncio.run(officer(operator.addresses))
    assert operator.does("vault", "lost", "--done", word, "--as", login) == Exit.OK
    assert operator.does("vault", "lost") == Exit.OK
    assert number not in operator.out


async def officer(place: Addresses) -> str:
    """The login of a privacy officer."""
    async with at_work(place):
        someone = await Office(counted=90).employee("privacy_officer")
        return (await models.Account.get(id=someone.actor.actor_id)).login
