"""What lies outside of the database is read as far as it was written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from procedures.audit.evidence import collected
from procedures.current import Addresses
from procedures.ledger import WitnessError
from tests.procedures.ledgers import PUBLIC, noted, written
from vault import provider

NOTES = [noted([written(number) for number in range(size)]) for size in (1, 2, 3)]


@pytest.fixture
def place(tmp_path: Path) -> Addresses:
    """An installation without anything yet."""
    (tmp_path / "witness").mkdir()
    return Addresses(
        "sqlite:///no", "sqlite:///no", f"file:{tmp_path / 'provider.json'}", tmp_path / "witness"
    )


def test_where_nothing_is_nothing_is_known(place: Addresses):
    found = collected(place)

    assert (found.notes, found.leaves, found.public, found.provided, found.key) == ((), b"", None, None, None)


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_notes_are_read_in_their_order(place: Addresses, between: str):
    (place.witness / "checkpoints").write_text(between.join(NOTES), "utf-8")

    assert collected(place).notes == tuple(NOTES)


@pytest.mark.parametrize("cut", [1, 30, 60, 100, 120])
def test_a_note_half_written_is_none(place: Addresses, cut: int):
    (place.witness / "checkpoints").write_text("\n".join([NOTES[0], NOTES[1][:cut]]), "utf-8")

    assert NOTES[0] in collected(place).notes
    assert NOTES[1] not in collected(place).notes


@pytest.mark.parametrize("written", [bytes, bytes.hex, lambda key: f"{key.hex()}\n"])
def test_the_key_of_the_witness_is_read(place: Addresses, written: Callable[[bytes], bytes | str]):
    said = written(PUBLIC)
    (place.witness / "signing.pub").write_bytes(said.encode() if isinstance(said, str) else said)

    assert collected(place).public == PUBLIC


@pytest.mark.parametrize("raw", [b"no key", b"\xff" * 31, PUBLIC.hex()[:-2].encode()])
def test_a_key_that_is_none_is_told(place: Addresses, raw: bytes):
    (place.witness / "signing.pub").write_bytes(raw)

    with pytest.raises(WitnessError):
        collected(place)


def test_the_key_of_the_provider_is_read_and_no_other_is_made(place: Addresses):
    keys = provider.created(place.provider)
    assert collected(place).provided is None

    keys.create("signing-1")
    assert collected(place).provided == keys.public("signing-1")
    assert keys.names() == {"signing-1"}


def test_a_file_that_cannot_be_read_is_told(place: Addresses):
    (place.witness / "leaves").mkdir()

    with pytest.raises(WitnessError, match="--witness"):
        collected(place)
