"""Whoever may write past the program is found out: by code, and by the number of the entry."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tortoise.connection import get_connection

from models.database import CONNECTION, dialect, transaction
from models.event import Event, entry
from models.ledger import Checkpoint, append
from procedures import audit
from procedures.audit_check import Evidence, Report
from vault import checkpoint, merkle

KEY, THIEF = (Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32) for seed in (1, 2))
PUBLIC = KEY.public_key().public_bytes_raw()
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SYSTEM = {"kind": "System", "id": None, "roles": ()}
#: Where checkpoints were made; the ledger has thirteen entries.
SIZES, END = (4, 10), 13


def written(number: int, event: Event = Event.POLICY_LOADED, **details: Any) -> bytes:
    """An entry."""
    told = details or {"version": f"{number:064x}"}
    return entry(event, NOW + timedelta(seconds=number), SYSTEM, told)


def stated(entries: list[bytes], key: Ed25519PrivateKey = KEY) -> checkpoint.Checkpoint:
    """What a checkpoint of these entries says."""
    del key
    root = merkle.root([merkle.leaf_hash(one) for one in entries])
    return checkpoint.Checkpoint("savas.example/ledger", len(entries), root, NOW)


def noted(entries: list[bytes], key: Ed25519PrivateKey = KEY) -> str:
    """The signed checkpoint of these entries."""
    return checkpoint.note(stated(entries), key.sign, key.public_key().public_bytes_raw())


async def sql(text: str, *values: Any) -> list[Any]:
    """Ask the database, past the program."""
    if dialect() == "postgres":
        for place in range(1, len(values) + 1):
            text = text.replace("?", f"${place}", 1)
    _, rows = await get_connection(CONNECTION).execute_query(text, list(values))
    return list(rows)


async def free(*tables: str) -> None:
    """Take away what keeps tables append-only, as only the database's own administrator can."""
    if dialect() == "postgres":
        for table in tables:
            await sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for row in await sql("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"):
        if row["tbl_name"] in tables:
            await sql(f"DROP TRIGGER {row['name']}")


class Ledger:
    """A ledger with checkpoints of 4 and of 10 entries, which a witness has too."""

    def __init__(self, entries: list[bytes]) -> None:
        self.entries = entries
        self.leaves = [merkle.leaf_hash(one) for one in entries]
        self.notes = [noted(entries[:size]) for size in SIZES]

    @property
    def witness(self) -> Evidence:
        """What the witness has, up to the last checkpoint."""
        return Evidence(tuple(self.notes), b"".join(self.leaves[: SIZES[-1]]), PUBLIC, PUBLIC)

    @property
    def roots_only(self) -> Evidence:
        """A witness that keeps checkpoints and no leaves."""
        return Evidence(tuple(self.notes), b"", PUBLIC, PUBLIC)

    async def replace(self, entries: list[bytes]) -> None:
        """Write the whole table anew, with the leaves and the head that belong to it."""
        await sql("DELETE FROM ledger_entries")
        await sql("DELETE FROM ledger_head")
        async with transaction() as client:
            await append(client, [(one, ()) for one in entries])


async def found(evidence: Evidence) -> list[str]:
    """The findings of an audit, in short."""
    return short(await audit.verify(evidence))


def short(report: Report) -> list[str]:
    """Findings as their codes and numbers."""
    return [f"{one.trouble.name} {one.first} {one.last}" for one in report.findings]


@pytest.fixture
async def ledger(database: str) -> Ledger:
    """A ledger whose tables somebody has freed."""
    await free("ledger_entries", "ledger_head", "checkpoints")
    made = Ledger([written(number) for number in range(END)])
    await sql("DELETE FROM checkpoints")
    await made.replace(made.entries)
    for size, note in zip(SIZES, made.notes, strict=True):
        await Checkpoint.create(size=size, root=stated(made.entries[:size]).root, at=NOW, note=note)
    return made


async def test_a_sound_ledger_is_found_sound(ledger: Ledger):
    done: list[tuple[int, int]] = []
    report = await audit.verify(ledger.witness, lambda *told: done.append(told))

    assert report == Report(entries=END, covered=10, checkpoints=2, witnessed=2, findings=())
    assert done == [(END, END)]


async def test_a_ledger_without_anything_is_found_sound(ledger: Ledger):
    await sql("DELETE FROM checkpoints")
    await ledger.replace([])

    assert await found(Evidence()) == []


@pytest.mark.parametrize("number", [0, 3, 4, 9])
async def test_each_bit_of_an_entry_counts(ledger: Ledger, number: int):
    raw = ledger.entries[number]
    for bit in range(0, len(raw) * 8, 37):
        turned = (int.from_bytes(raw, "big") ^ 1 << bit).to_bytes(len(raw), "big")
        await sql("UPDATE ledger_entries SET entry = ? WHERE number = ?", turned, number)
        assert f"ENTRY_CHANGED {number} {number}" in await found(ledger.witness), bit


@pytest.mark.parametrize("number", [5, 11])
async def test_a_bit_of_an_entry_is_found_without_any_witness(ledger: Ledger, number: int):
    await sql("UPDATE ledger_entries SET entry = ? WHERE number = ?", written(99), number)

    assert await found(Evidence(provided=PUBLIC)) == [
        f"ENTRY_CHANGED {number} {number}",
        "HEAD_DIFFERS 12 12",
    ]


async def test_a_changed_leaf_is_told_from_a_changed_entry(ledger: Ledger):
    await sql("UPDATE ledger_entries SET leaf = ? WHERE number = ?", bytes(32), 5)

    assert await found(ledger.witness) == ["LEAF_CHANGED 5 5"]


async def test_an_entry_changed_with_its_leaf_is_named(ledger: Ledger):
    forged = written(99)
    await sql(
        "UPDATE ledger_entries SET entry = ?, leaf = ? WHERE number = 5", forged, merkle.leaf_hash(forged)
    )

    assert await found(ledger.witness) == ["ENTRY_CHANGED 5 5", "HEAD_DIFFERS 12 12"]
    assert await found(ledger.roots_only) == ["ROOT_DIFFERS 4 9", "HEAD_DIFFERS 12 12"]


async def test_an_entry_changed_with_all_that_hangs_on_it_is_named(ledger: Ledger):
    """Table, leaves, head: all of it rebuilt, so that the database agrees with itself."""
    await ledger.replace([*ledger.entries[:5], written(99), *ledger.entries[6:]])

    assert await found(ledger.witness) == ["ENTRY_CHANGED 5 5"]
    assert await found(ledger.roots_only) == ["ROOT_DIFFERS 4 9"]


async def test_a_removed_entry_is_named(ledger: Ledger):
    await sql("DELETE FROM ledger_entries WHERE number = 5")

    assert "ENTRY_REMOVED 5 5" in await found(ledger.witness)
    assert "ENTRY_REMOVED 5 5" in await found(Evidence())


async def test_a_removed_entry_is_named_when_the_gap_was_closed(ledger: Ledger):
    await ledger.replace(ledger.entries[:5] + ledger.entries[6:])

    assert await found(ledger.witness) == ["ENTRY_REMOVED 5 5"]


async def test_entries_in_each_other_s_place_are_named(ledger: Ledger):
    swapped = list(ledger.entries)
    swapped[2], swapped[7] = swapped[7], swapped[2]
    await ledger.replace(swapped)

    assert await found(ledger.witness) == ["ENTRY_MOVED 2 2", "ENTRY_MOVED 7 7"]


async def test_an_entry_put_in_between_is_named(ledger: Ledger):
    await ledger.replace([*ledger.entries[:5], written(99), *ledger.entries[5:]])

    assert await found(ledger.witness) == ["ENTRY_ADDED 5 5"]


@pytest.mark.parametrize("end", [0, 3, 9])
async def test_a_cut_tail_is_named(ledger: Ledger, end: int):
    await ledger.replace(ledger.entries[:end])

    assert await found(ledger.witness) == [f"TAIL_CUT {end} 9"]
    assert await found(ledger.roots_only) == [f"TAIL_CUT {end} 9"]


async def test_a_cut_tail_is_named_when_its_checkpoints_went_with_it(ledger: Ledger):
    await ledger.replace(ledger.entries[:7])
    await sql("DELETE FROM checkpoints WHERE size > 7")

    assert await found(ledger.witness) == ["TAIL_CUT 7 9", "CHECKPOINT_REMOVED 10 10"]


async def test_a_tail_cut_beyond_all_checkpoints_is_seen_by_the_head(ledger: Ledger):
    await sql("DELETE FROM ledger_entries WHERE number > 10")

    assert await found(ledger.witness) == ["HEAD_DIFFERS 10 10"]


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


@pytest.mark.parametrize(
    "raw",
    [
        b"not JSON",
        b"{}",
        b"\xff",
        written(5).replace(b",", b", ", 1),
        written(5).replace(b"policy.loaded", b"policy.dreamt"),
        written(5).replace(b'"data":{', b'"data":{"name":"Ona",'),
    ],
)
async def test_an_entry_that_is_not_written_as_entries_are_is_named(ledger: Ledger, raw: bytes):
    """Even where no checkpoint covers it yet."""
    await ledger.replace([*ledger.entries[:11], raw, *ledger.entries[12:]])

    report = await audit.verify(ledger.witness)
    assert short(report) == ["ENTRY_MALFORMED 11 11"]
    assert "Ona" not in str(report.findings[0])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_head SET size = 12",
        "UPDATE ledger_head SET size = 14",
        "UPDATE ledger_head SET frontier = (SELECT leaf FROM ledger_entries WHERE number = 0)",
    ],
)
async def test_a_head_that_disagrees_is_told(ledger: Ledger, statement: str):
    await sql(statement)

    assert await found(ledger.witness) == ["HEAD_DIFFERS 12 12"]


async def test_a_head_that_is_gone_is_told(ledger: Ledger):
    await sql("DELETE FROM ledger_head")

    assert await found(ledger.witness) == ["HEAD_MISSING 12 12"]


async def test_a_witness_s_leaves_are_believed_only_where_it_signed_for_them(ledger: Ledger):
    leaves = b"".join([*ledger.leaves[:6], bytes(32), *ledger.leaves[7:10]])

    assert await found(Evidence(tuple(ledger.notes), leaves, PUBLIC, PUBLIC)) == ["WITNESS_LEAVES_DIFFER 4 9"]


async def test_leaves_half_written_are_passed_over(ledger: Ledger):
    leaves = b"".join(ledger.leaves[:9]) + bytes(7)

    assert await found(Evidence(tuple(ledger.notes), leaves, PUBLIC, PUBLIC)) == []


def restored(ledger: Ledger, at: int, departs: int) -> list[bytes]:
    """The ledger of a backup that was restored, and says so."""
    root = stated(ledger.entries[:departs]).root.hex()
    said = written(at, Event.LEDGER_RESTORED, size=departs, root=root)
    return [*ledger.entries[:at], said, *(written(number + 100) for number in range(2))]


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


async def test_a_restoration_that_departs_from_nothing_known_is_told(ledger: Ledger):
    entries = restored(ledger, 6, departs=9)
    await ledger.replace(entries)

    assert "RESTORATION_UNKNOWN 6 6" in await found(ledger.witness)


async def test_a_restored_backup_that_does_not_say_so_is_a_cut_tail(ledger: Ledger):
    await ledger.replace(ledger.entries[:6])
    await sql("DELETE FROM checkpoints WHERE size > 6")

    assert "TAIL_CUT 6 9" in await found(ledger.witness)


async def test_pages_end_nowhere_in_particular(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "PAGE", 5)

    assert await found(ledger.witness) == []
    assert [number async for number, _ in audit.entries(3, 11)] == list(range(3, 11))
    assert await audit.leaves(7) == ledger.leaves[:7]


async def test_findings_are_told_in_words_without_what_entries_hold(ledger: Ledger):
    await sql("DELETE FROM ledger_entries WHERE number IN (5, 6)")
    await sql("DELETE FROM checkpoints WHERE size = 4")

    lines = [str(one) for one in (await audit.verify(ledger.witness)).findings]
    assert lines == [
        "CHECKPOINT_REMOVED  checkpoint of size 4: a witness has it, the database has not",
        "ENTRY_REMOVED  entries 5 to 6: missing",
        "HEAD_DIFFERS  entry 12: the end of the ledger; its head says otherwise",
    ]
