"""Handing in the scan of a letter, and reading it.

    begin     whoever recorded what the letter asks for says how large the scan is
    append    its parts come one after the other, each sealed before anything else is done; with the last it is looked at
    open_     who decides, the privacy officer or the customer reads it; recorded first, and seen in the access log
    remove    the privacy officer deletes one that was handed in with the wrong letter

A part comes in the body of a request as everything else does, so it is bounded in size and in time as that is, lies in no
file, and in plain nowhere but in memory.

    SCAN_TOO_LARGE      it is larger than a scan may be, or the customer has as much as may be kept
    SCAN_PART           the part is not the next one, or not of its size
    SCAN_KIND_UNKNOWN   it is no PDF, PNG, JPEG or TIFF, or not a whole one; what came of it is deleted
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tortoise.functions import Sum

from models import SCAN_PART, Customer, Instruction, Request, Scan, ScanContent, ScanPart, ScanState, opened
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from models.ledger import Accesses
from policies.actor import Actor
from policies.decide import require
from procedures.errors import Conflict, NotFound, RateLimited, found
from procedures.fetched import Fetched
from procedures.ledger import record
from procedures.scan import kinds
from procedures.scan.content import name, parts
from procedures.scan.retention import DAY

#: Bytes of one scan, of all of a customer, and of those that one account hands in within a day.
MOST: Final = 5 * 1024 * 1024
OF_CUSTOMER: Final = 25 * 1024 * 1024
A_DAY: Final = 200 * 1024 * 1024


class ScanKindUnknown(Conflict):
    """What was handed in is none of the kinds that are kept, or not a whole one."""

    code = "SCAN_KIND_UNKNOWN"
    message = "This is no whole PDF, PNG, JPEG or TIFF. Scan the letter again, and hand that in."
    field = "content"


@dataclass(frozen=True)
class About:
    """What a letter asks for: an instruction or a request that was recorded."""

    record: type[Instruction] | type[Request]
    id: UUID


@dataclass(frozen=True, repr=False)
class Opened:
    """A scan to be sent: what it is called, its media type, its content."""

    name: str
    media_type: str
    file: Fetched


async def begin(about: About, size: int, *, by: Actor) -> Scan:
    """Begin to hand in a scan.

    Args:
        about: what the letter asks for.
        size: of the scan, in bytes.
        by: who recorded that.

    Raises:
        Refused: the actor has not recorded it, or it is decided.
        Unfit: SCAN_TOO_LARGE, or it is empty.
        RateLimited: the actor has handed in too much today.
    """
    async with transaction():
        await require(by, "begin_scan", about.record.__name__, about.id)
        row = await about.record.get(id=about.id)
        await Customer.filter(id=row.customer_id).select_for_update(no_key=True).get()
        await _check_size(row.customer_id, size, by)
        named: dict[str, Any] = {"instruction_id" if about.record is Instruction else "request_id": about.id}
        scan = await Scan.create(
            customer_id=row.customer_id, size=size, added_by_id=by.actor_id, begun_at=by.now, ends_at=by.now + DAY, **named
        )  # fmt: skip
        record(Event.SCAN_BEGUN, by, changed={Scan: [scan.id]}, **_details(scan))
        return scan


async def append(scan_id: UUID, number: int, content: str, *, by: Actor) -> Scan:
    """Hand in the next part of a scan; with the last one it is kept, or refused.

    Args:
        scan_id: of the scan.
        number: of the part, from 0.
        content: in base64.
        by: who began it.

    Raises:
        Refused: the actor has not begun it, or it is whole.
        Unfit: SCAN_PART, it is not the next part, or not of its size.
        ScanKindUnknown: it is none of the kinds that are kept; what came of it is deleted.
    """
    async with transaction():
        await require(by, "append", "Scan", scan_id)
        data = _decoded(content)
        scan = await Scan.filter(id=scan_id).select_for_update(no_key=True).get()
        await _check_part(scan, number, data, by)
        refused = number == 0 and kinds.begun(data) is None
        if not refused:
            await _keep(scan, number, data)
        if refused or scan.received == scan.size:
            await _end(scan, data, by)
    if scan.state is ScanState.REFUSED:
        raise ScanKindUnknown
    return scan


async def open_(scan_id: UUID, *, by: Actor) -> Opened:
    """Read a scan; the reading is recorded before anything is sent, and the customer sees it in the access log.

    Raises:
        NotFound: there is none that the actor may read.
        StepUpRequired: the session has to be confirmed first.
        LedgerUnavailable: it cannot be recorded.
    """
    async with transaction():
        await require(by, "open", "Scan", scan_id)
        scan = found(await Scan.get_or_none(id=scan_id, state=ScanState.KEPT), "scan")
        if scan.kind is None:
            raise NotFound("scan")
        seen = Accesses(
            by.kind, " ".join(sorted(by.roles)), by.now, " ".join(sorted(by.purposes)), "Scan.content", {str(scan.customer_id): ""}
        )  # fmt: skip
        record(Event.SCAN_OPENED, by, accesses=[seen], **_details(scan))
    return Opened(name(scan), kinds.MEDIA[scan.kind][0], Fetched(scan.received, parts(scan)))


async def remove(scan_id: UUID, *, by: Actor) -> Scan:
    """Delete a scan that was handed in with the wrong letter.

    Raises:
        Refused: the actor is no privacy officer.
        StepUpRequired: the session has to be confirmed first.
    """
    async with transaction():
        await require(by, "remove", "Scan", scan_id)
        scan = await Scan.get(id=scan_id)
        await scan.delete()
        record(Event.SCAN_REMOVED, by, **_details(scan))
        return scan


async def _check_size(customer_id: UUID, size: int, by: Actor) -> None:
    if not 0 < size <= MOST:
        raise Unfit(
            f"A scan has at most {MOST} bytes. Scan it with fewer dots.", "size", code="SCAN_TOO_LARGE"
        )
    if await _sum(customer_id=customer_id) + size > OF_CUSTOMER:
        raise Unfit("So much is not kept of one customer.", "size", code="SCAN_TOO_LARGE")
    if await _sum(added_by_id=by.actor_id, begun_at__gt=by.now - DAY) + size > A_DAY:
        raise RateLimited(int(DAY.total_seconds()), "So much is not handed in within a day.")


async def _sum(**which: Any) -> int:
    (row,) = await Scan.filter(**which).annotate(sum=Sum("size")).values("sum") or [{"sum": 0}]
    return int(row["sum"] or 0)


async def _check_part(scan: Scan, number: int, data: bytes, by: Actor) -> None:
    if scan.ends_at is not None and scan.ends_at <= by.now:
        raise NotFound("scan", "scanId")
    wanted = min(SCAN_PART, scan.size - scan.received)
    if number != scan.received // SCAN_PART or len(data) != wanted:
        text = f"This is part {scan.received // SCAN_PART}, of {wanted} bytes."
        raise Unfit(text, "part", code="SCAN_PART")


async def _keep(scan: Scan, number: int, data: bytes) -> None:
    """Seal a part."""
    key = "instruction" if scan.request_id is None else (await Request.get(id=scan.request_id)).category
    part = ScanPart(
        scan_id=scan.id, customer_id=scan.customer_id, sealed_under=str(key), number=number,
        content=ScanContent(b64encode(data).decode()),
    )  # fmt: skip
    await part.save()
    scan.received += len(data)
    await Scan.filter(id=scan.id).update(received=scan.received)


async def _end(scan: Scan, last: bytes, by: Actor) -> None:
    """Look at a scan that is whole, or begins as none does: keep it, or delete what came of it."""
    first = last
    if scan.received > len(last):
        first = b64decode((await opened(await ScanPart.get(scan_id=scan.id, number=0))).data)
        before = await ScanPart.get(scan_id=scan.id, number=(scan.received - 1) // SCAN_PART - 1)
        last = b64decode((await opened(before)).data) + last
    scan.kind = kinds.whole(first, last, scan.size) if scan.received == scan.size else None
    scan.state = ScanState.REFUSED if scan.kind is None else ScanState.KEPT
    # Of what is refused the row stays for a day, so that it counts.
    scan.ends_at = scan.ends_at if scan.kind is None else None
    await Scan.filter(id=scan.id).update(kind=scan.kind, state=scan.state, ends_at=scan.ends_at)
    if scan.kind is None:
        await ScanPart.filter(scan_id=scan.id).delete()
        record(Event.SCAN_REFUSED, by, changed={Scan: [scan.id]}, **_details(scan))
    else:
        record(Event.SCAN_KEPT, by, changed={Scan: [scan.id]}, **_details(scan))


def _decoded(content: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except ValueError:
        raise Unfit("The part is no base64.", "content") from None


def _details(scan: Scan) -> dict[str, Any]:
    return {"scan": scan.id, "customer": scan.customer_id}
