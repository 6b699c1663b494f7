"""What a step of a sequence is about: somebody of the town, and what is there of them to be named and said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from graphql import GraphQLEnumType, get_nullable_type

import models
from models import PERSONAL, Category
from schema.reading import encode
from tests.schema.inputs import ALSO, MUTATIONS, PLAIN, Input
from tests.schema.verdict_cases import AT_WORK, HERSELF, RECORDS
from tests.schema.verdicts import APART
from tests.sequences.town import COLLEAGUE, PERSONS, Town, person

#: What can be said of a customer by the published schema; what a browser seals takes a browser.
SAYABLE = sorted(
    MUTATIONS.keys() - APART - {"healthRecordSubmit", "paymentCardSubmit", "requestSubmitSealed"}
)
#: Categories and purposes about which much is said, so that what is said meets.
_CATEGORIES = (
    "CONTACT_POINT",
    "CONTACT_POINT",
    "IDENTITY",
    "ORDER",
    "PERSONAL_CODE",
    "PREFERENCE",
    "INTERACTION",
)
_PURPOSES = ("SUPPORT", "SUPPORT", "SUPPORT", "MARKETING", "VERIFICATION", "SALES", "BILLING")
#: By purpose, what those at work for it need.
_NEEDED = {
    "support": ("CONTACT_POINT", "IDENTITY", "INTERACTION", "ORDER"),
    "verification": ("CONTACT_POINT", "IDENTITY", "PERSONAL_CODE", "IDENTITY_EVIDENCE"),
}  # fmt: skip
#: By mutation, which consents it is about; others are about those that permit.
_FITTING: dict[str, Callable[[models.Consent], bool]] = {
    "consentRefuse": lambda each: each.state in ("REQUESTED", "REQUEST_DEFERRED"),
    "consentDefer": lambda each: each.state == "REQUESTED",
    "consentConfirm": lambda each: each.recorded_by_id is not None,
    "consentContradict": lambda each: each.permits and each.collection_method in ("staff", "import"),
}  # fmt: skip
#: How many days ahead somebody names.
_DAYS = (1, 10, 30, 60, 85, 200, 400)


@dataclass
class Scene:
    """A mutation about a customer, by chance."""

    town: Town
    chance: Random
    by: str
    customer: models.Customer
    mutation: str

    def __post_init__(self) -> None:
        if self.by in AT_WORK or self.by == COLLEAGUE:
            purpose = AT_WORK.get(self.by, "support")
            needed = _NEEDED[purpose] if self.chance.random() < 0.8 else None
            self.purpose = purpose.upper() if needed else self.chance.choice(_PURPOSES)
        else:
            needed, self.purpose = None, self.chance.choice(_PURPOSES)
        self.category = self.chance.choice(needed or _CATEGORIES)

    @property
    def number_of(self) -> int:
        """The person."""
        return self.town.of[str(self.customer.id)]

    @property
    def number(self) -> str:
        """The customer's number."""
        return self.customer.number

    @property
    def now(self) -> datetime:
        """What the clock shows."""
        return self.town.machine.shown

    async def input(self) -> dict[str, Any]:
        """The input."""
        return await _Varied(self).given()

    async def id(self, field: str) -> str:
        """The identifier of something that is there, where anything is."""
        if field == "customerId":
            return encode("Customer", self.customer.id)
        if field == "noticeId":
            return encode("Notice", self.town.office.notices[models.Purpose(self.purpose.lower())].id)
        if field == "consentId":
            return encode("Consent", await self._consent())
        if field == "recordId":
            return encode("Order", await self._one(PERSONAL[Category.ORDER], "placed_at"))
        name, _ = RECORDS[field]
        return encode(name, await self._one(getattr(models, name)))

    async def _consent(self) -> UUID:
        """A consent of which the mutation may make something, where there is one, as a rule."""
        found = await models.Consent.filter(customer_id=self.customer.id).order_by(
            "category", "purpose", "created_at", "id"
        )
        fits = _FITTING.get(self.mutation, lambda each: each.permits)
        fitting = [each for each in found if fits(each)]
        chosen = fitting if fitting and self.chance.random() < 0.85 else found
        return self.chance.choice(chosen).id if chosen else UUID(int=self.chance.getrandbits(128))

    async def _one(self, record: Any, *order: str) -> UUID:
        if record is models.Employee:
            found = await models.Employee.all().order_by("name")
        else:
            mine = record.filter(customer_id=self.customer.id).order_by(*order, "id")
            open_ones = await mine.filter(**_OPEN.get(record.__name__, {}))
            found = open_ones if open_ones and self.chance.random() < 0.85 else await mine
        return self.chance.choice(found).id if found else UUID(int=self.chance.getrandbits(128))


async def whom(town: Town, mutation: str, by: str, chance: Random) -> models.Customer | None:
    """A customer about whom it can be said: as a rule one of whom there is what it is about."""
    here = models.Customer.filter(id__in=list(town.of), status="ACTIVE")
    if by == HERSELF:
        here = here.filter(
            id__in=await models.Account.filter(customer_id__not_isnull=True).values_list(
                "customer_id", flat=True
            )
        )
    found = await here.order_by("created_at", "number")
    fields = get_nullable_type(MUTATIONS[mutation].args["input"].type).fields
    records = [
        getattr(models, RECORDS[each][0]) for each in fields if each in RECORDS and each != "assigneeId"
    ]
    if records and chance.random() < 0.9:
        having = {each.customer_id for each in await records[0].filter(**_OPEN.get(records[0].__name__, {}))}
        found = [each for each in found if each.id in having] or found
    return chance.choice(found) if found else None


#: By record, those of which something is to be decided.
_OPEN: dict[str, dict[str, Any]] = {"Instruction": {"state": "WAITING"}, "Dictation": {"state": "STANDS"}, "Request": {"state__in": ["RECEIVED", "EXTENDED"]},
         "Task": {"status": "OPEN"}, "BreakGlass": {"state": "REQUESTED"}, "LegalHold": {"ended_at": None}}  # fmt: skip


class _Varied(Input):
    """An input that varies: sometimes with more than must be, and with any of what may be said."""

    about: Scene

    def named(self, kind: Any) -> set[str]:
        chance, named = self.about.chance, super().named(kind)
        if self.about.mutation == "consentsWithdraw":
            return (named - ALSO) | {chance.choice(("category", "purpose")), "evidence"}
        if self.about.mutation == "deskLookupMake":
            return {chance.choice(("email", "phone"))}
        more = {name for name in kind.fields.keys() - named if chance.random() < 0.3 and name in _MORE}
        return named | more

    def said(self, name: str, kind: Any) -> Any:
        about, chance = self.about, self.about.chance
        if about.mutation == "instructionRecord" and name in ("category", "purpose"):
            return None
        if (known := self._known().get(name)) is not None:
            return known
        if isinstance(kind, GraphQLEnumType) and name != "channel":
            return chance.choice(list(kind.values))
        others: dict[str, Any] = {
            "DateTime": (about.now + timedelta(days=chance.choice(_DAYS))).isoformat(),
            "Boolean": chance.random() < 0.5,
            "String": f"{str(PLAIN['String'])[:-1]}, {person(about.number_of).family} {chance.getrandbits(40)}.",
        }
        return others[str(kind)] if str(kind) in others and name not in _FORMED else super().said(name, kind)

    def _known(self) -> dict[str, Any]:
        """What is said in fields by their names."""
        about, chance, ago = self.about, self.about.chance, (self.about.now - timedelta(hours=1)).isoformat()
        own = person(about.number_of)
        return {
            "category": about.category, "categories": [about.category], "purpose": about.purpose,
            "receivedOn": about.now.date().isoformat(), "occurredAt": ago, "placedAt": ago, "email": own.email,
            "phone": own.phone, "value": _address(about), "key": f"key{chance.getrandbits(80)}",
            "code": chance.choice(about.town.letters.codes(own.email, own.phone) or ["000000"]),
            "kind": "EMAIL" if about.mutation.startswith("contactPoint") else None,
        }  # fmt: skip


#: Fields that take only what has a form of its own.
_FORMED = {"number", "customerNumber", "country", "currency", "field", "wanted", "numberTail"}
#: What may be said besides.
_MORE = {"expiresAt", "key", "suppress", "purpose", "category", "text", "subject", "dueAt"}


def _address(about: Scene) -> str:
    """An address: somebody's own, a new one, or now and then somebody else's."""
    chance = about.chance
    if chance.random() < 0.1:
        return person(chance.randrange(PERSONS)).email
    own = person(about.number_of)
    return chance.choice((own.email, f"{own.family[:-1]}.{chance.randrange(4)}@example.org"))
