"""Generated worlds: a small company in every state that its records can be in, and everybody who may ask.

A world follows from its number alone. What decides is dense in it: few purposes, instants around the
moment of the question, and for each missing value one that is there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import product
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from tortoise import Model

import models
from models import Category, ConsentState, Purpose, Role
from policies.actor import Actor, Channel
from tests.policies.beside import beside, suspend
from tests.policies.contents import CONTENTS, EVIDENCE, FIELDS, NOW
from tests.policies.glasses import break_glass
from tests.policies.tasks import task

VILNIUS = timezone(timedelta(hours=2))
#: Instants that a decision at NOW must tell apart: some with microseconds, one in another zone.
INSTANTS = (
    NOW - timedelta(days=400),
    NOW - timedelta(microseconds=1),
    NOW,
    NOW.astimezone(VILNIUS),
    NOW + timedelta(microseconds=1),
    (NOW + timedelta(minutes=90)).astimezone(VILNIUS),
    NOW + timedelta(days=400),
)
LATER = INSTANTS[4:]
PERMITTING = sorted(models.PERMITTING)

Row = TypeVar("Row", bound=models.Record)

#: The tables in the order in which rows can be written; the other way round, deleted.
ORDER: tuple[type[Model], ...] = (
    models.Notice, models.Partner, models.Agreement, models.AgreementTerm, models.Customer,
    models.Account, models.Employee, models.EmployeeRole, models.PartnerClient, models.Session, models.Instruction,
    models.Consent, models.Receipt, *models.PERSONAL.values(), models.Task, models.TaskReview, models.BreakGlass,
    models.BreakGlassCategory,
    models.Access, models.Message, models.Attestation, models.LegalHold, models.Obligation,
    models.Request,
)  # fmt: skip


@dataclass
class World:
    """One world's records, and its people by kind.

    Args:
        number: what the world follows from.
        size: how many customers it has.
    """

    number: int
    size: int = 8
    rows: list[Model] = field(default_factory=list)
    _single: set[tuple[Category, UUID]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.random = Random(self.number)  # noqa: S311 chance here decides no secret
        self.activity = Random(self.number)  # noqa: S311 the same
        self.few = self.random.sample(list(Purpose), 3)
        notices = [self._notice(purpose) for purpose in Purpose]
        self.customers = [self._customer() for _ in range(self.size)]
        self.employees = self._staff(4)
        self.clients = [self._client(partner) for partner in self._partners(2) for _ in range(2)]
        agreements = [self._agreement() for _ in range(5)]
        for customer in self.customers:
            self._consents(customer, notices)
            for _ in range(self.random.choice((0, 1, 2, 2, 3, 4))):
                task(self, customer, agreements, INSTANTS)
        for customer in self.customers:
            for _ in range(self.random.choice((0, 1, 1, 2, 3))):
                break_glass(self, customer, INSTANTS)
        for customer in self.customers:
            staff = [employee.actor_id for employee in self.employees]
            for row in beside(self.random, customer, self.partners, staff):
                self._add(row)

    async def write(self) -> None:
        """Write the world into the open database."""
        for table in ORDER:
            await table.bulk_create([row for row in self.rows if type(row) is table])
        await suspend(Random(self.number), self.rows)  # noqa: S311 chance here decides no secret

    def actors(self) -> Iterator[Actor]:
        """Everybody there is, with none, one and several purposes.

        Two worlds in a row have every mix of roles between them, so that each compiles half of them.
        """
        mixes = [
            frozenset(role for role, given in zip(Role, chosen, strict=True) if given)
            for chosen in product((False, True), repeat=len(Role))
        ]
        for index, roles in enumerate(mixes[self.number % 2 :: 2]):
            yield self._actor("Employee", self.employees[index % len(self.employees)].actor_id, roles=roles)
        for employee in self.employees:
            yield self._actor("Employee", employee.actor_id, roles=frozenset({Role.AGENT}))
        for client in self.clients:
            yield self._actor("PartnerClient", client.actor_id, partner_id=client.partner_id)
            yield self._actor("PartnerClient", client.actor_id, partner_id=client.partner_id)
        for customer in self.random.sample(self.customers, min(4, self.size)):
            yield self._actor("Customer", self._actor_of(customer), customer_id=customer.id)
        yield self._actor("Anonymous", None)

    def _actor(self, kind: Any, actor_id: UUID | None, **more: Any) -> Actor:
        channel = self.random.choice(list(Channel))
        return Actor(
            kind, actor_id, purposes=frozenset(self._purposes()), clock=lambda: NOW, channel=channel, **more
        )

    def _purposes(self) -> Sequence[Purpose]:
        number = self.random.choice((0, 1, 1, 1, 2, 2, 3))
        return self.random.sample(self.few, number)

    def _add(self, row: Row) -> Row:
        row.pk = UUID(int=self.random.getrandbits(128), version=4)
        self.rows.append(row)
        return row

    def _name(self, kind: str) -> str:
        return f"{kind} {self.random.getrandbits(64):016x}"

    def _maybe(self, values: Sequence[Any]) -> Any:
        """One of them, or none in one case of three."""
        return self.random.choice(values) if values and self.random.random() > 0.33 else None

    def _instant(self, among: Sequence[datetime] = INSTANTS) -> datetime:
        return self.random.choice(among)

    def _notice(self, purpose: Purpose) -> models.Notice:
        return self._add(
            models.Notice(
                purpose=purpose,
                language="lt",
                version=self._name("v")[:20],
                text="-",
                digest="0" * 64,
                created_at=NOW,
            )
        )

    def _account(self, kind: models.AccountKind, **more: Any) -> models.Account:
        active = self.activity.random() < 0.85
        return self._add(
            models.Account(kind=kind, login=self._name("login"), active=active, created_at=NOW, **more)
        )

    def _actor_of(self, customer: models.Customer) -> UUID:
        return next(
            row.id for row in self.rows if isinstance(row, models.Account) and row.customer_id == customer.id
        )

    def _customer(self) -> models.Customer:
        customer = self._add(
            models.Customer(
                number=self._name("C")[:20], restricted=self.random.random() < 0.2, created_at=self._instant()
            )
        )
        self._session(self._account(models.AccountKind.CUSTOMER, customer_id=customer.id))
        return customer

    def _session(self, account: models.Account) -> None:
        token = self.random.randbytes(32)
        self._add(
            models.Session(actor_id=account.id, token_hash=token, created_at=NOW, expires_at=self._instant())
        )

    def _staff(self, number: int) -> list[models.Employee]:
        found: list[models.Employee] = []
        for _ in range(number):
            account = self._account(models.AccountKind.EMPLOYEE)
            self._session(account)
            manager = self._maybe([employee.id for employee in found])
            employee = self._add(
                models.Employee(actor_id=account.id, name=self._name("E"), manager_id=manager)
            )
            found.append(employee)
            for role in self.random.sample(list(Role), self.random.randrange(3)):
                self._add(models.EmployeeRole(employee_id=employee.id, role=role))
        found[0].manager_id = found[0].id
        return found

    def _partners(self, number: int) -> list[models.Partner]:
        self.partners = [
            self._add(
                models.Partner(name=self._name("Partner"), active=self.random.random() < 0.8, created_at=NOW)
            )
            for _ in range(number)
        ]
        return self.partners

    def _client(self, partner: models.Partner) -> models.PartnerClient:
        account = self._account(models.AccountKind.PARTNER_CLIENT)
        return self._add(
            models.PartnerClient(actor_id=account.id, partner_id=partner.id, name=self._name("Client"))
        )

    def _agreement(self) -> models.Agreement:
        signed = self.random.random() < 0.85
        begins, ends = self.random.choice(
            [(0, 6), (0, 6), (0, 6), (0, 6), (2, 4), (3, 6), (0, 2), (0, 3), (4, 6), (0, 1), (1, 4)]
        )
        agreement = self._add(
            models.Agreement(
                partner_id=self.random.choice(self.partners).id,
                signed=signed,
                signed_at=INSTANTS[0] if signed else None,
                from_at=INSTANTS[begins],
                until_at=INSTANTS[ends],
                created_at=INSTANTS[0],
            )
        )
        self._terms(agreement)
        return agreement

    def _terms(self, agreement: models.Agreement) -> None:
        share = self.random.choice((0.0, 0.5, 0.8, 1.0))
        named = [(category, name) for category, names in FIELDS.items() for name in names]
        for purpose, (category, name) in product(self.few, named):
            if self.random.random() < share:
                self._add(
                    models.AgreementTerm(
                        agreement_id=agreement.id, purpose=purpose, category=category, field=name
                    )
                )

    def _consents(self, customer: models.Customer, notices: list[models.Notice]) -> None:
        """Some consents of a customer in any state, and personal rows under those that permit."""
        share = self.random.choice((0.0, 0.2, 0.4, 0.6))
        for category, purpose in product(Category, self.few):
            if self.random.random() < share:
                for state in self._states():
                    consent = self._consent(customer, category, purpose, state, notices)
                    self._receipt(consent)
                    if consent.permits:
                        self._personal(customer, category, consent)

    def _states(self) -> list[ConsentState]:
        """At most one consent permits; others that the customer has gone past may lie beside it in any state."""
        permitting = self.random.choice([*PERMITTING, *PERMITTING, None])
        others = [state for state in ConsentState if state not in models.PERMITTING]
        return [
            *([permitting] if permitting else []),
            *self.random.sample(others, self.random.choice((0, 0, 0, 1))),
        ]

    def _consent(
        self,
        customer: models.Customer,
        category: Category,
        purpose: Purpose,
        state: ConsentState,
        notices: list[models.Notice],
    ) -> models.Consent:
        return self._add(
            models.Consent(
                customer_id=customer.id,
                category=category,
                purpose=purpose,
                notice_id=self.random.choice(notices).id,
                state=state,
                permits=state in models.PERMITTING,
                denies=False,
                collection_method=self._maybe(list(models.CollectionMethod)),
                content=models.ConsentContent("form"),
                expires_at=self._instant(self.random.choice((INSTANTS, LATER))),
                created_at=INSTANTS[0],
            )
        )

    def _receipt(self, consent: models.Consent) -> None:
        if self.random.random() < 0.1:
            self._add(
                models.Receipt(
                    consent_id=consent.id,
                    customer_id=consent.customer_id,
                    state=consent.state,
                    made_at=self._instant(),
                    document="{}",
                    digest="0" * 64,
                )
            )

    def _personal(self, customer: models.Customer, category: Category, consent: models.Consent) -> None:
        if self.random.random() < 0.2 or (category, customer.id) in self._single:
            return
        if category in (Category.IDENTITY, Category.PERSONAL_CODE):
            self._single.add((category, customer.id))
        kinds: dict[Category, dict[str, Any]] = {
            Category.IDENTITY_EVIDENCE: EVIDENCE,
            Category.PERSONAL_CODE: {"country_digest": "LT"},
            Category.CONTACT_POINT: {"kind": models.ContactKind.PHONE},
            Category.POSTAL_ADDRESS: {"kind": models.AddressKind.HOME},
            Category.PREFERENCE: {"channel": models.ContactChannel.EMAIL},
            Category.INTERACTION: {"channel": models.InteractionChannel.CALL, "occurred_at": self._instant()},
            Category.ORDER: {"placed_at": self._instant()},
        }
        self._add(
            models.PERSONAL[category](
                customer_id=customer.id,
                consent_id=consent.id,
                content=CONTENTS[category],
                source="form",
                collected_at=INSTANTS[0],
                collected_by=self._maybe([customer.id]),
                verified_at=self._maybe(INSTANTS),
                revision=self.random.randrange(3),
                **kinds.get(category, {}),
            )
        )


async def clear() -> None:
    """Delete every row of every world from the open database."""
    for table in reversed(ORDER):
        await table.all().delete()
