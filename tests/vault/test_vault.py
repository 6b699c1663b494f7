"""A vault keeps rings open for a while, and not a moment longer than it may."""

from pathlib import Path

import pytest

from vault.file_provider import FileProvider
from vault.ring import Ring
from vault.vault import KEPT_SECONDS, Vault


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(tmp_path: Path, clock: Clock) -> Vault:
    return Vault(FileProvider.created(tmp_path / "keys"), cache_size=2, clock=clock)


@pytest.fixture
def ring() -> Ring:
    return Ring.new(["contact_point"])


def test_a_ring_is_remembered_for_a_while_and_then_closed(keys: Vault, clock: Clock, ring: Ring) -> None:
    keys.remember("a", ring, keys.closings)
    clock.now = KEPT_SECONDS - 0.1
    assert keys.remembered("a") is ring
    clock.now = KEPT_SECONDS
    assert keys.remembered("a") is None


def test_of_too_many_rings_the_oldest_is_closed(keys: Vault, ring: Ring) -> None:
    for name in ("a", "b", "a", "c"):
        keys.remember(name, ring, keys.closings)
    assert [keys.remembered(name) for name in ("a", "b", "c")] == [ring, None, ring]


def test_a_forgotten_ring_is_closed_at_once(keys: Vault, ring: Ring) -> None:
    keys.remember("a", ring, keys.closings)
    keys.remember("b", ring, keys.closings)
    keys.forget("a")
    assert [keys.remembered(name) for name in ("a", "b")] == [None, ring]
    keys.forget()
    assert keys.remembered("b") is None


def test_a_ring_that_was_being_read_while_one_was_forgotten_is_not_kept(keys: Vault, ring: Ring) -> None:
    before = keys.closings
    keys.forget("a")
    keys.remember("a", ring, before)
    assert keys.remembered("a") is None
