import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models import Consent, Customer, Identity, ImportedRow, LedgerEntry, Notice, opened
from tests import installation
from tests.campaigns import Campaign
from tests.commands.test_import import Said
from tests.installation import at_work, place
from tests.procedures.arriving import CARRIED, Parcel, said
from tests.procedures.killed_imports import archive, killed, whole
from tests.procedures.taking import VALUES


class Desk:
    """A directory with an archive, and the command line."""

    def __init__(self, directory: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self.url = database_url
        self.capsys = capsys
        (directory / "notice.md").write_text("We keep what you bring along.")

    def words(self, *more: str, categories: Sequence[str]) -> list[str]:
        where = ["--data", str(self.directory / "data"), "--database", self.url]
        consent = ["--consent-notice", str(self.directory / "notice.md"), "--consent-evidence", "letter 7"]
        stated = [word for category in categories for word in ("--consent-category", category)]
        purposes = ["--consent-purpose", "support", "--consent-purpose", "care"]
        file = str(self.directory / "archive.zip")
        return [
            *installation.words(self.url), "import", "archive", file, *consent, *purposes, *stated, *where, *more,
        ]  # fmt: skip

    def run(
        self, parcel: Parcel | bytes, *more: str, categories: Sequence[str] = tuple(CARRIED.values())
    ) -> Said:
        raw = parcel if isinstance(parcel, bytes) else parcel.raw
        (self.directory / "archive.zip").write_bytes(raw)
        self.capsys.readouterr()
        # A thread of its own, because the command starts an event loop and the test may be in one.
        with ThreadPoolExecutor(1) as thread:
            code = thread.submit(main, self.words(*more, categories=categories)).result(timeout=120)
        told = self.capsys.readouterr()
        return Said(code, told.out, told.err)


@pytest.fixture
def desk(tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, database_url, capsys)


@pytest.fixture
def embedded(tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, sqlite_url, capsys)


async def test_an_archive_comes_in_and_it_is_said_what_stayed_behind(desk: Desk, parcel: Parcel):
    first = desk.run(parcel, "--key", parcel.key, "--sender", "Old Shop")
    second = desk.run(parcel)

    assert (first.returncode, second.returncode) == (Exit.OK, Exit.OK)
    assert "contact_point: 2 created" in first.stdout
    assert "paymentCards: 1  CARD_WITHOUT_TOKEN" in first.stdout
    assert "contact_point: 0 created, 0 recognised, 0 updated, 2 unchanged" in second.stdout
    assert "KEY_UNCOMPARED" not in first.stderr + second.stderr
    async with at_work(desk.url):
        row = await Identity.get()
        assert row.source == "export of Old Shop"
        assert (await opened(row)).family_name == "Kazlauskaitė"


def test_a_key_that_nobody_compared_is_warned_of_once(embedded: Desk, parcel: Parcel):
    assert "KEY_UNKNOWN" in embedded.run(parcel).stderr
    first, second = (embedded.run(parcel, "--trust-first-use") for _ in range(2))

    assert "KEY_UNCOMPARED" in first.stderr
    assert parcel.key in first.stderr
    assert (first.returncode, second.returncode) == (Exit.OK, Exit.OK)
    assert "KEY_UNCOMPARED" not in second.stderr


def test_a_key_is_no_name_of_somebody_however_many_digits_it_has(embedded: Desk, parcel: Parcel):
    signed = parcel.saying()

    assert re.search(r"\d{9}", signed.key)
    assert embedded.run(signed, "--trust-first-use").returncode == Exit.OK


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--key", "00" * 32), "KEY_DIFFERS"),
        (("--key", "nowhere"), "KEY_INVALID"),
        ((), "KEY_UNKNOWN"),
        (("--trust-first-use", "--customer", "C-0"), "CUSTOMER_UNKNOWN"),
        (("--trust-first-use", "--consent-category", "mood"), "CATEGORY_UNKNOWN"),
        (("--trust-first-use", "--consent-purpose", "revenge"), "PURPOSE_UNKNOWN"),
        (("--trust-first-use", "--consent-until", "2020-01-01"), "CONSENT_ENDED"),
        (("--trust-first-use", "--consent-notice", "nowhere.md"), "NOTICE_UNREADABLE"),
    ],
)
async def test_what_cannot_be_taken_in_is_refused_with_a_code_and_writes_nothing(
    embedded: Desk, parcel: Parcel, more: Sequence[str], code: str
):
    told = embedded.run(parcel, *more)

    assert (told.returncode, code in told.stderr) == (Exit.REFUSED, True)
    async with at_work(embedded.url):
        assert not await Customer.exists()
        assert not await ImportedRow.exists()


async def test_an_archive_that_somebody_changed_writes_nothing_at_all(desk: Desk, parcel: Parcel):
    for raw, code in (
        (
            parcel.packed({"data.json": parcel.files["data.json"].replace(b"12.50", b"12.51")}),
            "ARCHIVE_DIFFERS",
        ),
        (parcel.packed({"MANIFEST.json": parcel.saying().files["MANIFEST.json"]}), "SIGNATURE_INVALID"),
        (parcel.raw[:-1], "ARCHIVE_UNREADABLE"),
        (parcel.saying(version=2).raw, "FORMAT_UNKNOWN"),
    ):
        told = desk.run(raw, "--trust-first-use")
        assert (told.returncode, code in told.stderr) == (Exit.REFUSED, True)
        assert "data.json" not in told.stderr
    async with at_work(desk.url):
        assert not await Customer.exists()
        assert not await Notice.exists()
    assert not (desk.directory / "data" / "import.key").exists()


def test_no_consent_category_no_import(embedded: Desk, parcel: Parcel):
    assert embedded.run(parcel, "--trust-first-use", categories=()).returncode == Exit.USAGE


async def test_a_dry_run_says_what_would_be(embedded: Desk, parcel: Parcel):
    told = embedded.run(parcel, "--trust-first-use", "--dry-run")

    assert (told.returncode, "identity: 1 would be created" in told.stdout) == (Exit.OK, True)
    assert not (embedded.directory / "data").exists()
    async with at_work(embedded.url):
        assert not await Customer.exists()
        assert not await Notice.exists()


async def test_no_value_is_said_or_logged_or_recorded(
    embedded: Desk, parcel: Parcel, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    canary = "zvirblis4711x"
    rows = [{**row, "kind": canary, "value": canary, canary: canary} for row in parcel.data["contactPoints"]]
    broken = parcel.with_rows(contactPoints=rows, **{canary: [canary]})
    printed = ""
    for each, more in ((parcel, ()), (broken, ("--customer", "new")), (parcel, ("--customer", canary))):
        told = embedded.run(each, "--trust-first-use", *more)
        printed += told.stdout + told.stderr

    assert "FIELD_UNKNOWN: 2 (lines 1, 2)" in printed
    assert "unknown: 1  KIND_UNKNOWN" in printed
    async with at_work(embedded.url):
        recorded = "".join([bytes(entry.entry).decode() for entry in await LedgerEntry.all()])
        assert "import.written" in recorded
    for value in (canary, *(value for value in VALUES if len(value) > 5)):
        for place_ in (printed, caplog.text, recorded):
            assert value not in place_


async def test_an_import_that_is_killed_goes_on_and_brings_each_row_once(
    desk: Desk, parcel: Parcel, campaign: Campaign
):
    talk = parcel.data["interactions"][0]
    parcel = parcel.with_rows(interactions=[{**talk, "id": f"talk {number}"} for number in range(40)])
    (desk.directory / "sent.zip").write_bytes(parcel.raw)
    where = place(desk.url)
    # Some kills come between two transactions, others from outside while the next is under way.
    kills = ((1, False), (3, True), (30, False))
    for stop, outside in kills:
        killed(archive, where, desk.directory, stop, outside=outside)
        async with at_work(desk.url):
            assert await Customer.all().count() == 1
            assert await ImportedRow.all().count() >= 2
    campaign.tried(len(kills), "imports killed")
    whole(archive, where, desk.directory)

    async with at_work(desk.url):
        assert await Customer.all().count() == 1
        assert await ImportedRow.all().count() == 1 + sum(len(said(parcel.data, name)) for name in CARRIED)
        assert len({given.category for given in await Consent.all()}) == len(CARRIED)
