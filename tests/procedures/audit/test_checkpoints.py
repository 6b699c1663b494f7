"""Signed checkpoints, those of witnesses before all, are what an audit believes."""

from collections.abc import Callable
from typing import Any

import pytest

from models.event import Event
from models.ledger import Checkpoint
from procedures.audit import Evidence, audit
from tests.procedures.ledgers import (
    END,
    NOW,
    OFFICER,
    PUBLIC,
    SIZES,
    SYSTEM,
    THIEF,
    Ledger,
    found,
    freed,
    noted,
    short,
    sql,
    stated,
    written,
)


@pytest.fixture
async def ledger(database: str) -> Ledger:
    """A ledger of thirteen entries."""
    return await freed()


async def test_a_ledger_rebuilt_whole_is_found(ledger: Ledger):
    forged = [written(number + 100) for number in range(END)]
    await ledger.replace(forged)
    await sql("DELETE FROM checkpoints")

    assert await found(Evidence()) == []
    assert await found(ledger.witness) == [
        "ENTRY_CHANGED 0 9",
        "CHECKPOINT_REMOVED 4 4",
        "CHECKPOINT_REMOVED 10 10",
    ]
    assert "ROOT_DIFFERS 0 3" in await found(ledger.roots_only)


async def test_a_ledger_rebuilt_with_the_signing_key_is_a_fork(ledger: Ledger):
    """Even whoever has the key cannot take back what a witness has."""
    forged = [written(number + 100) for number in range(END)]
    await ledger.replace(forged)
    for size in SIZES:
        await sql(
            "UPDATE checkpoints SET note = ?, root = ? WHERE size = ?",
            noted(forged[:size]),
            stated(forged[:size]).root,
            size,
        )

    assert await found(Evidence(provided=PUBLIC)) == []
    assert {"ENTRY_CHANGED 0 9", "CHECKPOINT_FORK 4 4", "CHECKPOINT_FORK 10 10"} <= set(
        await found(ledger.witness)
    )


async def test_a_ledger_rebuilt_with_another_key_is_found(ledger: Ledger):
    forged = [written(number + 100) for number in range(END)]
    await ledger.replace(forged)
    for size in SIZES:
        await sql("UPDATE checkpoints SET note = ? WHERE size = ?", noted(forged[:size], THIEF), size)

    troubles = await found(ledger.witness)
    assert {"ENTRY_CHANGED 0 9", "CHECKPOINT_UNSIGNED 4 4", "CHECKPOINT_UNSIGNED 10 10"} <= set(troubles)


async def test_a_key_changed_on_one_side_is_told(ledger: Ledger):
    thief = THIEF.public_key().public_bytes_raw()
    evidence = Evidence(ledger.witness.notes, ledger.witness.leaves, PUBLIC, thief)

    assert await found(evidence) == ["KEY_DIFFERS 0 0"]


async def test_checkpoints_without_any_key_are_told(ledger: Ledger):
    assert await found(Evidence(ledger.witness.notes)) == ["KEY_UNKNOWN 0 0"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda note: note.replace("\n4\n", "\n5\n"), "CHECKPOINT_FORGED 5 5"),
        (lambda _: "what?", "CHECKPOINT_MALFORMED 4 4"),
        (lambda note: note.replace("savas.", "saves."), "CHECKPOINT_UNSIGNED 4 4"),
    ],
)
async def test_a_changed_checkpoint_is_told(ledger: Ledger, change: Callable[[str], str], code: str):
    await sql("UPDATE checkpoints SET note = ? WHERE size = 4", change(ledger.notes[0]))

    assert code in await found(Evidence(provided=PUBLIC))


@pytest.mark.parametrize(("column", "value"), [("root", bytes(32)), ("size", 5)])
async def test_a_checkpoint_s_row_must_say_what_was_signed(ledger: Ledger, column: str, value: Any):
    await sql(f"UPDATE checkpoints SET {column} = ? WHERE size = 4", value)
    size = value if column == "size" else 4

    assert await found(ledger.witness) == [f"CHECKPOINT_CHANGED {size} {size}"]


async def test_a_witness_s_leaves_are_believed_only_where_it_signed_for_them(ledger: Ledger):
    leaves = b"".join([*ledger.leaves[:6], bytes(32), *ledger.leaves[7:10]])

    assert await found(Evidence(tuple(ledger.notes), leaves, PUBLIC, PUBLIC)) == ["WITNESS_LEAVES_DIFFER 4 9"]


async def test_leaves_half_written_are_passed_over(ledger: Ledger):
    leaves = b"".join(ledger.leaves[:9]) + bytes(7)

    assert await found(Evidence(tuple(ledger.notes), leaves, PUBLIC, PUBLIC)) == []


def restored(ledger: Ledger, at: int, departs: int, *, before: Any = SYSTEM) -> list[bytes]:
    """The ledger of a backup that was restored, and says so after something else was written."""
    root = stated(ledger.entries[:departs]).root.hex()
    said = written(at, Event.LEDGER_RESTORED, SYSTEM, size=departs, root=root)
    return [
        *ledger.entries[: at - 1],
        written(at + 50, by=before),
        said,
        *(written(number + 100) for number in range(2)),
    ]


async def test_a_restored_backup_that_says_so_is_no_tampering(ledger: Ledger):
    await ledger.replace(restored(ledger, 6, departs=10))
    await sql("DELETE FROM checkpoints WHERE size > 6")

    report = await audit.verify(ledger.witness)
    assert short(report) == []
    assert [(told.number, told.size) for told in report.restorations] == [(6, 10)]


async def test_after_a_restoration_checkpoints_go_on(ledger: Ledger):
    entries = restored(ledger, 6, departs=10)
    await ledger.replace(entries)
    await sql("DELETE FROM checkpoints WHERE size > 6")
    ledger.notes.append(noted(entries[:8]))
    await Checkpoint.create(size=8, root=stated(entries[:8]).root, at=NOW, note=ledger.notes[-1])
    evidence = Evidence(tuple(ledger.notes), b"", PUBLIC, PUBLIC)

    assert await found(evidence) == []
    await ledger.replace([*entries[:7], written(99), *entries[8:]])
    assert await found(evidence) == ["ROOT_DIFFERS 4 7"]


async def test_a_restoration_covers_nothing_before_it(ledger: Ledger):
    entries = restored(ledger, 6, departs=10)
    await ledger.replace([*entries[:2], written(99), *entries[3:]])

    assert "ENTRY_CHANGED 2 2" in await found(ledger.witness)


async def test_a_restoration_covers_nobody_but_the_system(ledger: Ledger):
    await ledger.replace(restored(ledger, 6, departs=10, before=OFFICER))

    assert "ENTRY_CHANGED 5 5" in await found(ledger.witness)


async def test_a_restoration_that_departs_from_nothing_known_is_told(ledger: Ledger):
    entries = restored(ledger, 6, departs=9)
    await ledger.replace(entries)

    assert "RESTORATION_UNKNOWN 6 6" in await found(ledger.witness)


async def test_a_restored_backup_that_does_not_say_so_is_a_cut_tail(ledger: Ledger):
    await ledger.replace(ledger.entries[:6])
    await sql("DELETE FROM checkpoints WHERE size > 6")

    assert "TAIL_CUT 6 9" in await found(ledger.witness)
