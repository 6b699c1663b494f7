"""The ledger is signed when it has grown, once for each size, and witnesses get all of it in order."""

import asyncio
import shutil
from datetime import UTC, datetime
from typing import Any

import pytest

from models.event import Event
from models.ledger import Checkpoint, LedgerHead
from procedures import current as places
from procedures.audit import Report, audit, evidence
from procedures.checkpoint import checkpoint as checkpoints
from procedures.current import Addresses
from procedures.ledger import WitnessError
from procedures.ledger import ledger as ledgers
from tests import installation, ledger
from tests.endpoint import endpoint
from tests.procedures.ledgers import free, short, sql
from vault import checkpoint, vault
from vault.errors import SealedError

#: What a new database has in its ledger: that it was migrated.
FIRST = 2
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def write(count: int = 1) -> None:
    """Let the ledger grow."""
    for _ in range(count):
        await ledgers.note(Event.POLICY_LOADED, None, version="0" * 64)


async def grown(count: int = 1) -> Checkpoint:
    """Let the ledger grow, and sign it."""
    await write(count)
    made = await checkpoints.issue()
    assert made is not None
    return made


async def audited(where: Addresses) -> Report:
    return await audit.verify(evidence.collected(where))


def with_witnesses(where: Addresses, *urls: str) -> None:
    """Name endpoints as witnesses of the installation that is open."""
    places.installation().addresses = Addresses(
        where.database, where.keys, where.provider, where.witness, witness_urls=urls
    )


@pytest.fixture
async def where(database: str) -> Addresses:
    return installation.place(database)


@pytest.mark.every_database
async def test_what_is_signed_is_what_the_ledger_is(where: Addresses):
    await write(5)
    made = await checkpoints.issue(clock=lambda: NOON)

    assert made is not None
    said = checkpoint.verified(made.note, vault.current().provider.public("signing-1"))
    assert (said.size, said.root, said.at) == (await ledger.sound(), bytes(made.root), NOON)


async def test_a_ledger_that_has_not_grown_is_not_signed_again(where: Addresses):
    await grown()

    assert await checkpoints.issue() is None
    assert await Checkpoint.all().count() == 1


async def test_an_empty_ledger_is_not_signed(where: Addresses):
    await free("ledger_entries", "ledger_head")
    await cut(0)

    assert await checkpoints.issue() is None


async def test_the_witness_directory_gets_all_that_an_audit_asks_for(where: Addresses):
    for count in (5, 3, 1):
        await write(count)
        await checkpoints.keep()

    report = await audited(where)
    assert short(report) == []
    assert (report.entries, report.covered, report.witnessed) == (FIRST + 9, FIRST + 9, 3)
    assert (where.witness / "leaves").stat().st_size == (FIRST + 9) * 32
    assert evidence.collected(where).public == vault.current().provider.public("signing-1")


async def test_what_was_handed_over_is_not_handed_over_again(where: Addresses):
    await grown()
    await checkpoints.deliver()
    size = (where.witness / "checkpoints").stat().st_size
    await checkpoints.deliver()

    assert (where.witness / "checkpoints").stat().st_size == size


@pytest.mark.every_database
async def test_many_at_once_sign_a_size_once(where: Addresses):
    await write(3)
    made = await asyncio.gather(*(checkpoints.issue() for _ in range(8)))

    assert sum(one is not None for one in made) == 1
    assert await Checkpoint.all().count() == 1


@pytest.mark.every_database
async def test_who_writes_meanwhile_forks_nothing(where: Addresses):
    async def sign() -> None:
        for _ in range(5):
            await checkpoints.keep()

    await asyncio.gather(write(20), write(20), sign(), sign(), sign())
    await checkpoints.keep()

    report = await audited(where)
    assert (short(report), report.covered) == ([], FIRST + 40)


async def test_who_signs_between_two_looks_is_not_taken_for_a_loss(where: Addresses, monkeypatch):
    await write()
    look = LedgerHead.get_or_none

    async def and_then_another_signs(**which: Any) -> Any:
        head = await look(**which)
        monkeypatch.setattr(LedgerHead, "get_or_none", look)
        await write(3)
        await checkpoints.issue()
        return head

    monkeypatch.setattr(LedgerHead, "get_or_none", and_then_another_signs)
    await checkpoints.issue()

    report = await audited(where)
    assert short(report) == []


async def test_a_sealed_vault_signs_nothing(where: Addresses):
    await write()
    vault.seal("PROVIDER_MISSING")

    with pytest.raises(SealedError):
        await checkpoints.keep()


@pytest.mark.every_database
async def test_an_endpoint_gets_everything_in_order_once_it_is_back(where: Addresses):
    with endpoint() as partner:
        with_witnesses(where, partner.address)
        await grown()
        await checkpoints.deliver()
        partner.status = 503
        for _ in range(3):
            await grown()
            told = await checkpoints.deliver()
        assert [(each.kind, each.lacking, each.code) for each in told] == [
            ("directory", 0, None),
            ("https", 3, "HTTPS_REFUSED"),
        ]
        partner.status = 200
        await checkpoints.deliver()

        assert partner.notes == [row.note for row in await Checkpoint.all().order_by("size")[:4]]
        assert partner.types == {"text/plain; charset=utf-8"}


async def test_who_cannot_be_reached_is_recorded_once_and_again_after_it_was_back(where: Addresses):
    with endpoint() as partner:
        with_witnesses(where, partner.address)
        for status in (503, 503, 200, 200, 404, 404):
            partner.status = status
            await grown()
            await checkpoints.deliver()

    assert await ledger.data(Event.CHECKPOINT_UNDELIVERED) == [
        {"witness": "https", "code": "HTTPS_REFUSED"},
        {"witness": "https", "code": "HTTPS_REFUSED"},
    ]


async def test_one_that_is_down_keeps_no_other_from_getting_it(where: Addresses):
    with endpoint() as partner, endpoint() as broken:
        broken.status = 500
        with_witnesses(where, broken.address, partner.address)
        made = await grown()
        await checkpoints.deliver()

        assert partner.notes == [made.note]
        assert short(await audited(where)) == []


async def test_a_new_witness_begins_with_the_newest(where: Addresses):
    for _ in range(3):
        made = await grown()
    with endpoint() as partner:
        with_witnesses(where, partner.address)
        await checkpoints.deliver()

        assert partner.notes == [made.note]


async def test_a_new_witness_that_is_down_gets_everything_since(where: Addresses):
    await grown()
    with endpoint() as partner:
        with_witnesses(where, partner.address)
        partner.status = 500
        made = []
        for _ in range(2):
            made.append((await grown()).note)
            await checkpoints.deliver()
        partner.status = 200
        await checkpoints.deliver()

        assert partner.notes == made


async def test_a_directory_that_cannot_be_written_is_recorded_and_caught_up(where: Addresses):
    await grown()
    (where.witness / "checkpoints").mkdir(parents=True)
    with pytest.raises(WitnessError):
        await checkpoints.deliver()
    with pytest.raises(WitnessError):
        await checkpoints.issue()
    (where.witness / "checkpoints").rmdir()
    (where.witness / "leaves").mkdir()
    (told,) = await checkpoints.deliver()
    assert (told.code, told.lacking) == ("WITNESS_UNUSABLE", 1)
    (where.witness / "leaves").rmdir()
    await checkpoints.keep()

    assert await ledger.data(Event.CHECKPOINT_UNDELIVERED) == [
        {"witness": "directory", "code": "WITNESS_UNUSABLE"}
    ]
    assert short(await audited(where)) == []


async def test_a_new_directory_is_filled_from_the_database(where: Addresses):
    for _ in range(3):
        await write(2)
        await checkpoints.keep()
    shutil.rmtree(where.witness)
    await checkpoints.deliver()

    assert (where.witness / "leaves").stat().st_size == (FIRST + 6) * 32
    report = await audited(where)
    assert (short(report), report.witnessed) == ([], 1)


@pytest.mark.parametrize("cut", [1, 40, 100, 150, 240])
async def test_what_was_half_written_does_not_spoil_what_follows(where: Addresses, cut: int):
    await write(3)
    await checkpoints.keep()
    notes, leaves = where.witness / "checkpoints", where.witness / "leaves"
    await write(3)
    made = await checkpoints.issue()
    assert made is not None
    with notes.open("ab") as file:
        file.write(made.note.encode()[:cut])
    with leaves.open("ab") as file:
        file.write((await audit.leaves(FIRST + 4))[FIRST + 3][: cut % 32])
    await checkpoints.keep()

    report = await audited(where)
    assert (short(report), report.witnessed) == ([], 2)


@pytest.mark.every_database
async def test_a_ledger_shorter_than_its_checkpoint_is_not_signed(where: Addresses):
    await write(4)
    await checkpoints.keep()
    await free("ledger_entries", "ledger_head")
    await cut(FIRST + 3)

    with pytest.raises(checkpoints.LedgerShrunk):
        await checkpoints.issue()
    assert f"TAIL_CUT {FIRST + 3} {FIRST + 3}" in short(await audited(where))


async def cut(size: int) -> None:
    """Cut the ledger's tail, as somebody does who knows how it is built."""
    from vault.merkle import Frontier

    await sql(f"DELETE FROM ledger_entries WHERE number >= {size}")
    frontier = Frontier()
    for leaf in await audit.leaves(size):
        frontier.append(leaf)
    await sql("UPDATE ledger_head SET size = ?, frontier = ?", size, frontier.encode())
