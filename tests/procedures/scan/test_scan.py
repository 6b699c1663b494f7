"""The scan of a letter is handed in by parts, read by who may, and gone with what it came with."""

import asyncio
import io
import json
import zipfile
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

import models
from models import (
    SCAN_PART,
    Instruction,
    InstructionKind,
    Order,
    Proof,
    Request,
    Scan,
    ScanKind,
    ScanPart,
    ScanState,
)
from models.database import CONNECTION, transaction
from models.errors import ProcedureError, Unfit
from models.event import Event
from policies.errors import Refused, StepUpRequired
from procedures import export, instruction, scan
from procedures.consent import consent
from procedures.errors import NotFound, RateLimited
from procedures.instruction import Received
from procedures.leaving import withdrawal
from procedures.request import Rectification, request
from procedures.scan import About, kinds
from procedures.scan import scan as scans
from schema.reading import encode
from tests import ledger
from tests.clocks import ran_until
from tests.people import Office, Someone
from tests.procedures.asking import WHY
from tests.procedures.papers import MARK, Desk, desk, later
from tests.procedures.taking import READ

WORDS = b"I, Jone Kazlauskaite, want a copy."


def letter(size: int = 3 * SCAN_PART + 7, kind: ScanKind = ScanKind.PDF) -> bytes:
    """A file of a kind that holds the words of a letter."""
    begins, ends = {
        ScanKind.PDF: (b"%PDF-1.7\n", b"\n%%EOF\n"),
        ScanKind.PNG: (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"IEND\xaeB`\x82"),
        ScanKind.JPEG: (b"\xff\xd8\xff\xe0", b"\xff\xd9"),
        ScanKind.TIFF: (b"II*\x00\x08\x00\x00\x00", b""),
    }[kind]
    return begins + WORDS + b"x" * (size - len(begins) - len(WORDS) - len(ends)) + ends


async def handed_in(about: About, content: bytes, by: Any) -> Scan:
    """A scan that is handed in, part by part."""
    made = await scan.begin(about, len(content), by=by)
    for number, start in enumerate(range(0, len(content), SCAN_PART)):
        made = await scan.append(
            made.id, number, b64encode(content[start : start + SCAN_PART]).decode(), by=by
        )
    return made


async def kept(office: Office, **values: Any) -> tuple[Desk, Instruction, Scan]:
    """A letter that asks for a copy, with its scan."""
    scene = await desk(office)
    said = await scene.records(InstructionKind.ACCESS)
    return scene, said, await handed_in(About(Instruction, said.id), letter(**values), scene.agent.actor)


async def reads(made: Scan, by: Any) -> bytes:
    opened = await scan.open_(made.id, by=by)
    content = b"".join([part async for part in opened.file.parts])
    assert opened.file.size == len(content)
    return content


@pytest.mark.every_database
@pytest.mark.parametrize("kind", ScanKind)
async def test_a_scan_is_read_as_it_was_handed_in_and_the_customer_sees_by_whom(
    office: Office, kind: ScanKind
) -> None:
    scene, _, made = await kept(office, kind=kind)
    assert (made.state, made.kind, made.ends_at) == (ScanState.KEPT, kind, None)

    content = await reads(made, await scene.confirmed(scene.officer))

    assert content == letter(kind=kind)
    herself = await office.himself(scene.customer)
    log = "query ($me: ID!) { accessLog(customerId: $me) { nodes { actorRoles fields } } }"
    seen = (await herself.asks(log, me=encode("Customer", scene.customer.id))).data["accessLog"]["nodes"]
    assert {"actorRoles": ["PRIVACY_OFFICER"], "fields": ["Scan.content"]} in seen
    told = "{ me { ... on Customer { scans { kind size state addedBy { name } } instructions { scans { kind } } } } }"
    mine = (await herself.asks(told)).data["me"]
    assert mine["scans"] == [{"kind": kind.value, "size": len(content), "state": "KEPT", "addedBy": None}]
    assert mine["instructions"] == [{"scans": [{"kind": kind.value}]}]
    await ledger.sound()


async def test_it_is_read_by_who_decides_and_nobody_else(office: Office) -> None:
    scene, _, made = await kept(office, size=500)
    for who in (scene.agent, await office.agent("support"), await office.employee("front_desk")):
        with pytest.raises(Refused):
            await scan.open_(made.id, by=await scene.confirmed(who))
    other = await office.session(await office.himself(await office.customer()))
    with pytest.raises(Refused):
        await scan.open_(made.id, by=other.actor)
    with pytest.raises(StepUpRequired):
        await scan.open_(made.id, by=scene.manager.actor)
    herself = await office.session(await office.himself(scene.customer))
    for by in (await scene.confirmed(scene.manager), herself.actor):
        assert await reads(made, by) == letter(500)
    assert len(await ledger.entries(Event.SCAN_OPENED)) == 2


@pytest.mark.every_database
async def test_nothing_of_it_lies_in_plain(office: Office) -> None:
    _, _, made = await kept(office)
    rows = await get_connection(CONNECTION).execute_query_dict("SELECT * FROM scan_parts")
    raw = b"".join(bytes(row["content"]) for row in rows)
    assert len(rows) == 4
    for word in (WORDS, b64encode(WORDS), b64encode(WORDS)[4:-4], WORDS.hex().encode()):
        assert word not in raw
    assert WORDS.decode() not in str(await ledger.entries()) + repr(made) + repr(await Scan.all().values())


@pytest.mark.parametrize(
    "content",
    [
        b"MZ" + letter(400), b"<html>" + b"x" * 400, letter(400)[:-8] + b"x" * 8, letter(400, ScanKind.PNG)[:-2] + b"xx",
        letter(400, ScanKind.JPEG)[:-1] + b"x", b"II*\x00" + (401).to_bytes(4, "little") + b"x" * 300, b"PK\x03\x04" + b"x" * 300,
    ],
)  # fmt: skip
async def test_what_is_no_whole_scan_is_deleted(office: Office, content: bytes) -> None:
    scene = await desk(office)
    said = await scene.records(InstructionKind.ACCESS)
    with pytest.raises(scans.ScanKindUnknown):
        await handed_in(About(Instruction, said.id), content, scene.agent.actor)
    assert (await Scan.get()).state is ScanState.REFUSED
    assert not await ScanPart.exists()
    assert kinds.whole(content, content, len(content)) is None


@pytest.mark.parametrize(("number", "size"), [(1, SCAN_PART), (0, SCAN_PART - 1), (0, SCAN_PART + 1), (0, 0)])
async def test_parts_come_whole_and_in_order(office: Office, number: int, size: int) -> None:
    scene = await desk(office)
    said = await scene.records(InstructionKind.ACCESS)
    made = await scan.begin(About(Instruction, said.id), 2 * SCAN_PART, by=scene.agent.actor)
    with pytest.raises(Unfit):
        await scan.append(
            made.id, number, b64encode(letter(2 * SCAN_PART)[:size]).decode(), by=scene.agent.actor
        )
    with pytest.raises(Unfit):
        await scan.append(made.id, 0, "no base64!", by=scene.agent.actor)
    with pytest.raises(Refused):
        await scan.append(made.id, 0, "", by=(await office.agent("support")).actor)
    with pytest.raises(NotFound):
        await scan.open_(made.id, by=await scene.confirmed(scene.officer))


async def test_so_much_is_kept_of_a_customer_and_taken_from_somebody_in_a_day(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await desk(office)
    said = await scene.records(InstructionKind.ACCESS)
    about, by = About(Instruction, said.id), scene.agent.actor
    for size in (0, scans.MOST + 1):
        with pytest.raises(Unfit):
            await scan.begin(about, size, by=by)
    monkeypatch.setattr(scans, "A_DAY", 1_000)
    await scan.begin(about, 600, by=by)
    with pytest.raises(RateLimited):
        await scan.begin(about, 600, by=by)
    later(office, 1.1)
    await scan.begin(about, 600, by=by)
    monkeypatch.setattr(scans, "OF_CUSTOMER", 1_500)
    with pytest.raises(ProcedureError) as refused:
        await scan.begin(about, 600, by=by)
    assert refused.value.code == "SCAN_TOO_LARGE"


async def test_only_who_recorded_it_hands_it_in_and_while_it_waits(office: Office) -> None:
    scene = await desk(office)
    said = await scene.records(InstructionKind.RESTRICT)
    about = About(Instruction, said.id)
    for who in (scene.officer, scene.manager, await office.himself(scene.customer)):
        with pytest.raises(Refused):
            await scan.begin(about, 400, by=await scene.confirmed(who))
    await scene.approves(said)
    with pytest.raises(Refused):
        await scan.begin(about, 400, by=scene.agent.actor)


async def test_it_is_in_the_customers_archive(office: Office) -> None:
    scene, _, made = await kept(office)
    herself = await office.session(await office.himself(scene.customer))
    begun = await export.begin(scene.customer.id, by=herself.actor)
    await export.finish(READ, clock=office.clock)
    got = await export.download(begun.token, by=herself.actor)
    archive = zipfile.ZipFile(io.BytesIO(b"".join([part async for part in got.parts])))
    assert archive.read(f"scans/{made.id}.pdf") == letter()
    assert f"scans/{made.id}.pdf" in archive.read("MANIFEST.json").decode()
    assert json.loads(archive.read("data.json"))["data"]["scans"][0]["kind"] == "PDF"


@pytest.mark.every_database
async def test_it_goes_with_the_customer(office: Office) -> None:
    scene, _, _ = await kept(office)
    herself = await office.session(await office.himself(scene.customer))
    await withdrawal.begin(scene.customer.id, scene.customer.number, by=herself.actor)
    await withdrawal.finish()
    assert not await Scan.exists()
    assert not await ScanPart.exists()


@pytest.mark.every_database
async def test_it_goes_with_the_category_that_it_is_about(office: Office) -> None:
    customer = await office.customer([("order", "billing"), ("identity", "support")])
    clerk = await office.agent("billing")
    await office.task(clerk, customer, "billing")
    row, came = await Order.get(), Received(models.Medium.LETTER, office.now.date(), Proof.REACHED)
    wanted = Rectification("number", "NR-2", WHY)
    made = await request.record(Order, row.id, wanted, came, MARK, by=clerk.actor)
    scanned = await handed_in(About(Request, made.id), letter(900), clerk.actor)
    assert (await ScanPart.get()).sealed_under == "order"
    other = await office.agent("billing")
    await office.task(other, customer, "billing")
    assert await reads(scanned, (await office.session(other)).actor) == letter(900)
    given = await models.Consent.get(customer_id=customer.id, category="order")
    await consent.withdraw(given.id, by=(await office.himself(customer)).actor)
    assert not await Scan.exists()
    assert not await ScanPart.exists()


async def test_it_is_kept_while_it_waits_and_for_a_year_after_it_was_decided(office: Office) -> None:
    scene, said, made = await kept(office, size=500)
    later(office, 20)
    await ran_until(office.now)
    assert await scan.expire(clock=office.clock) == 0
    await instruction.refuse(said.id, by=scene.officer.actor, reason="No.")
    assert (await Scan.get(id=made.id)).ends_at == office.now + timedelta(days=365)
    for _ in range(13):
        later(office, 28)
        await ran_until(office.now)
    assert await scan.expire(clock=office.clock) == 0
    later(office, 2)
    await ran_until(office.now)
    assert await scan.expire(clock=office.clock) == 1
    assert not await ScanPart.exists()
    assert len(await ledger.entries(Event.SCAN_EXPIRED)) == 1


async def test_what_never_gets_whole_is_gone_after_a_day(office: Office) -> None:
    scene = await desk(office)
    said = await scene.records(InstructionKind.ACCESS)
    made = await scan.begin(About(Instruction, said.id), SCAN_PART + 1, by=scene.agent.actor)
    await scan.append(made.id, 0, b64encode(letter(SCAN_PART)).decode(), by=scene.agent.actor)
    later(office, 1.1)
    await ran_until(office.now)
    with pytest.raises(NotFound):
        await scan.append(made.id, 1, b64encode(b"x").decode(), by=scene.agent.actor)
    assert await scan.expire(clock=office.clock) == 1
    assert not await Scan.exists()


@pytest.mark.every_database
async def test_one_that_is_to_be_kept_meanwhile_loses_no_part(office: Office) -> None:
    scene = await desk(office)
    said = await scene.records(InstructionKind.ACCESS)
    made = await scan.begin(About(Instruction, said.id), SCAN_PART + 1, by=scene.agent.actor)
    await scan.append(made.id, 0, b64encode(letter(SCAN_PART)).decode(), by=scene.agent.actor)
    later(office, 1.1)
    await ran_until(office.now)
    written = asyncio.Event()

    async def expires() -> int:
        await written.wait()
        return await scan.expire(clock=office.clock)

    # A task of its own, begun outside of the transaction, so that it is not in it.
    expiring = asyncio.create_task(expires())
    async with transaction():
        await Scan.filter(id=made.id).update(ends_at=None)
        written.set()
        # The other goes on as long as this asks, until it waits for the row.
        for _ in range(200):
            await Scan.exists(id=made.id)

    assert await expiring == 0
    assert await ScanPart.filter(scan_id=made.id).count() == 1


async def test_one_with_the_wrong_letter_is_deleted_by_the_privacy_officer(office: Office) -> None:
    scene, _, made = await kept(office, size=500)
    for who in (scene.agent, scene.manager):
        with pytest.raises(Refused):
            await scan.remove(made.id, by=await scene.confirmed(who))
    await scan.remove(made.id, by=await scene.confirmed(scene.officer))
    assert not await ScanPart.exists()
    assert len(await ledger.entries(Event.SCAN_REMOVED)) == 1


BEGIN = """mutation ($i: ScanBeginInput!) { scanBegin(input: $i) {
  scan { id state received } userErrors { code field } } }"""
APPEND = """mutation ($i: ScanAppendInput!) { scanAppend(input: $i) {
  scan { kind state received } userErrors { code field } } }"""


async def test_it_is_handed_in_by_the_api(office: Office) -> None:
    scene = await desk(office)
    said, content = await scene.records(InstructionKind.ACCESS), letter(SCAN_PART + 90)

    async def says(who: Someone, text: str, **values: Any) -> Any:
        answer = await who.asks(text, i=values)
        assert not answer.errors, answer.codes
        (payload,) = answer.data.values()
        return [each["code"] for each in payload["userErrors"]] or payload["scan"]

    assert await says(scene.agent, BEGIN, size=9) == ["ONE_OF_TWO"]
    begun = await says(scene.agent, BEGIN, size=len(content), instructionId=encode("Instruction", said.id))
    assert (begun["state"], begun["received"]) == ("INCOMPLETE", 0)
    parts = [b64encode(content[:SCAN_PART]).decode(), b64encode(content[SCAN_PART:]).decode()]
    assert await says(scene.agent, APPEND, scanId=begun["id"], part=1, content=parts[1]) == ["SCAN_PART"]
    first = await says(scene.agent, APPEND, scanId=begun["id"], part=0, content=parts[0])
    assert first == {"kind": None, "state": "INCOMPLETE", "received": SCAN_PART}
    last = await says(scene.agent, APPEND, scanId=begun["id"], part=1, content=parts[1])
    assert last == {"kind": "PDF", "state": "KEPT", "received": len(content)}
