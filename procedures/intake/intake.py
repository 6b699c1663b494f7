"""Intakes of customers: by staff with the customer before them, or by a visitor alone.

    open      a manager makes a customer without data, and gives somebody a task to verify the customer
    record    the assignee of that task enters the data with the customer before them
    begin     a visitor enters data and consents; they are sealed under a key of their own, and a code is mailed
    confirm   the code comes back with a password, and the visitor becomes a customer

A visitor is recognised only by a key that the browser made by chance and that only it and this server know.

    KEY_UNFIT   the key of the intake is too short or too long, or holds other than plain characters; make it by chance
"""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models import (
    Category,
    CollectionMethod,
    ContactKind,
    ContactPoint,
    Customer,
    Employee,
    Identity,
    Intake,
    IntakeContent,
    MessageChannel,
    Notice,
    Task,
    Template,
    new_number,
    opened,
)
from models.database import after_commit, transaction
from models.errors import ProcedureError, Unfit
from models.event import Event
from models.keys import keyring
from policies.actor import Actor
from policies.decide import require
from procedures import task as tasks
from procedures.access import TRIES, CodeExpired, CodeVoid, CodeWrong, Throttle, hashed, user
from procedures.access import one_time_code as codes
from procedures.current import installation
from procedures.errors import AlreadyExists, NoticeMismatch
from procedures.evidence import VERIFICATION
from procedures.intake.data import AttestationRequired, checked, refuse_known, store, traits_of
from procedures.ledger import record as recorded
from procedures.message import Destination, delivery, outbox
from procedures.own import ChannelUnavailable, contact_point
from procedures.suppression import Trait, TraitUnusable, suppressed
from vault import vault

#: How long a visitor's data wait for the code, and how long after an intake its key is remembered.
WAITS: Final = timedelta(hours=24)
#: How many addresses, numbers and personal codes of a visitor are looked up, each at the price of a password.
MOST_LOOKED_UP: Final = 8
#: Characters of a visitor's key: 128 bits of chance in base 64 are 22.
SHORTEST_KEY: Final = 22
LONGEST_KEY: Final = 200


class Beginning(Throttle):
    """Counts the intakes of one installation that were begun and not confirmed, by mail and network address."""


class Taking(Throttle):
    """Counts what an employee tried to take in and did not, so that nobody learns from trying who is a customer."""


class Confirming(Throttle):
    """Counts wrong codes of intakes at one installation, by intake and network address."""


async def open(  # noqa: A001 the verb that goes with an intake
    employee_id: UUID, *, by: Actor, following: tasks.Next | None = None
) -> tuple[Customer, Task, Task | None]:
    """Make a customer without any data, the task to enter them, and the task that is to follow it, if any.

    Args:
        employee_id: the assignee of the task.
        by: a manager.
        following: a task for another purpose, by which somebody goes on with the customer once the data are there.

    Raises:
        Refused: the actor may not open intakes.
        SelfAssignment, NotFound: the task may not be given to that employee.
        SelfAssignment, AgreementRequired, NotFound, Unfit: the next task may not be opened like this.
    """
    async with transaction():
        await require(by, "open_intake", "Employee", employee_id)
        assignee_id = (await Employee.get(id=employee_id)).actor_id
        customer = await Customer.create(created_at=by.now)
        task = await tasks.open(customer.id, VERIFICATION, by=by, assignee_id=assignee_id)
        recorded(Event.CUSTOMER_ADDED, by, changed={Customer: [customer.id]}, customer=customer.id)
        opened_next = None if following is None else await following.open(customer.id, by=by)
        return customer, task, opened_next


async def record(key: str, task_id: UUID, content: IntakeContent, *, attested: bool, by: Actor) -> Customer:
    """Store the data of the customer of a task, who is present and attests that they are right.

    Args:
        key: made by the client; a second call with it changes nothing.
        task_id: an open task of the actor's to verify the customer.
        content: the data and the consents.
        attested: whether the customer attests that the data are right.
        by: the assignee of the task.

    Raises:
        Refused: the actor has no such task.
        AlreadyExists: the customer has an identity already.
        CustomerKnown: somebody who is a customer has one of the addresses or codes.
        RateLimited: this employee has tried too much that was not taken in.
        Unfit, ConsentRequired, AttestationRequired: nothing was stored.
    """
    digest = _digest(f"{by.actor_id}|{_usable(key)}")
    async with transaction():
        await require(by, "record_intake", "Task", task_id)
        task = await Task.get(id=task_id)
        customer = await Customer.filter(id=task.customer_id).select_for_update(no_key=True).get()
        if await Intake.exists(key_digest=digest, became=customer.id):
            return customer
        if not attested:
            raise AttestationRequired
        if await Identity.exists(customer_id=customer.id):
            raise AlreadyExists("identity of this customer")
        fresh = checked(content, by.now)
        throttle = installation().instance(Taking)
        throttle.enter(str(by.actor_id), str(by.actor_id), by.now)
        await refuse_known(fresh)
        intake = Intake(
            key_digest=digest, content=None, became=customer.id, begun_at=by.now, expires_at=by.now + WAITS
        )
        await intake.save()
        await store(customer.id, fresh, by=by, source="intake", evidence=f"intake {intake.id}")
        recorded(Event.INTAKE_COMPLETED, by, intake=intake.id, customer=customer.id)
        throttle.succeeded(str(by.actor_id), str(by.actor_id), by.now)
        return customer


async def begin(
    key: str, content: IntakeContent, *, by: Actor, address: str, throttle: Throttle | None = None
) -> Intake:
    """Store a visitor's data for a while, and send a code to the first e-mail address among them.

    Args:
        key: made by the client by chance; a second call with it changes nothing.
        content: the data and the consents.
        by: a visitor, who has not signed in.
        address: the network address of the request, for the throttle alone.
        throttle: counts what was begun; the installation's unless given.

    Raises:
        Refused: the actor has signed in, or there is no such notice.
        Unfit, ConsentRequired: nothing was stored.
        ChannelUnavailable: this installation sends no mails.
        RateLimited: too many intakes were begun.
    """
    digest, content = _digest(_usable(key)), checked(content, by.now)
    to = _address(content)
    if MessageChannel.EMAIL not in delivery.channels():
        raise ChannelUnavailable
    throttle = installation().instance(Beginning) if throttle is None else throttle
    throttle.enter(to, address, by.now)
    # Slow, and so before the transaction; and as slow for everybody, so that nobody learns who left.
    silent = await suppressed(_few(traits_of(content)), constantly=True)
    try:
        return await _begin(digest, content, None if silent else to, by)
    except IntegrityError:
        # Another call with the same key was quicker.
        return await Intake.get(key_digest=digest)


async def _begin(digest: bytes, content: IntakeContent, to: str | None, by: Actor) -> Intake:
    """Store an intake and send its code; without an address nothing of the content is kept, and no code will fit."""
    async with transaction():
        language = await _language(content, by)
        existing = await Intake.get_or_none(key_digest=digest)
        if existing is not None:
            return existing
        now, code = by.now, codes.new()
        intake = Intake(key_digest=digest, content=content, begun_at=now, expires_at=now + WAITS)
        intake.code_digest = codes.digest(intake.id, code)
        recorded(Event.INTAKE_BEGUN, by, intake=intake.id)
        if to is None:
            intake.content, intake.code_digest = None, secrets.token_bytes(len(intake.code_digest))
            await intake.save()
            return intake
        await intake.save()
        await outbox.put(
            intake.id,
            Template.INTAKE_CODE,
            Destination(MessageChannel.EMAIL, to),
            language,
            by=by,
            expires_at=intake.expires_at,
            code=code,
            until=f"{intake.expires_at:%Y-%m-%d %H:%M} UTC",
        )
        return intake


async def confirm(
    key: str,
    code: str,
    password: str,
    *,
    attested: bool,
    by: Actor,
    address: str,
    throttle: Throttle | None = None,
) -> Customer:
    """Make a customer of a visitor whose code came back.

    Args:
        key: the one that the intake was begun with; a second call with it returns the same customer.
        code: as it was typed.
        password: to sign in with; the login is the customer's number.
        attested: whether the visitor attests that the data are right.
        by: the visitor.
        address: the network address of the request, for the throttle alone.
        throttle: counts failed attempts; the installation's unless given.

    Raises:
        CodeWrong, CodeExpired, CodeVoid: the code is not accepted.
        UnfitPassword, AttestationRequired: the same.
        RateLimited: too many attempts failed.
    """
    digest = _digest(_usable(key))
    throttle = installation().instance(Confirming) if throttle is None else throttle
    throttle.enter(digest.hex(), address, by.now)
    if not attested:
        raise AttestationRequired
    number = await _number()
    # Before the transaction: it takes a while, and others would wait.
    secret = await hashed(password, login=number)
    try:
        async with transaction():
            intake = await Intake.filter(key_digest=digest).select_for_update().first()
            error, customer = await _code_error(intake, code, by), None
            if intake is not None and error is None:
                customer = await _customer(intake, number, secret, by)
    except TraitUnusable:
        # Somebody with one of these addresses left since: a visitor is not told.
        raise CodeExpired from None
    if error is not None or customer is None:
        raise error or CodeExpired()
    throttle.succeeded(digest.hex(), address, by.now)
    return customer


async def _code_error(intake: Intake | None, code: str, by: Actor) -> ProcedureError | None:
    """Why a code is not accepted, if it is not; each try is counted. A visitor who is a customer by now needs none."""
    if intake is None or intake.expires_at <= by.now or intake.code_digest is None:
        return CodeExpired()
    if intake.became is not None:
        return None
    if intake.tries >= TRIES:
        return CodeVoid()
    right = codes.fits(intake.id, code, intake.code_digest)
    await Intake.filter(id=intake.id).update(tries=intake.tries + 1)
    if right:
        return None
    error = CodeVoid() if intake.tries + 1 >= TRIES else CodeWrong()
    recorded(Event.INTAKE_REFUSED, by, intake=intake.id, code=error.code)
    return error


async def _customer(intake: Intake, number: str, secret: str, by: Actor) -> Customer:
    """The customer that a visitor becomes, or became in an earlier call."""
    if intake.became is not None:
        return await Customer.get(id=intake.became)
    content: IntakeContent = await opened(intake)
    customer = await Customer.create(number=number, created_at=by.now)
    recorded(Event.CUSTOMER_ADDED, by, changed={Customer: [customer.id]}, customer=customer.id)
    account = await user.enrol(customer, secret, by.now)
    customer_actor = Actor(
        "Customer", account.id, customer_id=customer.id, clock=by.clock, channel=by.channel
    )
    # The code that came back confirms the consents, too.
    rows = await store(
        customer.id, content, by=customer_actor, source="registration", evidence=f"intake {intake.id}",
        method=CollectionMethod.DOUBLE_OPT_IN,
    )  # fmt: skip
    reached = next(row for row in rows if isinstance(row, ContactPoint) and row.kind is ContactKind.EMAIL)
    await contact_point.reached(reached, customer_actor, evidence=f"intake {intake.id}")
    await Intake.filter(id=intake.id).update(became=customer.id, content=None)
    await outbox.forget(intake.id, by=customer_actor)
    recorded(Event.INTAKE_COMPLETED, customer_actor, intake=intake.id, customer=customer.id)
    await outbox.queue(customer.id, Template.INTAKE_COMPLETED, by=customer_actor, number=customer.number)
    after_commit(lambda: keyring.destroy(intake.id))
    return customer


async def _language(content: IntakeContent, by: Actor) -> str:
    """The language of the notices that a visitor was shown.

    Raises:
        Refused: there is no such notice.
        NoticeMismatch: a notice is for another purpose.
    """
    languages = []
    for each in content.consents:
        await require(by, "begin_intake", "Notice", UUID(each.notice_id))
        notice = await Notice.get(id=UUID(each.notice_id))
        if notice.purpose != each.purpose:
            raise NoticeMismatch
        languages.append(notice.language)
    return languages[0]


async def _number() -> str:
    number = new_number()
    while await Customer.exists(number=number):
        number = new_number()
    return number


def _address(content: IntakeContent) -> str:
    for row in content.rows:
        if row.category == Category.CONTACT_POINT and row.values["kind"] == ContactKind.EMAIL:
            return str(row.values["value"])
    raise Unfit(
        "An e-mail address is missing: a code has to be sent there.", "contactPoints", code="EMAIL_REQUIRED"
    )


def _few(traits: list[Trait]) -> list[Trait]:
    """The traits, if they are no more than are looked up for a visitor."""
    if len(traits) > MOST_LOOKED_UP:
        raise Unfit(f"Give at most {MOST_LOOKED_UP} addresses, numbers and personal codes at once.")
    return traits


def _usable(key: str) -> str:
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Unfit(
            f"The key must be made by chance, of {SHORTEST_KEY} to {LONGEST_KEY} plain characters.",
            "key",
            code="KEY_UNFIT",
        )
    return key


def _digest(key: str) -> bytes:
    return bytes.fromhex(vault.current().keyed_hash(f"intake|{key}"))
