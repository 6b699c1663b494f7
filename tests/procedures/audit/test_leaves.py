"""What was done to a ledger is told from the leaves that a witness kept, entry by entry."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.audit.leaves import Alignment, Leaves
from vault.merkle import leaf_hash

LEAVES = [leaf_hash(b"entry %d" % number) for number in range(20)]
#: The witness has not seen the last five yet.
KEPT = Leaves(b"".join(LEAVES[:15]))
NEW = [leaf_hash(b"new %d" % number) for number in range(10)]


def found(rows: Sequence[tuple[int, bytes]]) -> list[str]:
    """What is found of a ledger with these numbers and leaves, in short."""
    alignment = Alignment(KEPT)
    for number, leaf in rows:
        alignment.take(number, leaf)
    return [f"{one.trouble.name} {one.first} {one.last}" for one in alignment.findings()]


def renumbered(*parts: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """A ledger put together from parts, its numbers without a gap."""
    return list(enumerate(leaf for part in parts for leaf in part))


@pytest.mark.parametrize("end", [15, 16, 20])
def test_a_sound_ledger_is_found_sound(end: int):
    assert found(renumbered(LEAVES[:end])) == []


@pytest.mark.parametrize(
    ("rows", "troubles"),
    [
        (renumbered(LEAVES[:7], NEW[:1], LEAVES[8:]), ["ENTRY_CHANGED 7 7"]),
        (renumbered(LEAVES[:7], NEW[:2], LEAVES[9:]), ["ENTRY_CHANGED 7 8"]),
        (renumbered(LEAVES[:14], NEW[:1], LEAVES[15:]), ["ENTRY_CHANGED 14 14"]),
        (renumbered(NEW[:1], LEAVES[1:]), ["ENTRY_CHANGED 0 0"]),
        (renumbered(NEW[:5], LEAVES[5:9], NEW[5:6], LEAVES[10:]), ["ENTRY_CHANGED 0 4", "ENTRY_CHANGED 9 9"]),
    ],
)
def test_changed_entries_are_named(rows: list[tuple[int, bytes]], troubles: list[str]):
    assert found(rows) == troubles


@pytest.mark.parametrize(("first", "beyond"), [(0, 1), (7, 8), (7, 12), (3, 14)])
def test_removed_entries_are_named_even_when_the_rest_is_renumbered(first: int, beyond: int):
    rows = renumbered(LEAVES)
    gone = [f"ENTRY_REMOVED {first} {beyond - 1}"]

    assert found(rows[:first] + rows[beyond:]) == gone
    assert found(renumbered(LEAVES[:first], LEAVES[beyond:])) == gone


@pytest.mark.parametrize("end", [0, 1, 9, 14])
def test_a_cut_tail_is_named(end: int):
    assert found(renumbered(LEAVES[:end])) == [f"TAIL_CUT {end} 14"]


def test_a_cut_tail_that_was_written_over_is_named():
    assert found(renumbered(LEAVES[:9], NEW[:3])) == ["ENTRY_CHANGED 9 11", "TAIL_CUT 12 14"]
    assert found(renumbered(LEAVES[:9], NEW)) == ["ENTRY_CHANGED 9 14"]


@pytest.mark.parametrize("count", [1, 3])
def test_added_entries_are_named(count: int):
    assert found(renumbered(LEAVES[:7], NEW[:count], LEAVES[7:])) == [f"ENTRY_ADDED 7 {6 + count}"]


def test_a_copied_entry_is_named():
    assert found(renumbered(LEAVES[:7], LEAVES[3:4], LEAVES[7:])) == ["ENTRY_ADDED 7 7"]


@pytest.mark.parametrize(
    ("rows", "troubles"),
    [
        (renumbered(LEAVES[:4], LEAVES[5:6], LEAVES[4:5], LEAVES[6:]), ["ENTRY_MOVED 5 5"]),
        (
            renumbered(LEAVES[:4], LEAVES[11:12], LEAVES[5:11], LEAVES[4:5], LEAVES[12:]),
            ["ENTRY_MOVED 4 4", "ENTRY_MOVED 11 11"],
        ),
        (renumbered(LEAVES[:4], LEAVES[5:], LEAVES[4:5]), ["ENTRY_MOVED 4 4"]),
        (renumbered(LEAVES[9:10], LEAVES[:9], LEAVES[10:]), ["ENTRY_MOVED 9 9"]),
    ],
    ids=["neighbours", "far apart", "to the end", "to the front"],
)
def test_moved_entries_are_named(rows: list[tuple[int, bytes]], troubles: list[str]):
    assert found(rows) == troubles


def test_several_troubles_are_told_apart():
    rows = renumbered(LEAVES[:2], NEW[:1], LEAVES[2:6], LEAVES[7:10], NEW[1:2], LEAVES[11:])

    assert found(rows) == ["ENTRY_ADDED 2 2", "ENTRY_REMOVED 6 6", "ENTRY_CHANGED 10 10"]


def test_numbers_below_nought_are_nobody_s_place():
    assert found([(-1, NEW[0]), *renumbered(LEAVES)]) == ["ENTRY_ADDED -1 -1"]


@given(st.lists(st.sampled_from(LEAVES + NEW), max_size=24), st.data())
def test_no_other_order_of_entries_is_found_sound(rows: list[bytes], data: st.DataObject):
    """Whatever is cut, copied, replaced or shuffled: what the witness has seen is either there, or missed."""
    kept = data.draw(st.integers(0, 15))
    ledger = LEAVES[:kept] + rows

    assert bool(found(renumbered(ledger))) == (ledger[:15] != LEAVES[:15])
