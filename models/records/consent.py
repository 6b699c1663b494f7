"""A customer's word on one category of data for one purpose."""

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation, ForeignKeyRelation, ReverseRelation

from models.base import Category, Record
from models.records.actor import Actor
from models.records.customer import Customer
from models.records.notice import Notice
from models.vocabulary import Purpose, word_of

if TYPE_CHECKING:
    from models.records.receipt import Receipt


class ConsentState(StrEnum):
    """The ten consent states of the W3C Data Privacy Vocabulary."""

    REQUESTED = "REQUESTED"
    REQUEST_DEFERRED = "REQUEST_DEFERRED"
    REFUSED = "REFUSED"
    GIVEN = "GIVEN"
    RENEWED_CONSENT_GIVEN = "RENEWED_CONSENT_GIVEN"
    EXPIRED = "EXPIRED"
    INVALIDATED = "INVALIDATED"
    REVOKED = "REVOKED"
    WITHDRAWN = "WITHDRAWN"
    UNKNOWN = "UNKNOWN"


#: The only states that permit processing.
PERMITTING = frozenset({ConsentState.GIVEN, ConsentState.RENEWED_CONSENT_GIVEN})


class CollectionMethod(StrEnum):
    """How the customer's word reached us."""

    ACCOUNT = "account"
    STAFF = "staff"
    IMPORT = "import"
    DOUBLE_OPT_IN = "double_opt_in"


class Consent(Record):
    """One consent: a customer, a category, a purpose, and the notice that was shown.

    `permits` says whether `state` permits processing; the database holds the two together. `denies` says that
    it is a no which still stands: while it does, the database lets no other consent to the same category and
    purpose permit. What the customer says next takes its place.
    """

    customer: ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="consents", db_index=True, on_delete=fields.RESTRICT
    )
    customer_id: UUID
    category = fields.CharEnumField(Category, max_length=20)
    purpose = word_of(Purpose)
    notice: ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="consents", db_index=True, on_delete=fields.RESTRICT
    )
    notice_id: UUID
    state = fields.CharEnumField(ConsentState, max_length=30)
    permits = fields.BooleanField()
    denies = fields.BooleanField(default=False, db_default=False)
    # A description of its own: one made of the list would be another with every new way.
    collection_method = fields.CharEnumField(
        CollectionMethod, max_length=20, null=True, description="how the customer's word reached us"
    )
    evidence = fields.CharField(
        max_length=200, description="how the consent can be demonstrated: a reference"
    )
    expires_at = fields.DatetimeField()
    created_at = fields.DatetimeField()

    events: ReverseRelation["ConsentEvent"]
    receipts: ReverseRelation["Receipt"]

    class Meta:
        table = "consents"
        indexes = (("customer_id", "category", "permits"),)


class ConsentEvent(Record):
    """One change of a consent's state; append-only."""

    consent: ForeignKeyRelation[Consent] = fields.ForeignKeyField(
        "models.Consent", related_name="events", db_index=True, on_delete=fields.RESTRICT
    )
    consent_id: UUID
    state = fields.CharEnumField(ConsentState, max_length=30)
    by: ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "models.Actor", related_name="consent_events", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    by_id: UUID | None
    at = fields.DatetimeField()

    class Meta:
        table = "consent_events"
