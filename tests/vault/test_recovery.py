"""Recovery copies: who can open one, and what they refuse."""

import stat
from pathlib import Path

import pytest

from vault import provider, recovery
from vault.errors import ProviderError
from vault.provider import KeyProvider


@pytest.fixture
def keys(tmp_path: Path) -> KeyProvider:
    made = provider.created(f"file:{tmp_path / 'keys.json'}")
    for name in ("epoch-4", "index-2", "hash-1", "signing-1"):
        made.create(name)
    return made


def restored(copy: bytes, key: Path, path: Path) -> KeyProvider:
    recovery.restore(copy, key, f"file:{path}")
    return provider.opened(f"file:{path}")


def refused(code: str):
    return pytest.raises(ProviderError, check=lambda error: error.code == code)


def test_what_a_copy_restores_works_like_what_was_copied(keys, tmp_path):
    public = recovery.new_offline_key(tmp_path / "offline")
    sealed = keys.wrap("epoch-4", b"a ring", b"of somebody")

    again = restored(recovery.sealed_copy(keys, public), tmp_path / "offline", tmp_path / "again.json")

    assert again.names() == keys.names()
    assert again.unwrap("epoch-4", sealed, b"of somebody") == b"a ring"
    assert again.mac("hash-1", b"text") == keys.mac("hash-1", b"text")
    assert again.public("signing-1") == keys.public("signing-1")


def test_only_the_owner_can_read_an_offline_key(tmp_path):
    public = recovery.new_offline_key(tmp_path / "offline")

    assert stat.S_IMODE((tmp_path / "offline").stat().st_mode) == 0o600
    assert public not in (tmp_path / "offline").read_text()


def test_an_offline_key_is_never_overwritten(tmp_path):
    recovery.new_offline_key(tmp_path / "offline")
    before = (tmp_path / "offline").read_bytes()

    with refused("PROVIDER_EXISTS"):
        recovery.new_offline_key(tmp_path / "offline")

    assert (tmp_path / "offline").read_bytes() == before


def test_a_copy_does_not_open_with_another_key(keys, tmp_path):
    copy = recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))
    recovery.new_offline_key(tmp_path / "other")

    with refused("PROVIDER_WRONG"):
        recovery.restore(copy, tmp_path / "other", f"file:{tmp_path / 'again.json'}")

    assert not (tmp_path / "again.json").exists()


def test_a_copy_that_was_changed_anywhere_never_opens(keys, tmp_path):
    copy = recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))

    for place in range(len(copy)):
        changed = bytearray(copy)
        changed[place] ^= 1
        with refused("PROVIDER_WRONG"):
            recovery.restore(bytes(changed), tmp_path / "offline", f"file:{tmp_path / 'again.json'}")


@pytest.mark.parametrize("length", [0, 5, 22, 40, 60, -1])
def test_a_copy_that_was_cut_never_opens(keys, tmp_path, length):
    copy = recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))

    with refused("PROVIDER_WRONG"):
        recovery.restore(copy[:length], tmp_path / "offline", f"file:{tmp_path / 'again.json'}")


def test_a_copy_shows_no_key_and_no_name(keys, tmp_path):
    copy = recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))

    assert b"epoch" not in copy
    assert not [key for key in keys.exported().values() if key in copy]


def test_no_slip_of_the_pen_makes_a_copy_for_nobody(keys, tmp_path):
    public = recovery.new_offline_key(tmp_path / "offline")

    for place, letter in enumerate(public):
        wrong = public[:place] + ("B" if letter == "A" else "A") + public[place + 1 :]
        with refused("PROVIDER_INVALID"):
            recovery.sealed_copy(keys, wrong)


@pytest.mark.parametrize("text", ["", "savas-recovery-1-", "savas-recovery-1-ąč", "x" * 4000, "=" * 75])
def test_what_is_no_public_text_is_refused(keys, text):
    with refused("PROVIDER_INVALID"):
        recovery.sealed_copy(keys, text)


def test_a_copy_is_not_sealed_for_a_point_that_everybody_knows(keys):
    with refused("PROVIDER_INVALID"):
        recovery.sealed_copy(keys, recovery._text(recovery._PUBLIC, bytes(32)))


def test_the_offline_key_is_no_public_text(keys, tmp_path):
    recovery.new_offline_key(tmp_path / "offline")

    with refused("PROVIDER_INVALID"):
        recovery.sealed_copy(keys, (tmp_path / "offline").read_text())


def test_keys_that_are_there_are_never_overwritten(keys, tmp_path):
    copy = recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))
    before = (tmp_path / "keys.json").read_bytes()

    with refused("PROVIDER_EXISTS"):
        recovery.restore(copy, tmp_path / "offline", f"file:{tmp_path / 'keys.json'}")

    assert (tmp_path / "keys.json").read_bytes() == before


def test_an_offline_key_that_others_can_read_is_refused(keys, tmp_path):
    copy = recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))
    (tmp_path / "offline").chmod(0o640)

    with refused("PROVIDER_LOOSE"):
        recovery.restore(copy, tmp_path / "offline", f"file:{tmp_path / 'again.json'}")


def test_keys_are_not_restored_onto_a_token(keys, tmp_path):
    copy = recovery.sealed_copy(keys, recovery.new_offline_key(tmp_path / "offline"))

    with refused("PROVIDER_INVALID"):
        recovery.restore(copy, tmp_path / "offline", "pkcs11:token=savas")
