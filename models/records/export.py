"""The archive that a customer downloads, kept for a day and sealed under a key of the customer's own."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import fields
from tortoise.fields import OneToOneRelation

from models.base import Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from vault.ring import Ring
from vault.seal import Sealed, open_, place, seal

#: What the key is called on the customer's ring, beside those of the categories.
KEY: Final = "export"

#: Bytes of the archive that are sealed as one, so that it is streamed without being held.
CHUNK: Final = 1 << 20


class ExportState(Choice):
    """The state of an archive."""

    PENDING = "PENDING", "The archive is being made."
    READY = "READY", "The archive can be downloaded."


class Export(Record, table="exports"):
    """The one archive of a customer that is being made, or waits to be fetched.

    Attributes:
        begun_by: the customer's own way to sign in; none where it was asked for on paper.
        token_hash: SHA-256 of what fetches the archive for the customer signed in; none where it was asked for on paper.
        percent: how much of it was read.
        size: of the archive, in bytes.
    """

    customer: OneToOneRelation[Customer] = fields.OneToOneField("models.Customer", "export", fields.RESTRICT)
    customer_id: UUID
    begun_by = may_refer_to(Account, "exports", fields.CASCADE)
    begun_by_id: UUID | None
    state = OneOf(ExportState, default=ExportState.PENDING)
    token_hash = fields.BinaryField(null=True)
    percent = fields.SmallIntField(default=0)
    size = fields.BigIntField(default=0)
    begun_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField(db_index=True)
    downloaded_at: datetime | None = fields.DatetimeField(null=True)

    async def keep(self, archive: bytes, ring: Ring) -> None:
        """Write the archive, sealed in chunks, in the transaction under way."""
        parts = [archive[start : start + CHUNK] for start in range(0, len(archive), CHUNK)]
        for number, part in enumerate(parts):
            content = seal(ring.key(KEY), self._place(number, len(parts)), part)
            await ExportChunk.create(export_id=self.id, number=number, content=content)

    async def chunks(self, ring: Ring) -> AsyncIterator[bytes]:
        """The archive in plain, part by part.

        Raises:
            SealBroken: a part is missing, was changed or moved.
        """
        count = -(-self.size // CHUNK)
        for number in range(count):
            chunk = await ExportChunk.get_or_none(export_id=self.id, number=number)
            sealed = Sealed(bytes(chunk.content) if chunk else b"")
            yield open_(ring.opener(KEY, sealed), self._place(number, count), sealed)

    def _place(self, number: int, count: int) -> bytes:
        return place("export_chunks", f"{self.id}|{self.customer_id}|{number}|{count}", 1, 1)


class ExportChunk(Record, table="export_chunks", unique_together=(("export", "number"),)):
    """A part of an archive, sealed; numbered from 0."""

    export = refers_to(Export, "parts", fields.CASCADE)
    export_id: UUID
    number = fields.IntField()
    content = fields.BinaryField()
