"""What every row of personal data owes: whose it is, the consent it rests on, where it came from."""

from typing import Any, ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyRelation

from models.base import Category
from models.records.consent import Consent
from models.records.customer import Customer
from models.records.sealed import SealedRow

#: The category tables by category, filled as they are defined.
PERSONAL: dict[Category, type["Personal"]] = {}


class Personal(SealedRow):
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

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "category" in vars(cls):
            PERSONAL[cls.category] = cls
