"""What every record shares, and what every personal record owes."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID, uuid4

from tortoise import Model, fields
from tortoise.fields import ForeignKeyRelation

if TYPE_CHECKING:
    from models.consent import Consent
    from models.customer import Customer


class Purpose(StrEnum):
    """Why personal data may be used; the closed list that the header `Purpose` draws from."""

    SUPPORT = "support"
    SALES = "sales"
    DELIVERY = "delivery"
    BILLING = "billing"
    MARKETING = "marketing"
    VERIFICATION = "verification"


class Category(StrEnum):
    """A kind of personal data: one table, one GraphQL type, one consent."""

    IDENTITY = "identity"
    CONTACT = "contact"
    ADDRESS = "address"
    PREFERENCE = "preference"
    INTERACTION = "interaction"
    ORDER = "order"


class Record(Model):
    """A row with an identity that tells nothing: a random UUID."""

    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)

    class Meta:
        abstract = True


#: The category tables by category, filled as they are defined.
PERSONAL: dict[Category, type["Personal"]] = {}


class Personal(Record):
    """A row of personal data: whose it is, the consent it rests on, and where it came from.

    The database refuses a row whose consent is another customer's, another category's, or in a
    state that does not permit processing.
    """

    category: ClassVar[Category]

    customer: ForeignKeyRelation["Customer"] = fields.ForeignKeyField(
        "models.Customer", db_index=True, on_delete=fields.RESTRICT
    )
    consent: ForeignKeyRelation["Consent"] = fields.ForeignKeyField(
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

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "category" in vars(cls):
            PERSONAL[cls.category] = cls
