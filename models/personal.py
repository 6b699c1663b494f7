"""What every row of personal data owes: whose it is, the consent it rests on, where it came from."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self
from uuid import UUID

from tortoise import BaseDBAsyncClient, fields
from tortoise.fields import ForeignKeyRelation

from models import keyring
from models.base import Category, Record
from models.consent import Consent
from models.customer import Customer
from vault.ring import Ring
from vault.seal import Sealed

#: The category tables by category, filled as they are defined.
PERSONAL: dict[Category, type["Personal"]] = {}


class Personal(Record):
    """A row of personal data: whose it is, the consent it rests on, and where it came from.

    The database refuses a row whose consent is another customer's, another category's, or in a
    state that does not permit processing.
    """

    category: ClassVar[Category]

    customer: ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", db_index=True, on_delete=fields.RESTRICT
    )
    consent: ForeignKeyRelation[Consent] = fields.ForeignKeyField(
        "models.Consent", db_index=True, on_delete=fields.RESTRICT
    )
    customer_id: UUID
    consent_id: UUID
    source = fields.CharField(max_length=100)
    collected_by: UUID | None = fields.UUIDField(null=True)
    collected_at = fields.DatetimeField()
    verification_method = fields.CharField(max_length=40, null=True)
    verification_level = fields.CharField(max_length=20, null=True)
    verified_at = fields.DatetimeField(null=True)
    verification_evidence = fields.CharField(max_length=100, null=True)
    verification_expires_at = fields.DatetimeField(null=True)
    revision = fields.IntField(default=1)

    #: The customer's keys; there only while a row is being written.
    ring: Ring | None = None

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "category" in vars(cls):
            PERSONAL[cls.category] = cls

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
        if changed and not isinstance(row.content, Sealed):
            self.ring = (await keyring.ensure([self.customer_id], [self.category]))[str(self.customer_id)]
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
        rings = await keyring.ensure({row.customer_id for row in rows}, [cls.category]) if rows else {}
        for row in rows:
            row.ring = rings[str(row.customer_id)]
        try:
            await super().bulk_create(rows, *args, **kwargs)
        finally:
            for row in rows:
                row.ring = None
        return rows


async def opened(row: Personal) -> Any:
    """The content of a row, in plain.

    Raises:
        SealBroken: it was not sealed for this row.
    """
    found: Any = row
    if not isinstance(found.content, Sealed):
        return found.content
    rings = await keyring.rings([row.customer_id])
    field: Any = row._meta.fields_map["content"]
    return field.open(rings.get(str(row.customer_id)), row.id, row.revision, found.content)
