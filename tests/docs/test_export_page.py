"""The command by which the page on exports says that a second installation takes an archive in."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import page
from tests.procedures.arriving import Parcel


def test_an_archive_is_taken_in_as_the_page_shows(quick_clone: Path, parcel: Parcel) -> None:
    shown = re.search(
        r"^\./savas import archive .*?(?=^```)",
        page("docs/export.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert shown
    (quick_clone / "savas-export.zip").write_bytes(parcel.raw)
    (quick_clone / "signing.pub").write_bytes(parcel.files["signing.pub"])
    (quick_clone / "notice.md").write_text("We use your data to help you.")
    done = subprocess.run(
        ["sh", "-eu", "-c", f"./savas migrate\n{shown[0]}"], cwd=quick_clone, env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "order: 2 created" in done.stdout
    assert "healthRecords: 2  CONSENT_NOT_STATED" in done.stdout


def test_an_archive_is_checked_as_the_page_shows(tmp_path: Path, parcel: Parcel) -> None:
    shown = re.search(
        r"^```python\n(.*?)^```", page("docs/export.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert shown
    for name, held in parcel.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(held)
    check = [sys.executable, "-c", shown[1]]
    assert subprocess.run(check, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "data.json").write_bytes(b"{}")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode != 0
