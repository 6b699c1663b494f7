import asyncio
import csv
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models import Consent, ConsentEvent, ContactPoint, Customer, Identity, ImportedRow, opened
from tests import installation
from tests.installation import at_work, place

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Visvaldas"

MAP = """
[customers.columns]
id = "key"
given = "identity.givenName"
email = "contact.EMAIL"

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
    assert "0 created, 0 updated, 1 unchanged" in second.stdout
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


# Imports, telling of each batch that it has done, and kills itself after the given one if told to.
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from policies.asker import utc_now
from procedures.imports import importing
from procedures.imports.consent import Grounds, NoticeText, registered
from procedures.imports.customers import import_customers
from procedures.installation import opened
from procedures.tables import column_map
from procedures.tables.error_rows import ErrorRows
from procedures.tables.keyed_digest import digest_key
from procedures.tables.table import open_table
from procedures.place import Place
from datetime import timedelta
from models import Purpose

directory, url, point, batch = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
async def main():
    async with opened(Place(url, sys.argv[5], sys.argv[6], Path(sys.argv[7]))):
        columns = column_map.load(str(directory / "shop.toml"), "customers")
        table = open_table(directory / "rows.csv")
        key = await digest_key(directory / "data")
        told = 0
        def progress(line, lines):
            nonlocal told
            told += 1
            print(told, flush=True)
            if point == "between" and told == batch:
                os.kill(os.getpid(), signal.SIGKILL)
        notices = await registered(NoticeText("We keep it."), [Purpose.SUPPORT], utc_now())
        grounds = Grounds(notices, "form 12", utc_now() + timedelta(days=9))
        options = importing.Options("shop", key, batch=20, progress=progress)
        with ErrorRows(directory / "errors.csv", table.header) as errors:
            report = await import_customers(table, columns, grounds, errors, options)
        print("done", report.created, report.unchanged, report.errors, flush=True)
asyncio.run(main())
"""


async def test_an_import_that_is_killed_five_times_goes_on_and_brings_everybody_once(desk: Desk):
    desk.file(*(f"{key},Ona{key},ona{key}@example.org," for key in range(200)), "x,Ona,no address,")
    for batch in (1, 2, 1, 3, 1):
        # Even kills come between two transactions, odd ones from outside while the next is under way.
        _killed(desk, batch, outside=batch % 2 == 1)
        await _whole(desk)

    words = [sys.executable, "-c", KILLED, str(desk.directory), desk.url, "never", "0", *_place(desk)]
    result = await asyncio.to_thread(subprocess.check_output, words, cwd=ROOT, text=True, timeout=120)

    assert result.splitlines()[-1].startswith("done")
    created, unchanged, errors = map(int, result.split()[-3:])
    assert (created + unchanged, errors) == (200, 1)
    assert unchanged >= 20
    await _whole(desk, customers=200)
    assert (desk.directory / "errors.csv").read_text().count("EMAIL_INVALID") == 1


def _place(desk: Desk) -> list[str]:
    where = place(desk.url)
    return [where.keys, where.provider, str(where.witness)]


def _killed(desk: Desk, batch: int, *, outside: bool) -> None:
    words = [
        sys.executable,
        "-c",
        KILLED,
        str(desk.directory),
        desk.url,
        "none" if outside else "between",
        str(batch),
        *_place(desk),
    ]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if outside and line.strip() == str(batch):
                os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=60)
    assert process.returncode == -signal.SIGKILL


async def _whole(desk: Desk, customers: int | None = None) -> None:
    """Every customer who is there is there whole, and marked as imported."""
    async with at_work(desk.url):
        count = await Customer.all().count()
        assert customers in (None, count)
        assert await ImportedRow.filter(entity="customer").count() == count
        assert [await model.all().count() for model in (Identity, ContactPoint)] == [count, count]
        assert await Consent.all().count() == await ConsentEvent.all().count() == 2 * count
        keys = [row.key for row in await ImportedRow.filter(entity="customer")]
        assert len(keys) == len(set(keys))
