"""What scans hold, opened part by part; whoever calls this has asked whether it may be read, and has recorded it."""

from base64 import b64decode
from collections.abc import AsyncIterator
from uuid import UUID

from models import SCAN_PART, Scan, ScanPart, ScanState, opened
from policies.actor import Actor
from procedures.ledger import reading
from procedures.scan.kinds import MEDIA
from vault.errors import SealBroken


async def parts(scan: Scan) -> AsyncIterator[bytes]:
    """The parts of a scan in order.

    Raises:
        SealBroken: one is missing, was changed or moved.
    """
    for number in range(-(-scan.received // SCAN_PART)):
        part = await ScanPart.get_or_none(scan_id=scan.id, number=number)
        if part is None:
            raise SealBroken
        yield b64decode((await opened(part)).data)


async def files(customer_id: UUID, *, by: Actor) -> dict[str, bytes]:
    """The scans of a customer's letters as files of an archive, by name; what does not open is left out and recorded."""
    found: dict[str, bytes] = {}
    for each in await Scan.filter(customer_id=customer_id, state=ScanState.KEPT).order_by("begun_at", "id"):
        try:
            found[f"scans/{name(each)}"] = b"".join([part async for part in parts(each)])
        except SealBroken:
            await reading.record_broken_seals(by, [("scan_parts", str(each.id))])
    return found


def name(scan: Scan) -> str:
    """What a scan is called as a file: its identifier, since a name could tell of the customer."""
    assert scan.kind is not None  # noqa: S101 what is whole has a kind
    return f"{scan.id}.{MEDIA[scan.kind][1]}"
