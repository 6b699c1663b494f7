"""Scans of letters: handed in by whoever recorded what a letter asks for, and fetched from `/scan/<id>`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from models import Instruction, Request, ScanKind, ScanState
from models.errors import Unfit
from policies.actor import Actor
from procedures import scan as scans
from procedures.scan import About
from schema.employee import Employee
from schema.reading import Guarded, Id, Released, mutation, one, one_of, recorded, value


@recorded
class Scan(Released, Guarded):
    """The scan of a letter; its content is fetched from `/scan/<id>` by those who may, in a confirmed session."""

    kind: ScanKind | None = value("What it is; null until it is whole.")
    state: ScanState | None = value("How far it has come.")
    size: int | None = value("The size in bytes.")
    received: int | None = value("How many bytes have come.")
    begun_at: datetime | None = value("When it was begun.")
    added_by: Employee | None = one("The employee who handed it in.", there="actor_id")
    ends_at: datetime | None = value("When it is deleted; null while what it came with waits.")


SCAN = one_of(Scan, "scan", "A scan by identifier; null if there is none that you may see.")

#: What mutations of scans show.
SHOWN = {"scan": (Scan, "The scan.")}
ScanId = Annotated[UUID, Id("Scan"), "The scan."]


@mutation(
    "The scan, of which the parts are to come.",
    SHOWN,
    input="How large the scan is, and what it came with.",
    creates=True,
)
async def scan_begin(
    size: Annotated[int, "The size in bytes, at most 5,242,880."],
    instruction_id: Annotated[
        UUID | None, Id("Instruction"), "The instruction that you recorded by the letter."
    ] = None,
    request_id: Annotated[UUID | None, Id("Request"), "Or the request that you recorded by it."] = None,
    *,
    by: Actor,
) -> Any:
    """Begin to hand in the scan of a letter: a PDF, PNG, JPEG or TIFF; then send its parts by `scanAppend`."""
    if instruction_id is not None and request_id is None:
        return await scans.begin(About(Instruction, instruction_id), size, by=by)
    if request_id is not None and instruction_id is None:
        return await scans.begin(About(Request, request_id), size, by=by)
    raise Unfit("Name an instruction, or a request.", "instructionId", code="ONE_OF_TWO")


@mutation("The scan, with the part.", SHOWN, input="The next part of a scan.")
async def scan_append(
    scan_id: ScanId,
    part: Annotated[int, "The number of the part, from 0."],
    content: Annotated[str, "131,072 bytes in base64; of the last part what is left."],
    *,
    by: Actor,
) -> Any:
    """Hand in the next part of a scan; with the last one it is looked at, and kept."""
    return await scans.append(scan_id, part, content, by=by)


@mutation("The scan, which is deleted.", {}, input="The scan to delete.")
async def scan_remove(scan_id: ScanId, *, by: Actor) -> Any:
    """Delete a scan that was handed in with the wrong letter; for privacy officers, in a confirmed session."""
    return await scans.remove(scan_id, by=by)
