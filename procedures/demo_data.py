"""Invented people to try Savas with: the same seed and instant give the same rows, ids included.

Nobody here exists. The rows are such as the procedures could have made: personal rows rest on consents that
permit them, consents of every state have the history that leads there, and tasks are carried by those whose
work they are.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from faker import Faker

from models import (
    PERMITTING,
    Actor,
    ActorKind,
    AddressContent,
    AddressKind,
    Agreement,
    AgreementTerm,
    Category,
    Company,
    Consent,
    ConsentEvent,
    ConsentState,
    ContactChannel,
    ContactContent,
    ContactKind,
    ContactPoint,
    Customer,
    CustomerStatus,
    Employee,
    EmployeeRole,
    Identity,
    IdentityContent,
    Interaction,
    InteractionChannel,
    InteractionContent,
    Notice,
    Order,
    OrderContent,
    OrderLine,
    Outcome,
    Partner,
    PartnerClient,
    PostalAddress,
    Preference,
    PreferenceContent,
    Purpose,
    Record,
    Role,
    Task,
    TaskStatus,
)

SOURCE = "demo"
DAY = timedelta(days=1)
STATES = tuple(ConsentState)

#: What customers are asked for: a category, and a purpose that needs it.
ASKED = tuple(
    (category, purpose)
    for purpose, categories in {
        Purpose.SUPPORT: (Category.IDENTITY, Category.CONTACT, Category.INTERACTION, Category.ORDER),
        Purpose.SALES: (Category.IDENTITY, Category.CONTACT, Category.PREFERENCE, Category.INTERACTION),
        Purpose.DELIVERY: (Category.IDENTITY, Category.CONTACT, Category.ADDRESS),
        Purpose.BILLING: (Category.IDENTITY, Category.ADDRESS, Category.ORDER),
        Purpose.MARKETING: (Category.CONTACT, Category.PREFERENCE),
        Purpose.VERIFICATION: (Category.IDENTITY, Category.CONTACT, Category.ADDRESS),
    }.items()
    for category in categories
)
#: The purposes that every customer is asked about.
ALWAYS = frozenset({Purpose.SUPPORT, Purpose.DELIVERY, Purpose.MARKETING})
#: How a consent comes to each state.
HISTORY = {
    ConsentState.REQUEST_DEFERRED: (ConsentState.REQUESTED,),
    ConsentState.REFUSED: (ConsentState.REQUESTED,),
    ConsentState.GIVEN: (ConsentState.REQUESTED,),
    ConsentState.RENEWED_CONSENT_GIVEN: (ConsentState.REQUESTED, ConsentState.GIVEN),
    ConsentState.EXPIRED: (ConsentState.REQUESTED, ConsentState.GIVEN),
    ConsentState.INVALIDATED: (ConsentState.REQUESTED, ConsentState.GIVEN),
    ConsentState.REVOKED: (ConsentState.REQUESTED, ConsentState.GIVEN),
    ConsentState.WITHDRAWN: (ConsentState.REQUESTED, ConsentState.GIVEN),
}
STAFF = (
    ("support.agent", Role.AGENT, Purpose.SUPPORT),
    ("support.agent2", Role.AGENT, Purpose.SUPPORT),
    ("support.agent3", Role.AGENT, Purpose.SUPPORT),
    ("sales.agent", Role.AGENT, Purpose.SALES),
    ("sales.agent2", Role.AGENT, Purpose.SALES),
    ("delivery.agent", Role.AGENT, Purpose.DELIVERY),
    ("billing.agent", Role.AGENT, Purpose.BILLING),
    ("marketing.agent", Role.AGENT, Purpose.MARKETING),
    ("verification.agent", Role.AGENT, Purpose.VERIFICATION),
    ("privacy.officer", Role.PRIVACY_OFFICER, None),
    ("administrator", Role.ADMINISTRATOR, None),
)
TERMS = (
    (Category.IDENTITY, ("givenName", "familyName")),
    (Category.CONTACT, ("kind", "value")),
    (Category.ADDRESS, ("kind", "street", "city", "region", "postalCode", "country")),
)
TELLING = {
    "en": "We use your data for {purpose} only. You can see, change and withdraw them at any time.",
    "lt": "Jūsų duomenis naudojame tik šiam tikslui: {purpose}. Bet kada galite juos peržiūrėti, pakeisti ir atsiimti.",
}
CITIES = (
    ("Vilnius", "01100"),
    ("Kaunas", "44200"),
    ("Klaipėda", "91200"),
    ("Šiauliai", "76200"),
    ("Panevėžys", "35100"),
)
STREETS = (
    "Gedimino pr.",
    "Pilies g.",
    "Laisvės al.",
    "Basanavičiaus g.",
    "Žemaitės g.",
    "Čiurlionio g.",
    "Tilžės g.",
)
TOPICS = ("new arrivals", "seasonal sale", "spare parts", "service reminders")
SAID = {
    "en": (
        ("A late parcel", "Asked where the parcel is; it arrives tomorrow."),
        ("An invoice", "Asked for a copy."),
    ),
    "lt": (
        ("Vėluojanti siunta", "Klausė, kur siunta; atkeliaus rytoj."),
        ("Sąskaita", "Prašė sąskaitos kopijos."),
    ),
}
GOODS = (("Linen towel", "12.50"), ("Amber pendant", "48.00"), ("Rye bread", "3.20"), ("Oak stool", "79.90"))

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class World:
    """What was drawn, in an order in which it can be written; and who plays which part."""

    now: datetime
    chance: random.Random
    records: dict[type[Record], list[Any]] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def put(self, record: type[R], **values: Any) -> R:
        """Add a record with an id that the seed decides."""
        made = record(id=UUID(int=self.chance.getrandbits(128), version=4), **values)
        self.records.setdefault(record, []).append(made)
        return made

    def actor(self, part: str, kind: ActorKind, login: str, customer_id: UUID | None = None) -> Actor:
        """Add somebody who can sign in once given a password."""
        made = self.put(Actor, kind=kind, login=login, customer_id=customer_id, created_at=self.ago(700))
        self.actors[part] = made
        return made

    def ago(self, days: float) -> datetime:
        """An instant before the present one, to the second."""
        return self.now.replace(microsecond=0) - days * DAY

    def some_days(self, least: int, most: int) -> float:
        """A number of days with hours and minutes."""
        return self.chance.randint(least * 86_400, most * 86_400) / 86_400

    def likely(self, share: float) -> bool:
        """Whether something happens that happens in this share of cases."""
        return self.chance.random() < share


@dataclass(frozen=True, slots=True)
class Cast:
    """Everything that customers are drawn against."""

    notices: dict[tuple[Purpose, str], Notice]
    companies: list[Company]
    agents: dict[Purpose, list[Actor]]
    manager: Actor
    partners: list[tuple[Actor, Agreement]]
    tongues: dict[str, Faker]


def draw(seed: int, customers: int, now: datetime) -> World:
    """Invent a company, its staff, its partners and this many customers."""
    # Whoever knows the seed may know everything here: these people do not exist.
    world = World(now, random.Random(seed))  # noqa: S311 the same again is the point
    tongues = {"lt": Faker("lt_LT"), "en": Faker("en_GB")}
    for tongue in tongues.values():
        tongue.seed_instance(seed)
    agents, manager = _staff(world, tongues)
    cast = Cast(_notices(world), _companies(world, tongues), agents, manager, _partners(world), tongues)
    numbers = world.chance.sample(range(10**8), customers)
    for place, number in enumerate(numbers):
        _Person(world, cast, place, f"C-{number // 10**4:04d}-{number % 10**4:04d}").draw()
    return world


def _staff(world: World, tongues: dict[str, Faker]) -> tuple[dict[Purpose, list[Actor]], Actor]:
    head = world.actor("manager", ActorKind.EMPLOYEE, "manager@savas.example")
    lead = world.put(Employee, actor_id=head.id, name=_name(tongues["lt"]), manager_id=None)
    world.put(EmployeeRole, employee_id=lead.id, role=Role.MANAGER)
    agents: dict[Purpose, list[Actor]] = {}
    for part, role, purpose in STAFF:
        actor = world.actor(part, ActorKind.EMPLOYEE, f"{part}@savas.example")
        employee = world.put(Employee, actor_id=actor.id, name=_name(tongues["lt"]), manager_id=lead.id)
        world.put(EmployeeRole, employee_id=employee.id, role=role)
        if purpose:
            agents.setdefault(purpose, []).append(actor)
    return agents, head


def _name(tongue: Faker) -> str:
    return f"{tongue.first_name()} {tongue.last_name()}"


def _notices(world: World) -> dict[tuple[Purpose, str], Notice]:
    notices = {}
    for purpose in Purpose:
        for language, telling in TELLING.items():
            text = telling.format(purpose=purpose.value)
            digest = hashlib.sha256(text.encode()).hexdigest()
            notices[purpose, language] = world.put(
                Notice, purpose=purpose, language=language, version="1", text=text, digest=digest, created_at=world.ago(1200)
            )  # fmt: skip
    return notices


def _companies(world: World, tongues: dict[str, Faker]) -> list[Company]:
    names = dict.fromkeys(tongues[language].company() for language in ("lt", "en") for _ in range(20))
    companies: list[Company] = []
    for name in names:
        parent = world.chance.choice(companies).id if companies and world.likely(0.25) else None
        companies.append(world.put(Company, name=name, parent_id=parent, created_at=world.ago(900)))
    return companies


def _partners(world: World) -> list[tuple[Actor, Agreement]]:
    """A partner whose agreement is in force with two clients, and one whose agreement has ended."""
    bound = []
    for part, name, since, until, clients in (
        ("partner", "Greitas kelias", 300, -365, ("van", "depot")),
        ("former.partner", "Senas paštas", 800, 30, ("van",)),
    ):
        partner = world.put(Partner, name=name, created_at=world.ago(since))
        agreement = world.put(
            Agreement, partner_id=partner.id, signed=True, signed_at=world.ago(since), from_at=world.ago(since),
            until_at=world.ago(until), created_at=world.ago(since),
        )  # fmt: skip
        for category, names in TERMS:
            for term in names:
                world.put(
                    AgreementTerm, agreement_id=agreement.id, purpose=Purpose.DELIVERY, category=category, field=term
                )  # fmt: skip
        for client in clients:
            actor = world.actor(f"{part}.{client}", ActorKind.PARTNER_CLIENT, f"{part}.{client}")
            world.put(PartnerClient, actor_id=actor.id, partner_id=partner.id, name=f"{name}, {client}")
            bound.append((actor, agreement))
    return bound


class _Person:
    """One invented customer."""

    def __init__(self, world: World, cast: Cast, place: int, number: str) -> None:
        self.world, self.cast, self.place = world, cast, place
        self.star = place < 2
        self.gone = not self.star and world.likely(0.03)
        self.language = "lt" if place == 0 or world.likely(0.7) else "en"
        self.tongue = cast.tongues[self.language]
        self.since = world.some_days(60, 700)
        self.customer = world.put(
            Customer,
            number=number,
            status=CustomerStatus.WITHDRAWN if self.gone else CustomerStatus.ACTIVE,
            restricted=not self.star and world.likely(0.02),
            created_at=world.ago(self.since),
        )
        self.grounds: dict[Category, UUID] = {}

    def draw(self) -> None:
        """Draw everything about the customer."""
        if self.place < 10:
            part = ("customer", "other.customer")[self.place] if self.star else f"customer.{self.place}"
            self.world.actor(part, ActorKind.CUSTOMER, self.customer.number, self.customer.id)
        asked = {purpose for purpose in Purpose if self.star or purpose in ALWAYS or self.world.likely(0.5)}
        for category, purpose in ASKED:
            if purpose in asked:
                self._consent(category, purpose, self._state(category, purpose))
        for category, draw in (
            (Category.IDENTITY, self._identity),
            (Category.CONTACT, self._contacts),
            (Category.ADDRESS, self._addresses),
            (Category.PREFERENCE, self._preferences),
            (Category.INTERACTION, self._interactions),
            (Category.ORDER, self._orders),
        ):
            if category in self.grounds:
                draw(self._shared(category))
        self._tasks()

    def _state(self, category: Category, purpose: Purpose) -> ConsentState:
        if self.gone:
            return ConsentState.WITHDRAWN
        if (category, purpose) == (Category.PREFERENCE, Purpose.MARKETING):
            return STATES[self.place % len(STATES)]
        if self.star or self.world.likely(0.78):
            return ConsentState.GIVEN
        return self.world.chance.choice(STATES)

    def _consent(self, category: Category, purpose: Purpose, state: ConsentState) -> None:
        world = self.world
        permits = state in PERMITTING
        since = self.since - world.some_days(0, 20)
        ends = -world.some_days(100, 700) if permits else world.some_days(1, 20)
        consent = world.put(
            Consent,
            customer_id=self.customer.id,
            category=category,
            purpose=purpose,
            notice_id=self.cast.notices[purpose, self.language].id,
            state=state,
            permits=permits,
            evidence=f"demo form {world.chance.randint(1000, 9999)}",
            expires_at=world.ago(ends),
            created_at=world.ago(since),
        )
        for day, passed in enumerate((*HISTORY.get(state, ()), state)):
            at = consent.expires_at if passed is ConsentState.EXPIRED else world.ago(since - day * 5)
            world.put(ConsentEvent, consent_id=consent.id, state=passed, by_id=None, at=at)
        if permits:
            self.grounds.setdefault(category, consent.id)

    def _shared(self, category: Category) -> dict[str, Any]:
        world = self.world
        shared = {
            "customer_id": self.customer.id,
            "consent_id": self.grounds[category],
            "source": SOURCE,
            "collected_by": None,
            "collected_at": world.ago(self.since * 0.4),
        }
        if world.likely(0.3):
            shared |= {
                "verification_method": "document" if category == Category.IDENTITY else "code",
                "verification_level": "STRONG",
                "verified_at": world.ago(self.since * 0.3),
                "verification_evidence": f"demo check {world.chance.randint(1000, 9999)}",
            }
        return shared

    def _identity(self, shared: dict[str, Any]) -> None:
        company = self.world.chance.choice(self.cast.companies) if self.world.likely(0.4) else None
        content = IdentityContent(
            given_name=self.tongue.first_name(),
            family_name=self.tongue.last_name(),
            company_name=company.name if company else None,
            company_id=str(company.id) if company else None,
        )
        row = self.world.put(Identity, content=content, **shared)
        # Assigned, because what is given when a row is made is taken for what the database holds.
        row.family_name_index = content.family_name

    def _contacts(self, shared: dict[str, Any]) -> None:
        address = f"{self.tongue.user_name()}{self.place}@example.org"
        for kind, value in ((ContactKind.EMAIL, address), (ContactKind.PHONE, self.tongue.phone_number())):
            if kind is ContactKind.EMAIL or self.star or self.world.likely(0.8):
                row = self.world.put(ContactPoint, kind=kind, content=ContactContent(value), **shared)
                row.value_index = value

    def _addresses(self, shared: dict[str, Any]) -> None:
        for kind, share in ((AddressKind.HOME, 1.0), (AddressKind.DELIVERY, 0.3), (AddressKind.BILLING, 0.2)):
            if self.world.likely(share):
                self.world.put(PostalAddress, kind=kind, content=self._address(), **shared)

    def _address(self) -> AddressContent:
        chance = self.world.chance
        if self.language == "lt":
            city, code = chance.choice(CITIES)
            street = f"{chance.choice(STREETS)} {chance.randint(1, 120)}"
            return AddressContent(street=street, city=city, postal_code=f"LT-{code}", country="Lithuania")
        town = self.tongue
        return AddressContent(
            street=town.street_address().replace("\n", ", "), city=town.city(), region=town.county(),
            postal_code=town.postcode(), country="United Kingdom",
        )  # fmt: skip

    def _preferences(self, shared: dict[str, Any]) -> None:
        chance = self.world.chance
        for topic in chance.sample(TOPICS, chance.randint(1, 2)):
            content = PreferenceContent(
                topic=topic, monthly_limit=chance.randint(0, 4), hours=chance.choice((None, "09-17"))
            )
            self.world.put(
                Preference, channel=chance.choice(tuple(ContactChannel)), content=content, **shared
            )

    def _interactions(self, shared: dict[str, Any]) -> None:
        for _ in range(self.world.chance.randint(0, 3)):
            subject, body = self.world.chance.choice(SAID[self.language])
            self.world.put(
                Interaction,
                channel=self.world.chance.choice(tuple(InteractionChannel)),
                occurred_at=self.world.ago(self.world.some_days(1, 20)),
                content=InteractionContent(subject=subject, body=body),
                **shared,
            )

    def _orders(self, shared: dict[str, Any]) -> None:
        chance = self.world.chance
        for place in range(chance.randint(0, 3)):
            lines = tuple(
                OrderLine(product=name, quantity=chance.randint(1, 3), unit_price=price)
                for name, price in chance.sample(GOODS, chance.randint(1, 3))
            )
            total = sum((Decimal(line.unit_price) * line.quantity for line in lines), Decimal(0))
            content = OrderContent(
                number=f"D-{self.place:05d}-{place + 1}", total=str(total), currency="EUR", lines=lines
            )
            self.world.put(
                Order, placed_at=self.world.ago(self.world.some_days(1, 20)), content=content, **shared
            )

    def _tasks(self) -> None:
        # Those who have left keep closed tasks only.
        for purpose, share in _shares(self.star):
            if self.world.likely(share):
                self._task(purpose)

    def _task(self, purpose: Purpose) -> None:
        world, cast = self.world, self.cast
        # The two stars' tasks are open and carried by the first of each purpose, for the example queries.
        status = TaskStatus.OPEN if self.star or (not self.gone and world.likely(0.7)) else TaskStatus.CLOSED
        carrier, agreement = self._carrier(purpose)
        opened = (
            world.some_days(35, 50)
            if agreement and agreement.until_at < world.now
            else world.some_days(1, 30)
        )
        closed = status is TaskStatus.CLOSED
        world.put(
            Task,
            customer_id=self.customer.id,
            purpose=purpose,
            assignee_id=carrier.id if carrier else None,
            agreement_id=agreement.id if agreement else None,
            status=status,
            opened_by_id=cast.manager.id,
            opened_at=world.ago(opened),
            due_at=world.ago(-world.some_days(1, 30)),
            closed_at=world.ago(opened * 0.5) if closed else None,
            outcome=world.chance.choice(tuple(Outcome)) if closed else None,
        )

    def _carrier(self, purpose: Purpose) -> tuple[Actor | None, Agreement | None]:
        chance, agents = self.world.chance, self.cast.agents[purpose]
        if purpose is Purpose.DELIVERY and (self.star or self.world.likely(0.75)):
            return self.cast.partners[0] if self.star else chance.choice(self.cast.partners)
        if self.star:
            return agents[0], None
        return (None if self.world.likely(0.15) else chance.choice(agents)), None


def _shares(star: bool) -> Iterator[tuple[Purpose, float]]:
    usual = (0.6, 0.3, 0.4, 0.3, 0.15, 0.15)
    for purpose, share in zip(Purpose, usual, strict=True):
        yield purpose, 1.0 if star else share
