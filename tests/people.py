"""The people of the tests: an office where everybody acts as somebody, and nobody passes the policies by.

A person asks through the real schema: `await ruta.asks("{ me { id } }")`. The clock is the office's own.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import models
import schema
from models import Category, Purpose
from policies.actor import Actor
from schema.reading import Context, encode
from tests.contents import CONTENTS, NOON

BUILT = schema.build()


@cache
def documented() -> frozenset[str]:
    """The codes that the page on errors has."""
    page = Path(__file__).parents[1] / "docs" / "errors.md"
    return frozenset(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", page.read_text("utf-8"), re.MULTILINE))


@dataclass(frozen=True)
class Answer:
    """What the schema answered."""

    data: Any
    errors: list[Any]
    extensions: dict[str, Any]

    @property
    def codes(self) -> list[str]:
        """The codes of the errors' causes."""
        return [str(getattr(error.original_error, "code", error.message)) for error in self.errors]

    @property
    def own_codes(self) -> set[str]:
        """Every code of an error of ours, those of `userErrors` included."""
        causes = {getattr(error.original_error, "code", None) for error in self.errors}
        payloads = (each for each in (self.data or {}).values() if isinstance(each, dict))
        told = {error.get("code") for each in payloads for error in each.get("userErrors") or ()}
        return {code for code in causes | told if code}


@dataclass(frozen=True)
class Reading:
    """What came of asking for one field of a customer."""

    value: Any
    reason: str | None
    there: bool

    @property
    def granted(self) -> bool:
        """Whether a value came."""
        return self.value not in (None, [])

    @property
    def absent(self) -> bool:
        """Whether there is no such customer for the actor."""
        return not self.there


@dataclass(frozen=True)
class Someone:
    """One who asks."""

    actor: Actor
    record: models.Record | None = None
    address: str = "192.0.2.1"

    async def asks(self, query: str, **variables: Any) -> Answer:
        """Ask the schema."""
        result = await BUILT.execute(
            query, variable_values=variables, context_value=Context(self.actor, self.address)
        )
        answer = Answer(result.data, list(result.errors or []), result.extensions or {})
        assert answer.own_codes <= documented(), "docs/errors.md is without it: python -m docs.pages"
        return answer

    async def reads(self, customer: models.Customer, path: str) -> Reading:
        """Ask for one field of a customer, such as `contactPoints.value`."""
        edge, _, field = path.partition(".")
        below = f"{edge} {{ {field} }}" if field else edge
        answer = await self.asks(
            f"query ($id: ID!) {{ customer(id: $id) {{ {below} withheld {{ field reason }} }} }}",
            id=encode("Customer", customer.id),
        )
        assert not answer.errors, answer.errors
        found = answer.data["customer"]
        if found is None:
            return Reading(None, None, there=False)
        reasons = {item["field"]: item["reason"] for item in found["withheld"]}
        return Reading(_value(found[edge], field), reasons.get(edge), there=True)

    def stating(self, *purposes: str) -> "Someone":
        """The same person, stating other purposes."""
        return replace(self, actor=replace(self.actor, purposes=_purposes(purposes)))


@dataclass
class Office:
    """A company with nobody in it yet; `now` is what its clock shows."""

    now: datetime = NOON
    counted: int = 0
    notices: dict[Purpose, models.Notice] = field(default_factory=dict)

    @property
    def clock(self) -> Callable[[], datetime]:
        """The office's clock."""
        return lambda: self.now

    async def agent(self, *purposes: str) -> Someone:
        """An agent who states these purposes."""
        return await self.employee("agent", purposes=purposes)

    async def employee(self, *roles: str, purposes: Iterable[str] = ()) -> Someone:
        """An employee with these roles."""
        account = await self._actor(models.AccountKind.EMPLOYEE)
        employee = await models.Employee.create(actor_id=account.id, name=f"Colleague {self.counted}")
        for role in roles:
            await models.EmployeeRole.create(employee_id=employee.id, role=models.Role(role))
        held = frozenset(models.Role(role) for role in roles)
        actor = Actor("Employee", account.id, held, None, None, _purposes(purposes), self.clock)
        return Someone(actor, employee)

    async def partner_client(self, partner: models.Partner, *purposes: str) -> Someone:
        """A program of a partner's."""
        account = await self._actor(models.AccountKind.PARTNER_CLIENT)
        client = await models.PartnerClient.create(actor_id=account.id, partner_id=partner.id, name="Van")
        actor = Actor(
            "PartnerClient", account.id, frozenset(), None, partner.id, _purposes(purposes), self.clock
        )
        return Someone(actor, client)

    async def partner(self) -> models.Partner:
        """A partner without an agreement."""
        self.counted += 1
        return await models.Partner.create(name=f"Partner {self.counted}", created_at=self.now)

    async def agreement(
        self, partner: models.Partner, purpose: str, *fields: str, signed: bool = True, days: int = 30
    ) -> models.Agreement:
        """An agreement that names fields such as `contact_point.value`, in force for some days."""
        agreement = await models.Agreement.create(
            partner_id=partner.id,
            signed=signed,
            signed_at=self.now if signed else None,
            from_at=self.now - timedelta(days=1),
            until_at=self.now + timedelta(days=days),
            created_at=self.now,
        )
        for name in fields:
            category, _, item = name.partition(".")
            await models.AgreementTerm.create(
                agreement_id=agreement.id, purpose=Purpose(purpose), category=Category(category), field=item
            )
        return agreement

    async def himself(self, customer: models.Customer) -> Someone:
        """A customer, signed in."""
        account = await self._actor(models.AccountKind.CUSTOMER, customer_id=customer.id)
        return Someone(
            Actor("Customer", account.id, frozenset(), customer.id, None, frozenset(), self.clock), customer
        )

    def stranger(self) -> Someone:
        """Somebody not signed in."""
        return Someone(Actor(clock=self.clock))

    async def customer(
        self, consents: Iterable[tuple[str, str]] = (), rows: bool = True, **values: Any
    ) -> models.Customer:
        """A customer who consents to categories for purposes, with a row of each such category."""
        customer = await models.Customer.create(created_at=self.now, **values)
        for category, purpose in consents:
            consent = await self.consent(customer, category, purpose)
            if rows and not await _rows(customer, Category(category)):
                await self.row(customer, consent)
        return customer

    async def consent(
        self, customer: models.Customer, category: str, purpose: str, *, days: int = 365, state: str = "GIVEN"
    ) -> models.Consent:
        """A consent, standing for some days."""
        return await models.Consent.create(
            customer_id=customer.id,
            category=Category(category),
            purpose=Purpose(purpose),
            notice_id=(await self.notice(purpose)).id,
            state=models.ConsentState(state),
            permits=state in models.PERMITTING,
            content=models.ConsentContent("form 7"),
            expires_at=self.now + timedelta(days=days),
            created_at=self.now,
        )

    async def row(self, customer: models.Customer, consent: models.Consent, **values: Any) -> models.Personal:
        """A row of the consent's category."""
        model, content = CONTENTS[consent.category]
        return await model.create(
            customer_id=customer.id,
            consent_id=consent.id,
            source="counter",
            collected_at=self.now,
            **content | values,
        )

    async def task(
        self,
        assignee: Someone | None,
        customer: models.Customer,
        purpose: str,
        *,
        agreement: models.Agreement | None = None,
        status: str = "OPEN",
        days: int = 30,
    ) -> models.Task:
        """A task, given to somebody or to nobody yet, due in some days."""
        return await models.Task.create(
            customer_id=customer.id,
            purpose=Purpose(purpose),
            assignee_id=assignee.actor.actor_id if assignee else None,
            agreement_id=agreement.id if agreement else None,
            status=models.TaskStatus(status),
            opened_at=self.now,
            due_at=self.now + timedelta(days=days),
        )

    async def notice(self, purpose: str) -> models.Notice:
        """The notice for a purpose."""
        wanted = Purpose(purpose)
        if wanted not in self.notices:
            self.notices[wanted] = await models.Notice.create(
                purpose=wanted, language="en", version="1", text="Why.", digest="0" * 64, created_at=self.now
            )
        return self.notices[wanted]

    async def session(self, someone: Someone, *, confirmed: bool = True) -> Someone:
        """Somebody in a session, confirmed for the next five minutes unless told otherwise."""
        self.counted += 1
        session = await models.Session.create(
            actor_id=someone.actor.actor_id,
            token_hash=self.counted.to_bytes(32, "big"),
            created_at=self.now,
            expires_at=self.now + timedelta(hours=8),
            confirmed_until=self.now + timedelta(minutes=5) if confirmed else None,
        )
        return replace(someone, actor=replace(someone.actor, session_id=session.id))

    async def break_glass(
        self,
        actor: Someone,
        customer: models.Customer,
        purpose: str,
        *categories: str,
        approver: Someone | None = None,
        **values: Any,
    ) -> models.BreakGlass:
        """A request to break glass, and opening for fifteen minutes if somebody approved it."""
        self.counted += 1
        state = {
            "state": models.BreakGlassState.APPROVED,
            "decided_by_id": approver.actor.actor_id,
            "opened_at": self.now,
            "ends_at": self.now + timedelta(minutes=15),
        } if approver else {"ends_at": self.now + timedelta(minutes=30)}  # fmt: skip
        fresh = {
            "customer_id": customer.id,
            "requested_by_id": actor.actor.actor_id,
            "purpose": Purpose(purpose),
            "special": "personal_code" in categories,
            "content": models.BreakGlassContent("The house is on fire, and she is in it."),
            "reason_digest": self.counted.to_bytes(32, "big"),
            "requested_at": self.now,
        }
        glass = await models.BreakGlass.create(**fresh | state | values)
        for category in categories:
            await models.BreakGlassCategory.create(break_glass_id=glass.id, category=Category(category))
        return glass

    async def _actor(self, kind: models.AccountKind, customer_id: UUID | None = None) -> models.Account:
        self.counted += 1
        return await models.Account.create(
            kind=kind, login=f"somebody-{self.counted}", customer_id=customer_id, created_at=self.now
        )


def _purposes(names: Iterable[str]) -> frozenset[Purpose]:
    return frozenset(Purpose(name) for name in names)


async def _rows(customer: models.Customer, category: Category) -> bool:
    return await models.PERSONAL[category].filter(customer_id=customer.id).exists()


def _value(found: Any, field: str) -> Any:
    if not field or found is None:
        return found
    return [item[field] for item in found] if isinstance(found, list) else found[field]
