"""A served installation signs its ledger by itself, and a stranger can check it."""

import asyncio
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from commands.__main__ import main
from commands.exits import Exit
from models.database import sqlite_path
from models.event import Event
from procedures.checkpoint import checkpoint
from procedures.ledger import ledger
from tests import installation
from tests.endpoint import endpoint
from tests.house.tree import ROOT
from tests.installation import at_work
from tests.procedures.ledgers import sql
from tests.served import GIVE_UP, served, until
from tests.test_server import options


def says(url: str, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What `savas ledger …` prints, when all is well."""
    assert main([*installation.words(url), "ledger", *words, *options(url)]) == Exit.OK
    return str(capsys.readouterr().out)


def test_a_served_ledger_is_signed_witnessed_and_accepted_by_a_stranger(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    where = installation.place(database_url)
    with endpoint() as partner:
        settings = {"SAVAS_WITNESS_URL": f"{partner.address}?token=hidden"}
        with served(*options(database_url), "--checkpoint-interval", "1", settings=settings) as server:
            assert server.health()["status"] == "ok"
            assert partner.came.wait(GIVE_UP)
            known = partner.asked
            server.asks('mutation { signIn(input: {login: "nobody", password: "x"}) { token } }')
            assert until(partial(partner.asked_since, known)), server.log
            server.asks('mutation { signIn(input: {login: "no one", password: "x"}) { token } }')
            server.stops()
        assert "JOB_FAILED" not in server.log
        assert "hidden" not in server.log

    report = says(database_url, capsys, "verify")
    entries = report.split()[0]
    assert f"{entries} entries read; {entries} of them are as signed for." in report, (
        "the end was signed, too"
    )
    says(database_url, capsys, "export", str(tmp_path / "copy"))
    shutil.copyfile(where.witness / "signing.pub", tmp_path / "key")
    for note in partner.notes:
        (tmp_path / "own").write_text(note, "utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "-S", ROOT / "docs" / "verify_ledger.py",
             "ledger", "copy", "--checkpoint", "own", "--key", "key"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=GIVE_UP,
        )  # fmt: skip
        assert (done.returncode, done.stdout[:10]) == (0, "It agrees:")


def test_two_servers_beside_each_other_sign_one_ledger(postgres_url: str, capsys: pytest.CaptureFixture[str]):
    words = [*options(postgres_url), "--checkpoint-interval", "1"]
    with endpoint() as partner, served(*words, settings={"SAVAS_WITNESS_URL": partner.address}) as first:
        with served(*words, settings={"SAVAS_WITNESS_URL": partner.address}) as second:
            for server in (first, second, first, second):
                known = partner.asked
                server.asks('mutation { signIn(input: {login: "nobody", password: "x"}) { token } }')
                assert until(partial(partner.asked_since, known)), first.log + second.log
            second.stops()
        first.stops()

    assert "WARNING" not in says(postgres_url, capsys, "verify")
    assert len({note.split("\n")[1] for note in partner.notes}) == len(set(partner.notes))


def test_a_server_on_a_restored_backup_says_so_to_everybody(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
):
    database = sqlite_path(sqlite_url)
    copy = database.with_name("backup")

    async def lose() -> None:
        async with at_work(sqlite_url):
            await sql(f"VACUUM INTO '{copy}'")
            await ledger.note(Event.POLICY_LOADED, None, version="0" * 64)
            await checkpoint.keep()

    asyncio.run(lose())
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()
    shutil.copyfile(copy, database)
    with served(*options(sqlite_url)) as server:
        server.asks('mutation { signIn(input: {login: "nobody", password: "x"}) { token } }')
        server.stops()

    assert "a backup was restored" in says(sqlite_url, capsys, "verify")
