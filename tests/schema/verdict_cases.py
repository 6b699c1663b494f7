"""A customer in some state of their word, everybody who may ask, and the records that a mutation is about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import models
from models import Category, ConsentState, CustomerStatus, Purpose
from procedures import consent as consents
from schema.reading import encode
from tests.people import Office, Someone
from tests.procedures import records

SUPPORT, CONTACT = Purpose("support"), Category.CONTACT_POINT
HERSELF = "the customer"
#: The states of a word on contact points for support, and the state of the consent that is kept of it.
STATES: dict[str, ConsentState | None] = {
    "none": None,
    "requested": ConsentState.REQUESTED,
    "deferred": ConsentState.REQUEST_DEFERRED,
    **dict.fromkeys(("given", "unconfirmed", "suspended"), ConsentState.GIVEN),
    "refused": ConsentState.REFUSED,
    "objected": ConsentState.REFUSED,
    "withdrawn": ConsentState.WITHDRAWN,
    "revoked": ConsentState.REVOKED,
    "invalidated": ConsentState.INVALIDATED,
    "expired": ConsentState.EXPIRED,
    **dict.fromkeys(("run out", "restricted", "held"), ConsentState.GIVEN),
    "left": None,
}
#: Who is at work for the customer, by a task for which purpose.
AT_WORK = {
    "an agent at work": "support",
    "an agent who verifies": "verification",
    "a partner at work": "support",
}


async def people(office: Office) -> dict[str, Someone]:
    """Everybody but the customer, each in a confirmed session."""
    partner = await office.partner()
    await office.agreement(partner, "support", "contact_point.value")
    found = {
        "a stranger": office.stranger(),
        "another customer": await office.himself(await office.customer()),
        "an agent without a task": await office.agent("support"),
        "an agent at work": await office.agent("support"),
        "an agent who verifies": await office.agent("verification"),
        "a manager": await office.employee("manager", purposes=["support"]),
        "the privacy officer": await office.employee("privacy_officer", purposes=["support"]),
        "an administrator": await office.employee("administrator", purposes=["support"]),
        "a partner at work": await office.partner_client(partner, "support"),
        "somebody at the front desk": await office.employee("front_desk", purposes=["support"]),
    }
    return {name: await office.session(who) if who.record else who for name, who in found.items()}


@dataclass
class Case:
    """A customer, for one mutation; records that it is about are made when it asks for them."""

    office: Office
    people: dict[str, Someone]
    colleague: Someone
    customer: models.Customer
    mutation: str
    word: models.Consent | None = None

    @classmethod
    async def made(
        cls, office: Office, everybody: dict[str, Someone], colleague: Someone, mutation: str, state: str
    ) -> "Case":
        """A customer with a word, and the tasks of those at work."""
        office.counted += 1
        number = f"C-{office.counted:08}"
        customer = await office.customer([("identity", "support"), ("order", "support")], number=number)
        case = cls(office, everybody, colleague, customer, mutation)
        await case.row("contact_point")
        await models.ContactPoint.filter(customer_id=customer.id).update(value_index=f"{number}@example.org")
        await records.finding(customer, everybody["somebody at the front desk"].actor.actor_id, office.now)
        for name, purpose in AT_WORK.items():
            agreement = await models.Agreement.first() if "partner" in name else None
            await office.task(everybody[name], customer, purpose, agreement=agreement)
        if kept := STATES[state]:
            case.word = await case._said(kept)
        return case

    @property
    def number(self) -> str:
        """The customer's number."""
        return self.customer.number

    @property
    def now(self) -> datetime:
        """What the office's clock shows."""
        return self.office.now

    async def comes_to(self, state: str) -> None:
        """What else is so in a state of the word, once everything that is asked about is there."""
        await getattr(self, f"_{state.replace(' ', '_')}", self._nothing)()

    async def asker(self, name: str) -> Someone:
        """Somebody by their name, from an address where nobody was before: some count who asks from where."""
        herself = name == HERSELF
        asker = (
            await self.office.session(await self.office.himself(self.customer))
            if herself
            else self.people[name]
        )
        return replace(asker, address=f"2001:db8:{self.office.counted:x}::1")

    async def row(self, category: str) -> models.Personal:
        """A row of the customer's, on a consent that stands whatever the word is."""
        found = await models.PERSONAL[Category(category)].filter(customer_id=self.customer.id).first()
        if found is not None:
            return found
        other = "marketing" if category == "contact_point" else "support"
        return await self.office.row(self.customer, await self.office.consent(self.customer, category, other))

    async def id(self, field: str) -> str:
        """The identifier that a field of an input takes."""
        if field == "customerId":
            return encode("Customer", self.customer.id)
        if field == "consentId":
            return encode("Consent", self.word.id if self.word else uuid4())
        if field == "noticeId":
            return encode("Notice", (await self.office.notice("support")).id)
        if field == "recordId":
            category = "health_record" if "Sealed" in self.mutation else "order"
            return encode(models.PERSONAL[Category(category)].__name__, (await self.row(category)).id)
        record, make = RECORDS[field]
        return encode(record, (await make(self)).id)

    async def _said(self, state: ConsentState, category: Category = CONTACT) -> models.Consent:
        consent = consents.new(
            self.customer.id, category, SUPPORT, state, self.office.now, content=models.ConsentContent("form 7"),
            notice_id=(await self.office.notice("support")).id, expires_at=self.office.now + timedelta(days=365),
        )  # fmt: skip
        await consent.save()
        return consent

    async def _nothing(self) -> None:
        """There is no more to it."""

    async def _unconfirmed(self) -> None:
        recorder = self.people["an agent at work"].actor
        await models.Consent.filter(id=self.word.id if self.word else None).update(
            recorded_by_id=recorder.actor_id
        )

    async def _suspended(self) -> None:
        said = await instruction(self)
        await models.Consent.filter(id=self.word.id if self.word else None).update(suspended_by_id=said.id)

    async def _objected(self) -> None:
        for model in models.PERSONAL.values():
            await model.filter(customer_id=self.customer.id, consent__purpose="support").delete()
        await models.Consent.filter(customer_id=self.customer.id, purpose="support", permits=True).delete()
        for category in set(Category) - {CONTACT}:
            await self._said(ConsentState.REFUSED, category)

    async def _run_out(self) -> None:
        past = self.office.now - timedelta(seconds=1)
        await models.Consent.filter(customer_id=self.customer.id, purpose="support").update(expires_at=past)

    async def _restricted(self) -> None:
        await models.Customer.filter(id=self.customer.id).update(restricted=True)

    async def _held(self) -> None:
        await hold(self)

    async def _left(self) -> None:
        for model in models.PERSONAL.values():
            await model.filter(customer_id=self.customer.id).delete()
        await models.Consent.filter(customer_id=self.customer.id).delete()
        await models.Task.filter(customer_id=self.customer.id).update(status=models.TaskStatus.CLOSED)
        await models.Customer.filter(id=self.customer.id).update(status=CustomerStatus.WITHDRAWN)


async def request(case: Case) -> models.Request:
    """A request of the customer's about an order."""
    row = await case.row("order")
    now = case.office.now
    return await models.Request.create(
        customer_id=case.customer.id,
        kind=models.RequestKind.RECTIFICATION,
        category=Category.ORDER,
        record_id=row.id,
        record_revision=row.revision,
        content=models.RequestContent("number", "NR-1", "A slip."),
        received_at=now,
        due_at=now + timedelta(days=30),
    )


async def hold(case: Case) -> models.LegalHold:
    """A legal hold on contact points."""
    now = case.office.now
    return await models.LegalHold.create(
        customer_id=case.customer.id,
        category=CONTACT,
        reason=models.HoldReason.LEGAL_CLAIMS,
        content=models.LegalHoldContent("Case 7"),
        placed_at=now,
        until=now + timedelta(days=90),
    )


async def obligation(case: Case) -> models.Obligation:
    """What the partner at work owes."""
    now = case.office.now
    return await models.Obligation.create(
        partner_id=case.people["a partner at work"].actor.partner_id,
        customer_id=case.customer.id,
        category=CONTACT,
        kind=models.ObligationKind.ERASE,
        created_at=now,
        due_at=now + timedelta(days=7),
    )


async def task(case: Case) -> models.Task:
    """The task of the agent at work, or of the one who verifies where it is about that."""
    purpose = "verification" if case.mutation == "intakeRecord" else "support"
    return await models.Task.filter(customer_id=case.customer.id, purpose=purpose, agreement_id=None).get()


async def glass(case: Case) -> models.BreakGlass:
    """A colleague's request for break-glass access."""
    return await case.office.break_glass(case.colleague, case.customer, "support", "contact_point")


async def instruction(case: Case) -> models.Instruction:
    """What the colleague said that the customer wants ended."""
    return await models.Instruction.create(
        customer_id=case.customer.id,
        kind=models.InstructionKind.WITHDRAW,
        consent_purpose=SUPPORT,
        special=False,
        content=models.InstructionContent("She said so."),
        recorded_by_id=case.colleague.actor.actor_id,
        recorded_at=case.office.now,
        due_at=case.office.now + timedelta(days=30),
    )


async def dictation(case: Case) -> models.Dictation:
    """What the colleague wrote: a contact point, added on the customer's word."""
    return await records.dictation(await case.row("contact_point"), case.colleague.actor.actor_id)


async def task_review(case: Case) -> models.TaskReview:
    """The review of a task that the colleague was given."""
    given = await case.office.task(case.colleague, case.customer, "support")
    return await records.task_review(
        given, case.people["a manager"].actor.actor_id, case.colleague.actor.actor_id
    )


async def colleague(case: Case) -> Any:
    """Somebody who could be given a task."""
    return case.colleague.record


def row(category: str) -> Callable[[Case], Awaitable[models.Personal]]:
    """What makes a row of a category."""
    return lambda case: case.row(category)


#: By the field of an input: the type of the record that it names, and what makes one.
RECORDS: dict[str, tuple[str, Callable[[Case], Awaitable[Any]]]] = {
    "contactPointId": ("ContactPoint", row("contact_point")),
    "postalAddressId": ("PostalAddress", row("postal_address")),
    "preferenceId": ("Preference", row("preference")),
    "requestId": ("Request", request),
    "legalHoldId": ("LegalHold", hold),
    "obligationId": ("Obligation", obligation),
    "taskId": ("Task", task),
    "breakGlassId": ("BreakGlass", glass),
    "instructionId": ("Instruction", instruction),
    "dictationId": ("Dictation", dictation),
    "taskReviewId": ("TaskReview", task_review),
    "assigneeId": ("Employee", colleague),
    "scanId": (
        "Scan",
        lambda case: records.scan(case.customer, case.colleague.actor.actor_id, case.office.now),
    ),
}
