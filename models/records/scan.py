"""The scan of a letter, kept sealed in parts beside what it asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import fields

from models.base import Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.instruction import Instruction
from models.records.request import Request
from models.records.sealed import SealedRow

#: Bytes of a part; only the last one is shorter.
SCAN_PART: Final = 128 * 1024


class ScanKind(Choice):
    """What a scan is, as its content shows."""

    PDF = "PDF", "Portable Document Format."
    PNG = "PNG", "Portable Network Graphics."
    JPEG = "JPEG", "JPEG."
    TIFF = "TIFF", "Tagged Image File Format."


class ScanState(Choice):
    """How far a scan has come."""

    INCOMPLETE = "INCOMPLETE", "Parts are still to come; after a day it is deleted."
    KEPT = "KEPT", "It is whole, and kept until it has served."
    REFUSED = "REFUSED", "It is none of the kinds that are kept; its content is deleted."


class Scan(Record, table="scans", governed=True):
    """The scan of one letter that an instruction or a request came by.

    Attributes:
        instruction, request: what it came with; one of the two.
        kind: none until it is whole.
        size: in bytes, as it was said before it came.
        received: how many bytes have come.
        ends_at: when it is deleted; none while what it came with waits.
    """

    customer = refers_to(Customer, "scans")
    customer_id: UUID
    instruction = may_refer_to(Instruction, "scans", fields.CASCADE)
    instruction_id: UUID | None
    request = may_refer_to(Request, "scans", fields.CASCADE)
    request_id: UUID | None
    kind = OneOf(ScanKind, null=True)
    state = OneOf(ScanState, default=ScanState.INCOMPLETE)
    size = fields.IntField()
    received = fields.IntField(default=0)
    added_by = refers_to(Account, "scans")
    added_by_id: UUID
    begun_at: datetime = fields.DatetimeField()
    ends_at: datetime | None = fields.DatetimeField(null=True, db_index=True)


@dataclass(frozen=True, slots=True, repr=False)
class ScanContent:
    """A part of a scan, in base64."""

    data: str


class ScanPart(SealedRow, table="scan_parts", unique_together=(("scan", "number"),)):
    """A part of a scan, numbered from 0; sealed under the key of what it came with, and so erased with that.

    Attributes:
        sealed_under: the name of the key on the customer's ring.
    """

    scan = refers_to(Scan, "parts", fields.CASCADE)
    scan_id: UUID
    customer_id: UUID = fields.UUIDField(db_index=True)
    sealed_under = fields.CharField(max_length=40)
    number = fields.IntField()
    content = Content(ScanContent)

    @property
    def key_name(self) -> str:
        """Under which key of the ring the content is sealed."""
        return self.sealed_under
