"""Records for the tests of procedures: rows as they come, and actors made from them."""

from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from models import (
    Account,
    AccountKind,
    Agreement,
    AgreementTerm,
    BreakGlass,
    BreakGlassContent,
    BreakGlassState,
    Category,
    Consent,
    ConsentEvent,
    ConsentState,
    ContactKind,
    ContactPoint,
    Customer,
    Dictation,
    DictationChange,
    DictationContent,
    Employee,
    EmployeeRole,
    Finding,
    Instruction,
    InstructionContent,
    InstructionKind,
    Notice,
    Order,
    Partner,
    PartnerClient,
    Personal,
    Purpose,
    Request,
    RequestContent,
    RequestKind,
    ReviewReason,
    Role,
    Scan,
    Session,
    Task,
    TaskReview,
)
from policies.actor import Actor
from policies.errors import Refused
from procedures.errors import NotFound

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


def login() -> str:
    return f"{uuid4().hex}@office.example"


async def account(kind: AccountKind, **values: Any) -> Account:
    return await Account.create(**{"kind": kind, "login": login(), "created_at": NOON, **values})


async def employee(*roles: Role, **values: Any) -> Account:
    signed = await account(AccountKind.EMPLOYEE, **values)
    person = await Employee.create(actor_id=signed.id, name="Employee")
    for role in roles:
        await EmployeeRole(employee_id=person.id, role=role).save()
    return signed


async def customer() -> Customer:
    return await Customer.create(created_at=NOON)


async def client(partner: Partner | None = None, **values: Any) -> PartnerClient:
    owner = partner or await Partner.create(name=uuid4().hex, created_at=NOON)
    signed = await account(AccountKind.PARTNER_CLIENT, **values)
    return await PartnerClient.create(actor_id=signed.id, partner_id=owner.id, name="Client")


async def agreement(partner_id: UUID, *purposes: Purpose, **values: Any) -> Agreement:
    fresh = {
        "signed": True,
        "signed_at": NOON,
        "from_at": NOON - DAY,
        "until_at": NOON + DAY,
        "created_at": NOON,
    }
    made = await Agreement.create(**{"partner_id": partner_id, **fresh, **values})
    for purpose in purposes:
        term = AgreementTerm(
            agreement_id=made.id, purpose=purpose, category=Category.POSTAL_ADDRESS, field="street"
        )
        await term.save()
    return made


async def notice(purpose: Purpose = Purpose.SUPPORT) -> Notice:
    return await Notice.create(
        purpose=purpose,
        language="en",
        version=uuid4().hex[:8],
        text="Notice",
        digest="0" * 64,
        created_at=NOON,
    )


async def consent(
    customer_id: UUID,
    purpose: Purpose = Purpose.SUPPORT,
    category: Category = Category.CONTACT_POINT,
    **values: Any,
) -> Consent:
    shown = await notice(purpose)
    fresh = {"state": ConsentState.GIVEN, "permits": True, "evidence": "form 1", "created_at": NOON}
    place = {"customer_id": customer_id, "category": category, "purpose": purpose, "notice_id": shown.id}
    return await Consent.create(**{**place, "expires_at": NOON + DAY, **fresh, **values})


async def contact(rests_on: Consent) -> ContactPoint:
    return await ContactPoint.create(
        customer_id=rests_on.customer_id,
        consent_id=rests_on.id,
        source="test",
        collected_at=NOON,
        kind=ContactKind.PHONE,
        content=ContactPoint.Content("+370 600 00000"),
    )


async def order(rests_on: Consent) -> Order:
    return await Order.create(
        customer_id=rests_on.customer_id,
        consent_id=rests_on.id,
        source="test",
        collected_at=NOON,
        placed_at=NOON,
        content=Order.Content("N-1", "1.50", "EUR"),
    )


async def request(about: Order) -> Request:
    """A request to have the order's number put right."""
    return await Request.create(
        customer_id=about.customer_id,
        kind=RequestKind.RECTIFICATION,
        category=about.category,
        record_id=about.id,
        record_revision=about.revision,
        content=RequestContent("number", "N-2", "A slip."),
        received_at=NOON,
        due_at=NOON + timedelta(days=31),
    )


async def dictation(row: Personal, recorded_by: UUID | None) -> Dictation:
    """What an employee wrote: a row that was added on the customer's word."""
    return await Dictation.create(
        customer_id=row.customer_id,
        category=row.category,
        record_id=row.id,
        record_revision=row.revision,
        change=DictationChange.ADDED,
        content=DictationContent("by telephone"),
        recorded_by_id=recorded_by,
        recorded_roles="agent",
        recorded_at=NOON,
    )


async def instruction(about: Order, recorded_by: UUID) -> Instruction:
    """An instruction to withdraw the consents to the order's category, which nobody has decided."""
    return await Instruction.create(
        customer_id=about.customer_id,
        kind=InstructionKind.WITHDRAW,
        consent_category=about.category,
        special=False,
        content=InstructionContent("She rang and said so."),
        recorded_by_id=recorded_by,
        recorded_at=NOON,
        due_at=NOON + 30 * DAY,
    )


async def break_glass(
    of: Customer, actor: Account, approver: UUID | None = None, **values: Any
) -> BreakGlass:
    """A request to break glass, opening if somebody approved it."""
    state = {"state": BreakGlassState.APPROVED, "decided_by_id": approver, "opened_at": NOON - DAY}
    fresh = {
        "customer_id": of.id,
        "requested_by_id": actor.id,
        "purpose": Purpose.SUPPORT,
        "special": False,
        "content": BreakGlassContent("The house is on fire, and she is in it."),
        "reason_digest": uuid4().bytes * 2,
        "requested_at": NOON,
        "ends_at": NOON + timedelta(minutes=30),
    }
    return await BreakGlass.create(**{**fresh, **(state if approver else {}), **values})


async def task(customer_id: UUID, purpose: Purpose = Purpose.SUPPORT, **values: Any) -> Task:
    return await Task.create(
        **{
            "customer_id": customer_id,
            "purpose": purpose,
            "opened_at": NOON,
            "due_at": NOON + 30 * DAY,
            **values,
        }
    )


async def task_review(of: Task, given_by: UUID | None, given_to: UUID | None) -> TaskReview:
    return await TaskReview.create(
        task_id=of.id,
        customer_id=of.customer_id,
        reason=ReviewReason.NO_OCCASION,
        given_by_id=given_by,
        given_to_id=given_to,
        given_at=NOON,
    )


async def finding(of: Customer, actor_id: UUID | None, at: datetime = NOON) -> Finding:
    """That somebody at the front desk has just found a customer."""
    return await Finding.create(customer_id=of.id, actor_id=actor_id, at=at)


async def states(consent_id: UUID) -> list[ConsentState]:
    return [event.state for event in await ConsentEvent.filter(consent_id=consent_id).order_by("at")]


def staff(
    signed: Account, *roles: Role, purposes: set[Purpose] | None = None, clock: Clock | None = None
) -> Actor:
    return Actor(
        "Employee", signed.id, frozenset(roles), purposes=frozenset(purposes or ()), clock=clock or Clock()
    )


async def confirmed(actor: Actor) -> Actor:
    """The same, in a session that was confirmed a moment ago."""
    begun = await Session.create(
        actor_id=actor.actor_id,
        token_hash=uuid4().bytes * 2,
        created_at=actor.now,
        expires_at=actor.now + DAY,
        confirmed_until=actor.now + timedelta(minutes=5),
    )
    return replace(actor, session_id=begun.id)


async def refusal(change: Coroutine[Any, Any, object]) -> tuple[str, str]:
    """What one is told who may not, or who asks about what is not there."""
    try:
        await change
    except (NotFound, Refused) as error:
        return error.code, error.message
    raise AssertionError("it was not refused")


async def manager() -> Actor:
    return staff(await employee(Role.MANAGER), Role.MANAGER)


async def person(of: Customer) -> Actor:
    signed = await account(AccountKind.CUSTOMER, customer_id=of.id, login=of.number)
    return Actor("Customer", signed.id, customer_id=of.id, clock=Clock())


async def person_again(of: Customer) -> Actor:
    """A customer who has signed in before."""
    signed = await Account.get(customer_id=of.id)
    return Actor("Customer", signed.id, customer_id=of.id, clock=Clock())


async def scan(of: Customer, actor_id: UUID | None, at: datetime = NOON) -> Scan:
    """The scan of a letter, of which nothing has come yet."""
    return await Scan.create(
        customer_id=of.id, size=3, added_by_id=actor_id, begun_at=at, ends_at=at + timedelta(days=1)
    )
