"""`savas migrate` says what it did, and why it did not."""

from pathlib import Path

import pytest

from commands.__main__ import main
from commands.exits import Exit


def test_it_makes_a_database_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["migrate", "--data", str(tmp_path / "data")]

    assert main(words) == Exit.OK
    assert "Applied 0001_initial" in capsys.readouterr().out
    assert main(words) == Exit.OK
    assert "Nothing to do." in capsys.readouterr().out


def test_a_dry_run_only_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--data", str(tmp_path), "--dry-run"]) == Exit.OK

    assert "0001_initial" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


@pytest.mark.every_database
@pytest.mark.parametrize(
    ("address", "code", "exit_code"),
    [
        ("postgresql://ruta:secret@/savas?host=/nowhere", "DATABASE_UNREACHABLE", Exit.UNREACHABLE),
        ("mysql://ruta:secret@localhost/savas", "DATABASE_URL_INVALID", Exit.USAGE),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(
    address: str, code: str, exit_code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--database", address]) == exit_code

    told = capsys.readouterr().err
    assert code in told
    assert "secret" not in told
