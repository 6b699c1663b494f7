"""Keys in a file: what is refused, what a crash leaves, and what is left of a destroyed key."""

import base64
import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vault.errors import ProviderError
from vault.file_provider import FileProvider

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    FileProvider.created(path).create("epoch-1")
    return path


def refused(code: str):
    return pytest.raises(ProviderError, check=lambda error: error.code == code)


def program(path: Path, text: str, **options) -> subprocess.Popen[str]:
    """Another process that works with the keys at `path` as `keys`."""
    head = f"from vault.file_provider import FileProvider\nkeys = FileProvider({str(path)!r})\n"
    return subprocess.Popen([sys.executable, "-c", head + text], cwd=ROOT, text=True, **options)


def stored(keys: FileProvider, name: str) -> bytes:
    """A key as the file writes it."""
    return base64.b64encode(keys.exported()[name])


def test_the_file_is_its_owners_alone(path):
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_is_made_once_and_never_again(path):
    before = path.read_bytes()

    with refused("PROVIDER_EXISTS"):
        FileProvider.created(path)

    assert path.read_bytes() == before


def test_a_link_that_leads_nowhere_is_not_replaced_by_a_file(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    with refused("PROVIDER_EXISTS"):
        FileProvider.created(tmp_path / "link")


@pytest.mark.parametrize("mode", [0o601, 0o602, 0o604, 0o610, 0o620, 0o640, 0o644, 0o660, 0o666, 0o777])
def test_a_file_that_others_can_get_at_is_refused(path, mode):
    path.chmod(mode)

    with refused("PROVIDER_LOOSE"):
        FileProvider(path)


def test_a_file_that_was_loosened_meanwhile_is_refused(path):
    keys = FileProvider(path)
    path.chmod(0o644)

    with refused("PROVIDER_LOOSE"):
        keys.names()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(path):
    os.chown(path, 12345, -1)

    with refused("PROVIDER_LOOSE"):
        FileProvider(path)


def test_a_link_to_the_file_is_refused(path):
    path.with_name("link").symlink_to(path)

    with refused("PROVIDER_LOOSE"):
        FileProvider(path.with_name("link"))


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)

    with refused("PROVIDER_LOOSE"):
        FileProvider(tmp_path / "pipe")
    with refused("PROVIDER_LOOSE"):
        FileProvider(tmp_path)


def test_a_file_that_is_missing_is_missing(tmp_path):
    with refused("PROVIDER_MISSING"):
        FileProvider(tmp_path / "keys.json")
    with refused("PROVIDER_MISSING"):
        FileProvider(tmp_path / "nowhere" / "keys.json")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\x00",
        b'{"form": "savas key provider 2", "keys": {}}',
        b'{"form": "savas key provider 1"}',
        b'{"form": "savas key provider 1", "keys": []}',
        b'{"form": "savas key provider 1", "keys": {"epoch-1": 7}}',
        b'{"form": "savas key provider 1", "keys": {"epoch-1": "c2hvcnQ="}}',
    ],
)
def test_a_foreign_file_is_refused_and_left_as_it_is(path, content):
    path.write_bytes(content)

    with refused("PROVIDER_UNREADABLE"):
        FileProvider(path)

    assert path.read_bytes() == content


def test_a_file_that_was_cut_anywhere_is_refused(path):
    whole = path.read_bytes()

    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with refused("PROVIDER_UNREADABLE"):
            FileProvider(path)


def test_no_message_about_a_damaged_file_holds_a_key(path):
    key = stored(FileProvider(path), "epoch-1").decode()
    path.write_text(json.dumps({"form": "savas key provider 1", "keys": {"epoch-1": key[:-5]}}))

    with refused("PROVIDER_UNREADABLE") as caught:
        FileProvider(path)

    assert key[:8] not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_key_of_another_process_is_known_at_once(path):
    keys = FileProvider(path)

    assert program(path, "keys.create('epoch-2')").wait(60) == 0

    assert keys.unwrap("epoch-2", keys.wrap("epoch-2", b"ring", b""), b"") == b"ring"
    assert keys.names() == {"epoch-1", "epoch-2"}


def test_two_processes_at_once_lose_no_key_of_each_other(path):
    both = [
        program(path, f"for n in range(40): keys.create(f'index-{{n * 2 + {odd}}}'); keys.names()")
        for odd in (0, 1)
    ]

    assert [each.wait(120) for each in both] == [0, 0]

    assert FileProvider(path).names() == {"epoch-1", *(f"index-{n}" for n in range(80))}


def test_whoever_reads_while_another_changes_reads_the_old_or_the_new(path):
    keys = FileProvider(path)
    busy = program(path, "for n in range(100): keys.create(f'index-{n}'); keys.destroy(f'index-{n}')")

    while busy.poll() is None:
        assert keys.names() >= {"epoch-1"}

    assert busy.returncode == 0


@pytest.mark.parametrize("changes", [1, 2, 3, 5, 8, 13])
def test_a_process_that_is_killed_while_it_changes_leaves_the_old_file_or_the_new(path, changes):
    before = stored(FileProvider(path), "epoch-1")
    busy = program(
        path,
        "import itertools\n"
        "for n in itertools.count():\n    print(n, flush=True)\n    keys.create(f'index-{n}')\n"
        "    keys.destroy(f'index-{n}')\n",
        stdout=subprocess.PIPE,
    )
    assert busy.stdout is not None
    with busy:
        for _ in range(changes):
            busy.stdout.readline()
        busy.send_signal(signal.SIGKILL)

    keys = FileProvider(path)
    assert stored(keys, "epoch-1") == before
    assert len(keys.names()) <= 2
    keys.create("epoch-2")
    assert keys.names() >= {"epoch-1", "epoch-2"}


def test_what_a_killed_process_left_is_gone_after_the_next_change(path):
    left = path.with_name(f".{path.name}.0123456789abcdef")
    left.write_bytes(path.read_bytes())

    with left.open("rb") as held:
        FileProvider(path).create("epoch-2")
        assert set(held.read()) == {0}

    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_destroyed_key_is_neither_in_the_file_nor_in_the_one_it_replaced(path):
    keys = FileProvider(path)
    key = stored(keys, "epoch-1")

    with path.open("rb") as old:
        assert key in old.read()
        keys.destroy("epoch-1")
        old.seek(0)
        assert set(old.read()) == {0}

    assert key not in path.read_bytes()
    assert keys.names() == frozenset()


def test_no_replaced_file_keeps_a_key_that_may_be_destroyed_later(path):
    with path.open("rb") as old:
        FileProvider(path).create("epoch-2")
        assert set(old.read()) == {0}


def test_a_disk_without_room_leaves_the_old_file(path, monkeypatch):
    keys, before = FileProvider(path), path.read_bytes()
    monkeypatch.setattr(
        os, "fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )

    with refused("PROVIDER_UNREADABLE"):
        keys.create("epoch-2")

    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_provider_shows_nothing_and_is_written_nowhere(path):
    keys = FileProvider(path)

    assert repr(keys) == "FileProvider()"
    with pytest.raises(TypeError):
        pickle.dumps(keys)


def test_a_closed_provider_has_forgotten_its_keys(path):
    keys = FileProvider(path)
    keys.wrap("epoch-1", b"ring", b"")

    keys.close()

    assert not keys._keys
    assert not keys._ciphers
