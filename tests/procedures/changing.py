"""The world that each procedure of `changes` works in, where it succeeds."""

from dataclasses import dataclass, replace
from pathlib import Path

from argon2 import PasswordHasher

from models import (
    Account,
    Agreement,
    BreakGlass,
    Category,
    Consent,
    ContactPoint,
    Customer,
    Employee,
    Instruction,
    Notice,
    Order,
    Partner,
    Purpose,
    Request,
    Role,
    Session,
    Task,
    TaskReview,
)
from policies.actor import Actor
from procedures import current
from procedures.sending import SMTP, Gateway
from tests.procedures import records
from tests.procedures.importers import Importer
from tests.procedures.records import DAY, NOON

PASSWORD = "correct horse battery"
# The cheapest that argon2 allows: nothing here is about the hash.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass
class World:
    """What the procedures work on."""

    manager: Actor
    herself: Actor
    agent: Account
    customer: Customer
    other: Customer
    notices: dict[Purpose, Notice]
    consent: Consent
    task: Task
    session: Session
    partner: Partner
    unsigned: Agreement
    signed: Agreement
    importer: Importer
    point: ContactPoint
    employee: Employee
    signed_in: Actor
    officer: Actor
    glass: BreakGlass
    over: BreakGlass
    clerk: Actor
    order: Order
    asked: Request
    review: TaskReview
    boss: Account
    said: Instruction


async def world(directory: Path) -> World:
    """A customer with a consent that a row rests on, a task, a partner with agreements, and an agent signed in."""
    customer = await records.customer()
    agent = await records.employee(Role.AGENT, password_hash=CHEAP)
    given = await records.consent(customer.id)
    point = await records.contact(given)
    outward(directory)
    partner = await Partner.create(name="Gintaras UAB", created_at=NOON)
    importer = Importer(directory)
    await importer.basis()
    manager = await records.confirmed(await records.manager())
    signed_in = await records.confirmed(records.staff(agent, Role.AGENT))
    await records.task(customer.id, Purpose.BILLING, assignee_id=agent.id)
    order = await records.order(await records.consent(customer.id, Purpose.BILLING, Category.ORDER))
    made = World(
        manager=manager,
        herself=await records.person(customer),
        agent=agent,
        customer=customer,
        other=await records.customer(),
        notices={each: await records.notice(each) for each in (Purpose.SUPPORT, Purpose.DELIVERY)},
        consent=given,
        task=await records.task(customer.id),
        session=await Session.create(
            actor_id=agent.id, token_hash=bytes(32), created_at=NOON, expires_at=NOON + DAY
        ),
        partner=partner,
        unsigned=await records.agreement(partner.id, signed=False, signed_at=None),
        signed=await records.agreement(partner.id),
        importer=importer,
        point=point,
        employee=await Employee.get(actor_id=agent.id),
        signed_in=signed_in,
        officer=records.staff(await records.employee(Role.PRIVACY_OFFICER), Role.PRIVACY_OFFICER),
        glass=await records.break_glass(customer, agent),
        over=await records.break_glass(customer, agent, approver=manager.actor_id, ends_at=NOON),
        clerk=records.staff(agent, Role.AGENT, purposes={Purpose.BILLING}),
        order=order,
        asked=await records.request(order),
        review=await records.task_review(await records.task(customer.id), manager.actor_id, agent.id),
        boss=await records.employee(Role.MANAGER),
        said=await records.instruction(order, agent.id),
    )
    await records.employee(Role.AGENT, login="gone@office.example", active=False)
    return made


def outward(directory: Path) -> None:
    """Let this installation send, though nobody listens there."""
    sending = SMTP.parse("smtp://127.0.0.1:1?from=crm@savas.example")
    current.installation().addresses = replace(
        current.addresses(), smtp=sending, sms=Gateway("https://sms.example/", directory / "none")
    )
