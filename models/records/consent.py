"""A customer's consent to one category of data for one purpose."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.fields import ReverseRelation

from models.base import Category, Choice, OneOf, Record, may_refer_to, refers_to
from models.records.account import Account
from models.records.customer import Customer
from models.records.fields import Content
from models.records.instruction import Instruction
from models.records.notice import Notice
from models.records.sealed import SealedRow, opened
from models.vocabulary import Purpose, word_of


class ConsentState(Choice):
    """The state of a consent, as the Data Privacy Vocabulary names it."""

    REQUESTED = "REQUESTED", "Requested, not yet answered."
    REQUEST_DEFERRED = "REQUEST_DEFERRED", "Requested; the customer put off the answer."
    REFUSED = "REFUSED", "Refused by the customer."
    GIVEN = "GIVEN", "Given by the customer; permits processing."
    RENEWED_CONSENT_GIVEN = "RENEWED_CONSENT_GIVEN", "Given again by the customer; permits processing."
    EXPIRED = "EXPIRED", "Expired."
    INVALIDATED = "INVALIDATED", "Found never to have been valid."
    REVOKED = "REVOKED", "Ended by the company, not by the customer."
    WITHDRAWN = "WITHDRAWN", "Withdrawn by the customer."
    UNKNOWN = "UNKNOWN", "Unknown; permits nothing."


#: The only states that permit processing.
PERMITTING = frozenset({ConsentState.GIVEN, ConsentState.RENEWED_CONSENT_GIVEN})


class CollectionMethod(Choice):
    """How a consent was collected."""

    ACCOUNT = "account", "Given by the customer while signed in."
    STAFF = "staff", "Recorded by an employee for the customer."
    IMPORT = "import", "Imported from other records."
    DOUBLE_OPT_IN = "double_opt_in", "Confirmed by the customer with a code that was sent to them."


@dataclass(frozen=True, slots=True, repr=False)
class ConsentContent:
    """What people wrote of how a consent can be demonstrated.

    Attributes:
        evidence: a reference by which it can be demonstrated.
        confirmation: by what it was confirmed, or is about to be: the message with a code, or what a second person
            looked at.
    """

    evidence: str | None = None
    confirmation: str | None = None


class Consent(SealedRow, table="consents", governed=True, indexes=(("customer_id", "category", "permits"),)):
    """One consent: a customer, a category, a purpose, and the notice that was shown.

    `permits` says whether `state` permits processing; the database holds the two together. `denies` says that
    it is a no which still stands: while it does, the database lets no other consent to the same category and
    purpose permit. What the customer says next takes its place. One that permits can be suspended: while an
    instruction to end it waits, it permits nothing to anybody but the customer.

    What people wrote of it is sealed under a key of its own, so that it outlives the data and goes with the customer.

    Attributes:
        content: none where nobody wrote anything.
        code: names the message with the code by which it is to be answered or confirmed.
        recorded_by_id: the member of staff who recorded it on the customer's word, while neither the customer nor a
            second person has confirmed it; none for what the customer gave, or an import brought.
        officers_told: whether privacy officers were told that the customer contradicted it; none where that was not so.
    """

    # With a default in the database, too: there were rows before it.
    revision = fields.IntField(default=1, db_default=1)
    own_key: ClassVar[str | None] = "consent"

    customer = refers_to(Customer, "consents")
    customer_id: UUID
    category = OneOf(Category)
    purpose = word_of(Purpose)
    notice = refers_to(Notice, "consents")
    notice_id: UUID
    state = OneOf(ConsentState)
    permits = fields.BooleanField()
    denies = fields.BooleanField(default=False, db_default=False)
    # A description of its own: one made of the list would be another with every new way.
    collection_method = OneOf(CollectionMethod, null=True, description="how the customer's word reached us")
    content = Content(ConsentContent, null=True)
    code = fields.CharField(max_length=60, null=True)
    expires_at: datetime = fields.DatetimeField()
    created_at: datetime = fields.DatetimeField()
    recorded_by = may_refer_to(Account, "recorded_consents")
    recorded_by_id: UUID | None
    officers_told = fields.BooleanField(null=True, db_index=True)
    suspended_by = may_refer_to(Instruction, "consents")
    suspended_by_id: UUID | None

    events: ReverseRelation["ConsentEvent"]

    async def written(self, *, content: ConsentContent | None = None, **values: Any) -> "Consent":
        """Write values, and a content if one is given, which takes the place of the old one; returns the row anew."""
        await Consent.filter(id=self.id).update(**values)
        row: Any = await Consent.get(id=self.id)
        if content is not None:
            row.content = content
            await row.save(update_fields=["content"])
        return cast("Consent", row)

    async def confirmed(self, confirmation: str | None) -> ConsentContent | None:
        """The content with what confirms the consent; None where there is nothing to write."""
        content = await opened(self) if self.content else None
        if content is None and confirmation is None:
            return None
        return replace(content or ConsentContent(), confirmation=confirmation)

    @staticmethod
    def usable(now: datetime) -> Q:
        """The consents under which data may be used now: they permit, last, and are not suspended."""
        return Q(permits=True, expires_at__gt=now, suspended_by_id=None)

    def usable_at(self, now: datetime) -> bool:
        """Whether data may be used under it now, as `usable` says."""
        return self.permits and self.expires_at > now and self.suspended_by_id is None


class ConsentEvent(Record, table="consent_events"):
    """One change of a consent's state; append-only."""

    consent = refers_to(Consent, "events")
    consent_id: UUID
    state = OneOf(ConsentState)
    by = may_refer_to(Account, "consent_events")
    by_id: UUID | None
    at = fields.DatetimeField()
