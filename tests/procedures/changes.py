"""Every procedure that changes something, as a single call in a world where it succeeds."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pyotp

from models import (
    BreakGlass,
    Category,
    ContactKind,
    IntakeConsent,
    IntakeContent,
    Order,
    Outcome,
    Purpose,
    Request,
    Role,
    Totp,
    Verdict,
)
from models.event import Event
from policies.actor import Actor
from procedures import current, instruction, staff
from procedures.access import Throttle, password, session, totp, user
from procedures.consent import ConsentFilter, consent, consents, restored
from procedures.erasure import erasure
from procedures.imports import NoticeText, registered
from procedures.intake import intake
from procedures.keys import sealing
from procedures.ledger import witness
from procedures.own import contact_point, double_opt_in
from procedures.passwords import invitation
from procedures.request import request
from procedures.staff import partner
from procedures.task import agreement, break_glass, task, task_review
from tests.procedures.changing import PASSWORD, World
from tests.procedures.importers import RASA
from tests.procedures.intakes import point
from tests.procedures.ledgers import sql
from tests.procedures.records import DAY, NOON, Clock


def entered(of: World) -> IntakeContent:
    """What a visitor enters."""
    consent = IntakeConsent(Category.CONTACT_POINT, Purpose.SUPPORT, str(of.notices[Purpose.SUPPORT].id))
    return IntakeContent((consent,), (point(ContactKind.EMAIL, "eva@example.org"),))


async def give(of: World, purpose: Purpose) -> None:
    notice = of.notices[purpose]
    await consent.give(
        of.customer.id, Category.CONTACT_POINT, purpose, notice.id, by=of.herself, evidence="form 7"
    )


async def sign_in(of: World, password: str) -> None:
    await session.sign_in(of.agent.login, password, address="192.0.2.1", clock=Clock(), throttle=Throttle())


async def sign_out(of: World) -> None:
    by = Actor("Employee", of.agent.id, clock=Clock(), session_id=of.session.id)
    await session.sign_out(of.session.id, by=by)


async def ask(of: World) -> BreakGlass:
    """Ask to break glass."""
    why = "The customer rings from hospital."
    return await break_glass.request(
        of.customer.number, [Category.CONTACT_POINT], Purpose.SUPPORT, why, by=of.signed_in
    )


async def want(of: World) -> Request:
    """Ask to have an order put right."""
    return await request.submit(
        Order, of.order.id, request.Rectification("total", "2", "A slip."), by=of.herself
    )


async def show_code(of: World) -> None:
    """Show the first code of the secret that waits."""
    secret = await (await Totp.get(actor_id=of.agent.id)).open_secret()
    await totp.confirm(pyotp.TOTP(secret).at(of.signed_in.now), by=of.signed_in)


async def enrol(of: World) -> None:
    """Begin to enrol."""
    await totp.enrol(by=of.signed_in)


async def enrolled(of: World) -> None:
    """Enrol."""
    await enrol(of)
    await show_code(of)


async def replay(of: World) -> None:
    """Repeat an erasure that a witness knows and this database does not."""
    line = {
        "at": NOON.isoformat(),
        "category": "contact_point",
        "consents": {str(of.consent.id): "WITHDRAWN"},
        "customer": str(of.customer.id),
        "id": "00000000-0000-4000-8000-000000000007",
        "successor": bytes(32).hex(),
    }
    witness.append_line(current.addresses().witness, erasure.Line.LIST, json.dumps(line))
    await restored.replay()


async def seal(_of: World) -> None:
    """Seal a row that an earlier version left plain."""
    await sealing.seal_rows()


async def leave_plain(_of: World) -> None:
    """Make the customer's row one that an earlier version left."""
    await sql("UPDATE contact_points SET content = ?", b'{"value":"+370 600 00000"}')


Change = Callable[[World], Awaitable[Any]]

#: By what they do: the call, and the events that it is recorded with.
CHANGES: dict[str, tuple[Change, tuple[Event, ...]]] = {
    "give": (lambda of: give(of, Purpose.DELIVERY), (Event.CONSENT_GIVEN, Event.RECEIPT_MADE)),
    "renew": (lambda of: give(of, Purpose.SUPPORT), (Event.CONSENT_RENEWED, Event.RECEIPT_MADE)),
    "withdraw": (
        lambda of: consent.withdraw(of.consent.id, by=of.herself),
        (Event.ERASURE_BEGUN, Event.CONSENT_WITHDRAWN, Event.RECEIPT_MADE, Event.ERASURE_COMPLETED),
    ),
    "withdraw all to a category": (
        lambda of: consents.withdraw(of.customer.id, ConsentFilter(Category.CONTACT_POINT), by=of.herself),
        (Event.ERASURE_BEGUN, Event.CONSENT_WITHDRAWN, Event.RECEIPT_MADE, Event.ERASURE_COMPLETED),
    ),
    "say that a consent is to end": (
        lambda of: consent.withdraw(of.order.consent_id, by=of.clerk, evidence="She said so."),
        (Event.MESSAGE_QUEUED, Event.INSTRUCTION_RECORDED),
    ),
    "approve that": (
        lambda of: instruction.approve(of.said.id, by=of.manager),
        (
            Event.ERASURE_BEGUN,
            Event.CONSENT_WITHDRAWN,
            Event.RECEIPT_MADE,
            Event.INSTRUCTION_CARRIED_OUT,
            Event.MESSAGE_QUEUED,
            Event.ERASURE_COMPLETED,
        ),
    ),
    "refuse that": (
        lambda of: instruction.refuse(of.said.id, by=of.manager),
        (Event.INSTRUCTION_REFUSED, Event.MESSAGE_QUEUED),
    ),
    "contradict that": (
        lambda of: instruction.contradict(of.said.id, by=of.herself),
        (Event.INSTRUCTION_CONTRADICTED,),
    ),
    "repeat an erasure": (replay, (Event.ERASURE_BEGUN, Event.CONSENT_WITHDRAWN, Event.RECEIPT_MADE)),
    "seal": (seal, (Event.ROWS_SEALED,)),
    "open a task": (
        lambda of: task.open(of.customer.id, Purpose.SUPPORT, by=of.manager, assignee_id=of.agent.id),
        (Event.TASK_OPENED, Event.TASK_ASSIGNED),
    ),
    "assign": (lambda of: task.assign(of.task.id, of.agent.id, by=of.manager), (Event.TASK_ASSIGNED,)),
    "close": (lambda of: task.close(of.task.id, Outcome.DONE, by=of.manager), (Event.TASK_CLOSED,)),
    "put a task off": (
        lambda of: task.extend(of.task.id, NOON + 2 * DAY, by=of.manager),
        (Event.TASK_EXTENDED,),
    ),
    "give a task to a manager": (
        lambda of: task.assign(of.task.id, of.boss.id, by=of.manager),
        (Event.TASK_ASSIGNED, Event.MESSAGE_QUEUED, Event.TASK_REVIEW_BEGUN),
    ),
    "review a task": (
        lambda of: task_review.decide(of.review.id, Verdict.UNJUSTIFIED, "It was not.", by=of.officer),
        (Event.TASK_REVIEW_DECIDED, Event.TASK_CLOSED),
    ),
    "sign in": (lambda of: sign_in(of, PASSWORD), (Event.SESSION_BEGUN,)),
    "sign out": (sign_out, (Event.SESSION_ENDED,)),
    "confirm a session": (
        lambda of: session.confirm(PASSWORD, by=of.signed_in, address="192.0.2.1", throttle=Throttle()),
        (Event.SESSION_CONFIRMED,),
    ),
    "change one's password": (
        lambda of: password.change(
            PASSWORD, "staple horse battery", by=of.signed_in, address="192.0.2.1", throttle=Throttle()
        ),
        (Event.USER_PASSWORD_CHANGED,),
    ),
    "enrol a telephone": (lambda of: totp.enrol(by=of.signed_in), (Event.TOTP_ENROLLED,)),
    "show its first code": (show_code, (Event.TOTP_CONFIRMED,)),
    "remove it": (lambda of: totp.remove(by=of.signed_in), (Event.TOTP_REMOVED,)),
    "take it away": (lambda of: user.reset_totp(of.agent.login), (Event.TOTP_RESET,)),
    "ask to break glass": (ask, (Event.BREAK_GLASS_REQUESTED,)),
    "approve it": (
        lambda of: break_glass.approve(of.glass.id, by=of.manager),
        (Event.BREAK_GLASS_APPROVED, Event.MESSAGE_QUEUED),
    ),
    "refuse it": (lambda of: break_glass.refuse(of.glass.id, by=of.manager), (Event.BREAK_GLASS_REFUSED,)),
    "end it": (lambda of: break_glass.end(of.glass.id, by=of.signed_in), (Event.BREAK_GLASS_ENDED,)),
    "review it": (
        lambda of: break_glass.review(of.over.id, Verdict.JUSTIFIED, "It was.", by=of.officer),
        (Event.BREAK_GLASS_REVIEWED,),
    ),
    "ask to have something put right": (
        want,
        (Event.TASK_OPENED, Event.MESSAGE_QUEUED, Event.REQUEST_SUBMITTED),
    ),
    "take that back": (lambda of: request.withdraw(of.asked.id, by=of.herself), (Event.REQUEST_WITHDRAWN,)),
    "put the answer off": (
        lambda of: request.extend(of.asked.id, "There are many.", by=of.officer),
        (Event.MESSAGE_QUEUED, Event.REQUEST_EXTENDED),
    ),
    "put it right": (
        lambda of: request.grant(of.asked.id, by=of.clerk),
        (Event.MESSAGE_QUEUED, Event.REQUEST_GRANTED),
    ),
    "refuse to": (
        lambda of: request.refuse(of.asked.id, "It is right.", by=of.officer),
        (Event.MESSAGE_QUEUED, Event.REQUEST_REFUSED),
    ),
    "add an agreement": (
        lambda of: agreement.add(
            of.partner.name, [Purpose.DELIVERY], ["postal_address"], until_at=NOON + DAY, clock=Clock()
        ),
        (Event.AGREEMENT_ADDED,),
    ),
    "sign an agreement": (
        lambda of: agreement.sign(of.unsigned.id, NOON, clock=Clock()),
        (Event.AGREEMENT_SIGNED,),
    ),
    "end an agreement": (lambda of: agreement.end(of.signed.id, clock=Clock()), (Event.AGREEMENT_ENDED,)),
    "add an employee": (
        lambda _of: staff.add("new@office.example", "New", [Role.AGENT]),
        (Event.USER_ADDED,),
    ),
    "print a code": (
        lambda _of: invitation.print_code("mindaugas", clock=Clock()),
        (Event.PASSWORD_CODE_PRINTED,),
    ),
    "add a partner": (lambda _of: user.add_partner("Perkūnas UAB"), (Event.PARTNER_ADDED,)),
    "add a client": (
        lambda _of: user.add_partner_client("Gintaras UAB", "van"),
        (Event.USER_ADDED,),
    ),
    "deactivate a partner": (
        lambda of: partner.deactivate(of.partner.name, clock=Clock()),
        (Event.PARTNER_DEACTIVATED,),
    ),
    "say from which networks a partner comes": (
        lambda of: partner.set_networks(of.partner.name, ["192.0.2.0/24"]),
        (Event.PARTNER_NETWORKS_SET,),
    ),
    "activate a partner": (lambda of: partner.activate(of.partner.name), (Event.PARTNER_ACTIVATED,)),
    "deactivate": (
        lambda of: staff.deactivate_by_login(of.agent.login, clock=Clock()),
        (Event.USER_DEACTIVATED, Event.BREAK_GLASS_ENDED, Event.TASK_HANDED_BACK),
    ),
    "activate": (lambda _of: staff.activate_by_login("gone@office.example"), (Event.USER_ACTIVATED,)),
    "register a notice": (
        lambda _of: registered(NoticeText("Why.", "lt"), [Purpose.SUPPORT], NOON),
        (Event.NOTICE_ADDED,),
    ),
    "send a code": (
        lambda of: contact_point.verify(of.point.id, by=of.herself),
        (Event.VERIFICATION_BEGUN, Event.MESSAGE_QUEUED),
    ),
    "send a code to consent by": (
        lambda of: double_opt_in.begin(
            of.point.id, [Category.ORDER], Purpose.DELIVERY, of.notices[Purpose.DELIVERY].id, by=of.herself
        ),
        (Event.VERIFICATION_BEGUN, Event.MESSAGE_QUEUED, Event.CONSENT_REQUESTED, Event.RECEIPT_MADE),
    ),
    "open an intake": (
        lambda of: intake.open(of.employee.id, by=of.manager),
        (Event.TASK_OPENED, Event.TASK_ASSIGNED, Event.CUSTOMER_ADDED),
    ),
    "begin an intake": (
        lambda of: intake.begin(
            "k" * 22, entered(of), by=Actor(clock=Clock()), address="-", throttle=Throttle()
        ),
        (Event.INTAKE_BEGUN, Event.MESSAGE_QUEUED),
    ),
    "import": (
        lambda of: of.importer.customers(RASA),
        (*[Event.CONSENT_GIVEN] * 3, *[Event.RECEIPT_MADE] * 3, Event.IMPORT_WRITTEN),
    ),
}

#: What has to be done first, where the world is not yet as the procedure needs it.
BEFORE: dict[str, Change] = {
    # Nobody whom mail reaches is told a code.
    "print a code": lambda _of: staff.add("mindaugas", "Mindaugas", [Role.AGENT]),
    "seal": leave_plain,
    "show its first code": enrol,
    "remove it": enrolled,
    "take it away": enrolled,
}
