"""Whoever may write past the program is found out: by code, and by the number of the entry."""

import asyncio

import pytest

from models.event import Event
from procedures.audit import Evidence, Report, audit
from procedures.ledger import ledger as ledgers
from tests.campaigns import Campaign
from tests.procedures.ledgers import (
    END,
    PUBLIC,
    Ledger,
    found,
    freed,
    short,
    sql,
    written,
)
from vault import merkle


@pytest.fixture
async def ledger(database: str) -> Ledger:
    """A ledger of thirteen entries."""
    return await freed()


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
async def test_each_bit_of_an_entry_counts(ledger: Ledger, number: int, campaign: Campaign):
    raw = ledger.entries[number]
    bits = range(0, len(raw) * 8, campaign.of(short=37, long=5))
    campaign.tried(len(bits), "entries with a bit flipped")
    for bit in bits:
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


@pytest.mark.every_database
async def test_who_writes_meanwhile_disturbs_no_audit(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "PAGE", 2)

    async def write() -> None:
        for number in range(20):
            await ledgers.note(Event.POLICY_LOADED, None, version=f"{number:064x}")

    report, _ = await asyncio.gather(audit.verify(ledger.witness), write())
    assert short(report) == []
    assert (await audit.verify(ledger.witness)).entries == END + 20
