"""The invented company: where the rows are gathered, its staff, its notices and its partners."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from demo.inventor import Inventor
from models import (
    Account,
    AccountKind,
    Agreement,
    AgreementTerm,
    Category,
    Employee,
    EmployeeRole,
    Notice,
    Partner,
    PartnerClient,
    Purpose,
    Record,
    Role,
)
from procedures.notice import controller, digest_of, shipped

#: Who is responsible in the demo: nobody that exists.
CONTROLLER = Path(__file__).with_name("controller.toml")
DAY = timedelta(days=1)
#: What customers are asked for: a category, and a purpose that needs it.
ASKED = tuple(
    (category, purpose)
    for purpose, categories in {
        Purpose.SUPPORT: (Category.IDENTITY, Category.CONTACT_POINT, Category.INTERACTION, Category.ORDER),
        Purpose.SALES: (Category.IDENTITY, Category.CONTACT_POINT, Category.PREFERENCE, Category.INTERACTION),
        Purpose.DELIVERY: (Category.IDENTITY, Category.CONTACT_POINT, Category.POSTAL_ADDRESS),
        Purpose.BILLING: (Category.IDENTITY, Category.POSTAL_ADDRESS, Category.ORDER, Category.PAYMENT_CARD),
        Purpose.MARKETING: (Category.CONTACT_POINT, Category.PREFERENCE),
        Purpose.VERIFICATION: (
            Category.IDENTITY,
            Category.PERSONAL_CODE,
            Category.CONTACT_POINT,
            Category.POSTAL_ADDRESS,
        ),
        Purpose.CARE: (Category.IDENTITY, Category.CONTACT_POINT, Category.HEALTH_RECORD),
    }.items()
    for category in categories
)
#: The purposes that somebody works for in the demo.
SERVED = tuple(dict.fromkeys(purpose for _, purpose in ASKED))
#: The purposes that every customer is asked about.
ALWAYS = frozenset({Purpose.SUPPORT, Purpose.DELIVERY, Purpose.MARKETING})
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
    ("care.agent", Role.AGENT, Purpose.CARE),
    ("privacy.officer", Role.PRIVACY_OFFICER, None),
    ("administrator", Role.ADMINISTRATOR, None),
)
TERMS = (
    (Category.IDENTITY, ("givenName", "familyName")),
    (Category.CONTACT_POINT, ("kind", "value")),
    (Category.POSTAL_ADDRESS, ("kind", "street", "city", "region", "postalCode", "country")),
)
R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class World:
    """What was drawn, in an order in which it can be written; and who plays which part."""

    now: datetime
    chance: random.Random
    records: dict[type[Record], list[Any]] = field(default_factory=dict)
    actors: dict[str, Account] = field(default_factory=dict)

    def put(self, record: type[R], **values: Any) -> R:
        """Add a record with an id that the seed decides."""
        made = record(id=UUID(int=self.chance.getrandbits(128), version=4), **values)
        self.records.setdefault(record, []).append(made)
        return made

    def actor(self, part: str, kind: AccountKind, login: str, customer_id: UUID | None = None) -> Account:
        """Add somebody who can sign in once given a password."""
        made = self.put(Account, kind=kind, login=login, customer_id=customer_id, created_at=self.ago(700))
        self.actors[part] = made
        return made

    def ago(self, days: float) -> datetime:
        """An instant before the present one, to the second."""
        return (self.now - days * DAY).replace(microsecond=0)

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
    companies: list[str]
    agents: dict[Purpose, list[Account]]
    manager: Account
    partners: list[tuple[Account, Agreement]]
    inventors: dict[str, Inventor]


def staff(world: World, inventors: dict[str, Inventor]) -> tuple[dict[Purpose, list[Account]], Account]:
    """Those who work here, by the purpose they serve, and their manager."""
    head = world.actor("manager", AccountKind.EMPLOYEE, "manager@savas.example")
    lead = world.put(Employee, actor_id=head.id, name=_name(inventors["lt"]), manager_id=None)
    world.put(EmployeeRole, employee_id=lead.id, role=Role.MANAGER)
    agents: dict[Purpose, list[Account]] = {}
    for part, role, purpose in STAFF:
        actor = world.actor(part, AccountKind.EMPLOYEE, f"{part}@savas.example")
        employee = world.put(Employee, actor_id=actor.id, name=_name(inventors["lt"]), manager_id=lead.id)
        world.put(EmployeeRole, employee_id=employee.id, role=role)
        if purpose:
            agents.setdefault(purpose, []).append(actor)
    return agents, head


def desk(world: World, inventors: dict[str, Inventor]) -> None:
    """Somebody at the front desk."""
    actor = world.actor("front.desk", AccountKind.EMPLOYEE, "front.desk@savas.example")
    employee = world.put(Employee, actor_id=actor.id, name=_name(inventors["lt"]), manager_id=None)
    world.put(EmployeeRole, employee_id=employee.id, role=Role.FRONT_DESK)


def _name(inventor: Inventor) -> str:
    return " ".join(inventor.name())


def notices(world: World) -> dict[tuple[Purpose, str], Notice]:
    """What customers are told, by purpose and language."""
    return {
        (purpose, language): world.put(
            Notice, purpose=purpose, language=language, version="1", text=text, digest=digest_of(text),
            created_at=world.ago(1200),
        )
        for (purpose, language), text in shipped(controller.load(CONTROLLER)).items()
    }  # fmt: skip


def companies_of(inventors: dict[str, Inventor]) -> list[str]:
    """The names of companies that customers speak for."""
    return [name for inventor in inventors.values() for name in inventor.companies()]


def partners(world: World) -> list[tuple[Account, Agreement]]:
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
            actor = world.actor(f"{part}.{client}", AccountKind.PARTNER_CLIENT, f"{part}.{client}")
            world.put(PartnerClient, actor_id=actor.id, partner_id=partner.id, name=f"{name}, {client}")
            bound.append((actor, agreement))
    return bound
