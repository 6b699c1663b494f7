"""A row whose content is sealed under somebody's ring, and how it is written and opened."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self
from uuid import UUID

from tortoise import BaseDBAsyncClient, fields

from models.base import Record
from models.keys import keyring
from vault.ring import Ring
from vault.seal import Sealed


class SealedRow(Record, abstract=True):
    """A row with a `content`, sealed under the key of its category on the ring of its `customer_id`.

    Usually a table is of one category; where its rows differ, `category` is a column. Where that column says what a row is
    about, and not under which key it is sealed, `own_key` names the key.

    The revision is part of what a content is sealed for, and grows with every new content.
    """

    category: ClassVar[str]
    own_key: ClassVar[str | None] = None
    customer_id: UUID

    revision = fields.IntField(default=1)

    #: The keys; there only while a row is being written.
    ring: Ring | None = None

    @property
    def key_name(self) -> str:
        """Under which key of the ring the content is sealed."""
        return self.own_key or self.category

    async def save(
        self,
        using_db: BaseDBAsyncClient | None = None,
        update_fields: Iterable[str] | None = None,
        force_create: bool = False,
        force_update: bool = False,
    ) -> None:
        """Write the row, its content sealed anew under its next revision when it is there in plain."""
        row: Any = self
        changed = update_fields is None or "content" in update_fields
        if changed and not isinstance(row.content, Sealed | None):
            self.ring = (await keyring.ensure([self.customer_id], [self.key_name]))[str(self.customer_id)]
            self.revision += self._saved_in_db
            update_fields = None if update_fields is None else {*update_fields, "revision"}
        try:
            await super().save(using_db, update_fields, force_create, force_update)
        finally:
            self.ring = None

    @classmethod
    async def bulk_create(cls, objects: Iterable[Self], *args: Any, **kwargs: Any) -> list[Self]:  # type: ignore[override]  # the rings have to be fetched first
        """Write many new rows, their contents sealed."""
        rows = list(objects)
        # What seals nothing needs no keys.
        sealing: list[Any] = [row for row in rows if getattr(row, "content", None) is not None]
        names = list({row.key_name for row in sealing})
        rings = await keyring.ensure({row.customer_id for row in sealing}, names)
        for row in sealing:
            row.ring = rings[str(row.customer_id)]
        try:
            await super().bulk_create(rows, *args, **kwargs)
        finally:
            for row in rows:
                row.ring = None
        return rows


async def opened(row: SealedRow) -> Any:
    """The content of a row, decrypted.

    Raises:
        SealBroken: it was not sealed for this row.
    """
    stored: Any = row
    if not isinstance(stored.content, Sealed):
        return stored.content
    rings = await keyring.rings([row.customer_id])
    field: Any = row._meta.fields_map["content"]
    return field.open(rings.get(str(row.customer_id)), row.id, row.revision, stored.content, row.key_name)
