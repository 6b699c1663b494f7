"""The launcher, as far as it can be tried without installing anything."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("sh", "dirname", "readlink", "ls", "cmp", "mkdir", "rm", "ln", "rmdir", "cp", "mv", "sleep")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A machine with the tools of POSIX and a Python that is there and does not work."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool) or pytest.fail(f"{tool} is missing"))
    shim = programs / "python3.12"
    shim.write_text("#!/bin/sh\necho 'no such version' >&2\nexit 127\n")
    shim.chmod(0o755)
    return programs


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """An environment that says it is installed, and whose Python repeats what it is told."""
    venv = tmp_path / "an environment"
    (venv / "bin").mkdir(parents=True)
    python = venv / "bin" / "python"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$PYTHONPATH" "$@"\n')
    python.chmod(0o755)
    shutil.copy(ROOT / "requirements-dev.lock", venv / "savas-installed.lock")
    return venv


def launch(
    *words: str, venv: Path, programs: Path | None = None, through: Path = ROOT / "savas", cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SAVAS_VENV": str(venv)}
    if programs:
        environment["PATH"] = str(programs)
    return subprocess.run(
        [str(through), *words],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_launcher_is_plain_shell() -> None:
    subprocess.run(["sh", "-n", str(ROOT / "savas")], check=True, timeout=300)


def test_without_a_suitable_python_it_says_what_to_do(bare: Path, tmp_path: Path) -> None:
    done = launch("--help", venv=tmp_path / "venv", programs=bare)
    assert done.returncode == 1
    assert "Python 3.11 or 3.12" in done.stderr
    assert "apt-get install" in done.stderr


def test_a_failed_installation_leaves_no_lock_behind(bare: Path, tmp_path: Path) -> None:
    launch("--help", venv=tmp_path / "venv", programs=bare)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin"]


def test_a_lock_whose_owner_is_gone_holds_nobody_up(bare: Path, tmp_path: Path) -> None:
    # No process has this number: it is beyond what the kernel gives.
    (tmp_path / "venv.installing").symlink_to("pid-2147483647")
    done = launch("--help", venv=tmp_path / "venv", programs=bare)
    assert "no suitable Python" in done.stderr


def test_a_directory_that_is_no_environment_is_left_alone(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "letter").touch()
    done = launch("--help", venv=tmp_path / "precious", programs=bare)
    assert done.returncode == 1
    assert (tmp_path / "precious" / "letter").exists()


def test_an_installed_environment_is_used_as_it_is(ready: Path) -> None:
    done = launch("user", "add", "two words", venv=ready)
    assert done.stdout.splitlines() == [str(ROOT), "-P", "-m", "commands", "user", "add", "two words"]
    assert not done.stderr


def test_it_starts_through_links_from_anywhere(ready: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(ROOT / "savas")
    (tmp_path / "second").symlink_to("link")
    done = launch("--version", venv=ready, through=tmp_path / "second", cwd=tmp_path)
    assert done.stdout.splitlines()[0] == str(ROOT)


def test_a_changed_lock_is_installed_again(ready: Path, bare: Path) -> None:
    (ready / "savas-installed.lock").write_text("something older")
    assert "installing" in launch("--version", venv=ready, programs=bare).stderr
