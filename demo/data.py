"""Invented people to try Savas with: the same seed and instant give the same rows, ids included.

Nobody here exists. The rows are such as the procedures could have made: personal rows rest on consents that
permit them, consents of every state have the history that leads there, and tasks are carried by those whose
work they are.
"""

import random
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from demo.inventor import Inventor
from demo.words import AILMENTS, BRANDS, CITIES, GOODS, SAID, STREETS, TOPICS
from demo.world import ALWAYS, ASKED, SERVED, Cast, World, companies_of, desk, notices, partners, staff
from models import (
    PERMITTING,
    Account,
    AccountKind,
    AddressKind,
    Agreement,
    Category,
    Consent,
    ConsentContent,
    ConsentEvent,
    ConsentState,
    ContactChannel,
    ContactKind,
    ContactPoint,
    Customer,
    CustomerStatus,
    HealthRecord,
    Identity,
    Interaction,
    InteractionChannel,
    Order,
    OrderLine,
    Outcome,
    PaymentCard,
    PersonalCode,
    PostalAddress,
    Preference,
    Purpose,
    ReviewReason,
    Task,
    TaskReview,
    TaskStatus,
)

SOURCE = "demo"
STATES = tuple(ConsentState)
#: Of how many customers one has tasks that wait to be reviewed.
REVIEWED = 20

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


def draw(seed: int, customers: int, now: datetime) -> World:
    """Invent a company, its staff, its partners and this many customers."""
    # Whoever knows the seed may know everything here: these people do not exist.
    world = World(now, random.Random(seed))  # noqa: S311 the same again is the point
    inventors = {language: Inventor(language, seed) for language in ("lt", "en")}
    agents, manager = staff(world, inventors)
    cast = Cast(notices(world), companies_of(inventors), agents, manager, partners(world), inventors)
    numbers = world.chance.sample(range(10**8), customers)
    for place, number in enumerate(numbers):
        _Person(world, cast, place, f"C-{number // 10**4:04d}-{number % 10**4:04d}").draw()
    # Last, so that everybody else is as without a front desk.
    desk(world, inventors)
    return world


class _Person:
    """One invented customer."""

    def __init__(self, world: World, cast: Cast, place: int, number: str) -> None:
        self.world, self.cast, self.index = world, cast, place
        self.star = place < 2
        self.gone = not self.star and world.likely(0.03)
        self.language = "lt" if place == 0 or world.likely(0.7) else "en"
        self.inventor = cast.inventors[self.language]
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
        if self.index < 10:
            part = ("customer", "other.customer")[self.index] if self.star else f"customer.{self.index}"
            self.world.actor(part, AccountKind.CUSTOMER, self.customer.number, self.customer.id)
        asked = {purpose for purpose in SERVED if self.star or purpose in ALWAYS or self.world.likely(0.5)}
        for category, purpose in ASKED:
            if purpose in asked:
                self._consent(category, purpose, self._state(category, purpose))
        for category, draw in (
            (Category.IDENTITY, self._identity),
            (Category.PERSONAL_CODE, self._personal_code),
            (Category.CONTACT_POINT, self._contacts),
            (Category.POSTAL_ADDRESS, self._addresses),
            (Category.PREFERENCE, self._preferences),
            (Category.INTERACTION, self._interactions),
            (Category.ORDER, self._orders),
            (Category.PAYMENT_CARD, self._cards),
            (Category.HEALTH_RECORD, self._health),
        ):
            if category in self.grounds:
                draw(self._shared(category))
        self._tasks()

    def _state(self, category: Category, purpose: Purpose) -> ConsentState:
        if self.gone:
            return ConsentState.WITHDRAWN
        if (category, purpose) == (Category.PREFERENCE, Purpose.MARKETING):
            return STATES[self.index % len(STATES)]
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
            content=ConsentContent(f"demo form {world.chance.randint(1000, 9999)}"),
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
        given, family = self.inventor.name()
        content = Identity.Content(
            given_name=given,
            family_name=family,
            company_name=company,
        )
        self.world.put(Identity, **shared).fill(content)

    def _personal_code(self, shared: dict[str, Any]) -> None:
        if self.language == "lt":
            content = PersonalCode.Content(_lithuanian_code(self.world.chance), "LT")
        else:
            content = PersonalCode.Content(self.inventor.insurance_number(), "GB")
        self.world.put(PersonalCode, **shared).fill(content)

    def _contacts(self, shared: dict[str, Any]) -> None:
        address = f"{self.inventor.mailbox()}{self.index}@example.org"
        for kind, value in ((ContactKind.EMAIL, address), (ContactKind.PHONE, self.inventor.phone())):
            if kind is ContactKind.EMAIL or self.star or self.world.likely(0.8):
                self.world.put(ContactPoint, kind=kind, **shared).fill(ContactPoint.Content(value))

    def _addresses(self, shared: dict[str, Any]) -> None:
        for kind, share in ((AddressKind.HOME, 1.0), (AddressKind.DELIVERY, 0.3), (AddressKind.BILLING, 0.2)):
            if self.world.likely(share):
                self.world.put(PostalAddress, kind=kind, content=self._address(), **shared)

    def _address(self) -> Any:
        chance = self.world.chance
        if self.language == "lt":
            city, code = chance.choice(CITIES)
            street = f"{chance.choice(STREETS)} {chance.randint(1, 120)}"
            return PostalAddress.Content(
                street=street, city=city, postal_code=f"LT-{code}", country="Lithuania"
            )
        return self.inventor.address()

    def _preferences(self, shared: dict[str, Any]) -> None:
        chance = self.world.chance
        for topic in chance.sample(TOPICS, chance.randint(1, 2)):
            content = Preference.Content(
                topic=topic, monthly_limit=chance.randint(0, 4), hours=chance.choice((None, "09:00-17:00"))
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
                content=Interaction.Content(subject=subject, body=body),
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
            content = Order.Content(
                number=f"D-{self.index:05d}-{place + 1}", total=str(total), currency="EUR", lines=lines
            )
            self.world.put(
                Order, placed_at=self.world.ago(self.world.some_days(1, 20)), content=content, **shared
            )

    def _cards(self, shared: dict[str, Any]) -> None:
        chance = self.world.chance
        # Nobody's: there never was a number.
        token = f"demo:{chance.getrandbits(256):064x}"
        expiry = f"{self.world.now.year + chance.randint(1, 4)}-{chance.randint(1, 12):02d}"
        content = PaymentCard.Content(token, chance.choice(BRANDS), f"{chance.randrange(10_000):04d}", expiry)
        self.world.put(PaymentCard, **shared).fill(content)

    def _health(self, shared: dict[str, Any]) -> None:
        for kind, code, description in self.world.chance.sample(AILMENTS, self.world.chance.randint(1, 2)):
            content = HealthRecord.Content(
                kind,
                description,
                "http://snomed.info/sct",
                code,
                self.world.ago(self.since).date().isoformat(),
            )
            self.world.put(HealthRecord, content=content, **shared)

    def _tasks(self) -> None:
        # Those who have left keep closed tasks only.
        for purpose, share in _shares(self.star):
            if self.world.likely(share):
                self._task(purpose)

    def _task(self, purpose: Purpose) -> None:
        world, cast = self.world, self.cast
        # The two stars' tasks are open and carried by the first of each purpose, for the example queries.
        status = TaskStatus.OPEN if self.star or (not self.gone and world.likely(0.7)) else TaskStatus.CLOSED
        assignee, agreement = self._carrier(purpose)
        opened = (
            world.some_days(35, 50)
            if agreement and agreement.until_at < world.now
            else world.some_days(1, 30)
        )
        closed = status is TaskStatus.CLOSED
        task = world.put(
            Task,
            customer_id=self.customer.id,
            purpose=purpose,
            assignee_id=assignee.id if assignee else None,
            agreement_id=agreement.id if agreement else None,
            status=status,
            opened_by_id=cast.manager.id,
            opened_at=world.ago(opened),
            due_at=world.ago(-world.some_days(1, 30)),
            closed_at=world.ago(opened * 0.5) if closed else None,
            outcome=world.chance.choice(tuple(Outcome)) if closed else None,
        )
        if assignee and not self.gone and self.index % REVIEWED == 2:
            self._review(task, assignee)

    def _review(self, task: Task, assignee: Account) -> None:
        """A review that waits; nothing is drawn for it, so that everybody else stays who they are."""
        self.world.records.setdefault(TaskReview, []).append(
            TaskReview(
                id=uuid5(task.id, "review"),
                task_id=task.id,
                customer_id=self.customer.id,
                reason=ReviewReason.NO_OCCASION,
                given_by_id=self.cast.manager.id,
                given_to_id=assignee.id,
                given_at=task.opened_at,
            )
        )

    def _carrier(self, purpose: Purpose) -> tuple[Account | None, Agreement | None]:
        chance, agents = self.world.chance, self.cast.agents[purpose]
        if purpose is Purpose.DELIVERY and (self.star or self.world.likely(0.75)):
            return self.cast.partners[0] if self.star else chance.choice(self.cast.partners)
        if self.star:
            return agents[0], None
        return (None if self.world.likely(0.15) else chance.choice(agents)), None


def _lithuanian_code(chance: random.Random) -> str:
    """A code with a right check digit that is nobody's: it begins with 7, for those born from 2100 on."""
    code = f"7{chance.randrange(100):02d}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{chance.randrange(1000):03d}"
    for weights in ("1234567891", "3456789123"):
        check = sum(int(digit) * int(weight) for digit, weight in zip(code, weights, strict=True)) % 11
        if check < 10:
            return f"{code}{check}"
    return f"{code}0"


def _shares(star: bool) -> Iterator[tuple[Purpose, float]]:
    usual = (0.6, 0.3, 0.4, 0.3, 0.15, 0.15, 0.1)
    for purpose, share in zip(SERVED, usual, strict=True):
        yield purpose, 1.0 if star else share
