"""Directories of tests: those of a killed run go, those of a run that goes on stay."""

import subprocess
import sys
from pathlib import Path

from tests import scratch
from tests.house.tree import ROOT

LEFT = """
import sys, time
from tests import scratch
with scratch.directory("killed", sys.argv[1]) as found:
    print(found, flush=True)
    time.sleep(600)
"""


def test_what_a_killed_run_left_is_deleted_by_the_next(tmp_path: Path):
    command = [sys.executable, "-c", LEFT, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        scratch.sweep(str(tmp_path))
        assert left.is_dir()
        process.kill()
    assert left.is_dir()

    scratch.sweep(str(tmp_path))

    assert not left.exists()


def test_what_a_run_uses_is_deleted_at_its_end_and_not_before(tmp_path: Path):
    with scratch.directory("used", str(tmp_path)) as used:
        scratch.sweep(str(tmp_path))
        assert used.is_dir()
    assert not used.exists()


def test_what_is_nobodys_is_left_alone(tmp_path: Path):
    (tmp_path / "savas-old").mkdir()

    scratch.sweep(str(tmp_path))

    assert (tmp_path / "savas-old").is_dir()
