"""The launcher, as far as it can be tried without installing anything."""

import os
import pty
import shutil
import subprocess
from contextlib import suppress
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


@pytest.fixture
def stubbed(bare: Path) -> Path:
    """A machine whose Python makes environments with itself in them, and whose pip only says what it would do."""
    python = bare / "python3.12"
    python.write_text(PIP)
    return bare


PIP = """#!/bin/sh
case "$*" in
    "-m venv --without-pip "*) mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; : >"$4/pyvenv.cfg" ;;
    *" install "*)
        echo "Collecting aiosmtplib==5.1.3 (from -r requirements.lock)"
        echo "Installing collected packages: aiosmtplib"
        [ -z "${PIP_FAILS:-}" ] ;;
esac
"""


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


def attended(*words: str, typed: str, venv: Path, cwd: Path, **more: str) -> tuple[str, list[str]]:
    """What is shown to somebody who types at a terminal, and what the environment's Python was told then."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAVAS_")}
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    started = subprocess.Popen(
        [str(ROOT / "savas"), *words],
        env={**environment, "SAVAS_VENV": str(venv), **more},
        cwd=cwd,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    told, _ = started.communicate(timeout=60)
    shown = b""
    # Linux ends a terminal that everybody else has left with an error.
    with suppress(OSError):
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    return shown.decode(), told.splitlines()[4:]


QUESTION = "Fill a new one with generated people"


def test_serve_asks_before_it_installs(bare: Path, tmp_path: Path) -> None:
    shown, _ = attended("serve", typed="y\n", venv=tmp_path / "venv", cwd=tmp_path, PATH=str(bare))
    assert 0 <= shown.find(QUESTION) < shown.find("installing the locked dependencies")


@pytest.mark.parametrize(
    ("typed", "option"), [("\n", "--demo"), ("what?\nYES\n", "--demo"), ("n\n", "--no-demo")]
)
def test_the_answer_is_passed_on(typed: str, option: str, ready: Path, tmp_path: Path) -> None:
    shown, told = attended("--debug", "serve", "--port", "0", typed=typed, venv=ready, cwd=tmp_path)
    assert shown.count(QUESTION) == typed.count("\n")
    assert told == ["--debug", "serve", "--port", "0", option]


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("serve", "--demo"), {}),
        (("serve", "--no-demo"), {}),
        (("serve",), {"SAVAS_DEMO": "1"}),
        (("serve", "--database", "postgres://db/crm"), {}),
        (("serve",), {"SAVAS_DATABASE": "postgres://db/crm"}),
        (("serve", "--help"), {}),
        (("serve", "--data", "there is one"), {}),
        (("serve", "--data=there is one"), {}),
        (("serve",), {"SAVAS_DATA": "there is one"}),
        (("migrate",), {}),
        (("--witness", "serve", "migrate"), {}),
    ],
)
def test_nothing_is_asked_when_it_is_decided(
    words: tuple[str, ...], variables: dict[str, str], ready: Path, tmp_path: Path
) -> None:
    (tmp_path / "there is one").mkdir()
    (tmp_path / "there is one" / "savas.sqlite3").touch()
    assert attended(*words, typed="", venv=ready, cwd=tmp_path, **variables) == ("", list(words))


def test_nothing_is_asked_without_a_terminal(ready: Path, tmp_path: Path) -> None:
    done = launch("serve", venv=ready, cwd=tmp_path)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("serve", "")


def test_whoever_does_not_answer_starts_nothing(ready: Path, tmp_path: Path) -> None:
    assert attended("serve", typed="\x04", venv=ready, cwd=tmp_path)[1] == []


def test_the_value_of_an_option_is_not_taken_for_the_command(bare: Path, ready: Path) -> None:
    shutil.copy(ROOT / "requirements.lock", ready / "savas-installed.lock")
    assert not launch("--witness", "test", "migrate", venv=ready).stderr
    assert "installing" in launch("--witness", "there", "test", venv=ready, programs=bare).stderr


def test_the_launcher_is_plain_shell() -> None:
    subprocess.run(["sh", "-n", str(ROOT / "savas")], check=True, timeout=300)


def test_an_installation_shows_on_a_terminal_which_package_it_is_at(stubbed: Path, tmp_path: Path) -> None:
    shown, _ = attended("--version", typed="", venv=tmp_path / "venv", cwd=tmp_path, PATH=str(stubbed))
    count = sum("==" in line for line in (ROOT / "requirements.lock").read_text().splitlines())
    assert f"fetching 1 of {count}: aiosmtplib==5.1.3" in shown


def test_an_installation_is_told_in_plain_lines_elsewhere(stubbed: Path, tmp_path: Path) -> None:
    done = launch("--version", venv=tmp_path / "venv", programs=stubbed)
    assert [line.split()[1] for line in done.stderr.splitlines()] == ["installing", "unpacking", "compiling"]
    assert (tmp_path / "venv" / "savas-installed.lock").exists()


def test_a_failure_of_pip_is_a_failure(
    stubbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FAILS", "yes")
    done = launch("--version", venv=tmp_path / "venv", programs=stubbed)
    assert (done.returncode, "could not be installed" in done.stderr) == (1, True)
    assert not (tmp_path / "venv" / "savas-installed.lock").exists()


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
