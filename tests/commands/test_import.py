import csv
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models import Consent, ConsentEvent, ContactPoint, Customer, Identity, ImportedRow, opened
from tests import installation
from tests.campaigns import Campaign
from tests.installation import at_work, place
from tests.procedures.killed_imports import customers, killed, whole

SECRET = "Visvaldas"

MAP = """
[customers.columns]
id = "key"
given = "identity.givenName"
email = "contact_point.EMAIL"

[customers.ignore]
salary = "no purpose needs it"
"""


@dataclass
class Said:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


class Desk:
    """A directory to import from, and the command line."""

    def __init__(self, directory: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self.url = database_url
        self.capsys = capsys
        (directory / "shop.toml").write_text(MAP)
        (directory / "notice.md").write_text("We keep what you tell us to help you.")

    def file(self, *rows: str) -> Path:
        path = self.directory / "rows.csv"
        path.write_text("\n".join(["id,given,email,salary", *rows]) + "\n")
        return path

    def words(self, *more: str) -> list[str]:
        where = ["--data", str(self.directory / "data"), "--database", self.url]
        consent = ["--consent-notice", str(self.directory / "notice.md"), "--consent-evidence", "form 12"]
        file = str(self.directory / "rows.csv")
        shop = ["--map", str(self.directory / "shop.toml")]
        return [*installation.words(self.url), "import", "customers", file, *shop, *consent, *where, *more]

    def run(self, *more: str, words: Sequence[str] = ()) -> Said:
        self.capsys.readouterr()
        # A thread of its own, because the command starts an event loop and the test may be in one.
        with ThreadPoolExecutor(1) as thread:
            code = thread.submit(main, list(words) or self.words(*more)).result(timeout=120)
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)


@pytest.fixture
def desk(tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, database_url, capsys)


@pytest.fixture
def embedded(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, sqlite_url, capsys)


async def test_an_import_says_what_it_did_and_what_it_left_behind(desk: Desk):
    desk.file(f"1,{SECRET},v@example.org,9000")
    first, second = desk.run(), desk.run()

    assert (first.returncode, second.returncode) == (Exit.OK, Exit.OK)
    assert "data minimisation" in first.stdout
    assert "salary" in first.stdout
    assert "1 created" in first.stdout
    assert "0 created, 0 recognised, 0 updated, 1 unchanged" in second.stdout
    assert stat.S_IMODE((desk.directory / "data" / "import.key").stat().st_mode) == 0o600
    async with at_work(desk.url):
        assert (await opened(await Identity.get())).given_name == SECRET


async def test_error_rows_lie_beside_the_file_and_no_value_is_printed(desk: Desk):
    desk.file(f"1,{SECRET},{SECRET} at home,9000", "2,Ona,ona@example.org,8000")
    result = desk.run()

    errors = desk.directory / "rows.errors.csv"
    assert result.returncode == Exit.FAILED
    assert "EMAIL_INVALID: 1 (lines 2)" in result.stderr
    assert SECRET not in result.stdout + result.stderr
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600
    with errors.open(newline="") as file:
        assert [(row["savas.line"], row["given"]) for row in csv.DictReader(file)] == [("2", SECRET)]


async def test_a_dry_run_writes_nothing_anywhere(desk: Desk):
    desk.file("1,Ona,ona@example.org,", "2,Ona,no address,")
    result = desk.run("--dry-run")

    assert result.returncode == Exit.FAILED
    assert "1 would be created" in result.stdout
    assert not (desk.directory / "rows.errors.csv").exists()
    assert not (desk.directory / "data").exists()
    async with at_work(desk.url):
        assert not await Customer.exists()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--consent-purpose", "revenge"), "PURPOSE_UNKNOWN"),
        (("--consent-until", "2020-01-01"), "CONSENT_ENDED"),
        (("--consent-evidence", " "), "EVIDENCE_MISSING"),
        (("--consent-notice", "nowhere.md"), "NOTICE_UNREADABLE"),
        (("--map", "nowhere"), "MAP_MISSING"),
        (("--encoding", "klingon"), "ENCODING_UNKNOWN"),
        (("--errors", "rows.csv"), "ERRORS_FILE_TAKEN"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_code(embedded: Desk, more: Sequence[str], code: str):
    embedded.file("1,Ona,ona@example.org,")
    more = [str(embedded.directory / word) if word == "rows.csv" else word for word in more]
    result = embedded.run(*more)

    assert (result.returncode, code in result.stderr) == (Exit.REFUSED, True)


def test_no_consent_notice_no_import(embedded: Desk):
    embedded.file("1,Ona,ona@example.org,")
    words = embedded.words()
    at = words.index("--consent-notice")
    result = embedded.run(words=words[:at] + words[at + 2 :])

    assert result.returncode == Exit.USAGE


def test_another_text_under_the_same_version_is_refused(embedded: Desk):
    embedded.file("1,Ona,ona@example.org,")
    assert embedded.run().returncode == Exit.OK
    (embedded.directory / "notice.md").write_text("We changed our mind.")

    assert "NOTICE_DIFFERS" in embedded.run().stderr
    assert embedded.run("--notice-version", "2").returncode == Exit.OK


def test_the_key_of_the_digests_is_neither_lost_nor_open_unnoticed(embedded: Desk):
    embedded.file("1,Ona,ona@example.org,")
    assert embedded.run().returncode == Exit.OK
    key = embedded.directory / "data" / "import.key"
    key.chmod(0o644)
    assert "IMPORT_KEY_OPEN" in embedded.run().stderr
    key.unlink()
    assert "IMPORT_KEY_MISSING" in embedded.run().stderr

    assert "1 updated" in embedded.run("--update").stdout
    assert "1 unchanged" in embedded.run().stdout


@pytest.mark.every_database
async def test_an_import_that_is_killed_five_times_goes_on_and_brings_everybody_once(
    desk: Desk, campaign: Campaign
):
    batches = (1, 2, 1, 3, 1)
    desk.file(*(f"{key},Ona{key},ona{key}@example.org," for key in range(200)), "x,Ona,no address,")
    where = place(desk.url)
    for batch in batches:
        # Even kills come between two transactions, odd ones from outside while the next is under way.
        killed(customers, where, desk.directory, batch, outside=batch % 2 == 1)
        await _whole(desk)
    campaign.tried(len(batches), "imports killed")

    created, unchanged, errors = map(int, whole(customers, where, desk.directory).split())

    assert (created + unchanged, errors) == (200, 1)
    assert unchanged >= 20
    await _whole(desk, 200)
    assert (desk.directory / "errors.csv").read_text().count("EMAIL_INVALID") == 1


async def _whole(desk: Desk, wanted: int | None = None) -> None:
    """Every customer who is there is there whole, and marked as imported."""
    async with at_work(desk.url):
        count = await Customer.all().count()
        assert wanted in (None, count)
        assert await ImportedRow.filter(entity="customer").count() == count
        assert [await model.all().count() for model in (Identity, ContactPoint)] == [count, count]
        assert await Consent.all().count() == await ConsentEvent.all().count() == 2 * count
        keys = [row.key for row in await ImportedRow.filter(entity="customer")]
        assert len(keys) == len(set(keys))
