"""Taking somebody in: by staff with the customer before them, or by a visitor alone.

    open      a manager makes a customer without data, and a task to verify it for somebody to carry
    record    whoever carries that task enters the data with the customer before them
    begin     a visitor enters data and consents; they wait under a key of their own, and a code goes to the address
    confirm   the code comes back with a password: only now there is a customer

A visitor is known by nothing but a key of their own making, which only they and this server know.

    KEY_UNFIT   the key of the intake is too short or too long, or holds other than plain characters; make it by chance
"""

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
from procedures.errors import AlreadyExists, NoticeMismatch, SelfAssignment
from procedures.evidence import VERIFICATION
from procedures.intake.data import AttestationRequired, checked, lay
from procedures.ledger import record as recorded
from procedures.message import Destination, delivery, outbox
from procedures.own import ChannelUnavailable, contact_point
from vault import vault

#: How long a visitor's data wait for the code, and how long a key is remembered after that.
WAITS: Final = timedelta(hours=24)
#: Characters of a visitor's key: 128 bits of chance in base 64 are 22.
SHORTEST_KEY: Final = 22
LONGEST_KEY: Final = 200


class Beginning(Throttle):
    """Intakes that were begun at one installation and not confirmed, by network address."""


class Confirming(Throttle):
    """Wrong codes of intakes at one installation, by network address."""


async def open(employee_id: UUID, *, by: Actor) -> tuple[Customer, Task]:  # noqa: A001 the verb that goes with an intake
    """Make a customer without any data, and the task to take the data in.

    Args:
        employee_id: who shall carry the task.
        by: a manager.

    Raises:
        Refused: the actor may not open intakes.
        SelfAssignment: the actor would be the one to carry it.
        NotFound: there is nobody who could carry it.
    """
    async with transaction():
        await require(by, "open_intake", "Employee", employee_id)
        assignee_id = (await Employee.get(id=employee_id)).actor_id
        if assignee_id == by.actor_id:
            raise SelfAssignment
        customer = await Customer.create(created_at=by.now)
        task = await tasks.open(customer.id, VERIFICATION, by=by, assignee_id=assignee_id)
        recorded(Event.CUSTOMER_ADDED, by, changed={Customer: [customer.id]}, customer=customer.id)
        return customer, task


async def record(key: str, task_id: UUID, content: IntakeContent, *, attested: bool, by: Actor) -> Customer:
    """Take in the data of the customer of a task, who is there and has said that they are right.

    Args:
        key: made up by the client; a second call with it changes nothing.
        task_id: an open task of the actor's to verify the customer.
        content: the data and the consents.
        attested: whether somebody says that the data are right.
        by: who carries the task.

    Raises:
        Refused: the actor does not carry such a task.
        AlreadyExists: the customer was taken in before.
        Unfit, ConsentRequired, AttestationRequired: nothing was kept.
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
        intake = Intake(
            key_digest=digest, content=None, became=customer.id, begun_at=by.now, expires_at=by.now + WAITS
        )
        await intake.save()
        await lay(
            customer.id, checked(content, by.now), by=by, source="intake", evidence=f"intake {intake.id}"
        )
        recorded(Event.INTAKE_COMPLETED, by, intake=intake.id, customer=customer.id)
        return customer


async def begin(
    key: str, content: IntakeContent, *, by: Actor, address: str, throttle: Throttle | None = None
) -> Intake:
    """Take in a visitor's data for a while, and send a code to the first e-mail address among them.

    Args:
        key: made up by the client by chance; a second call with it changes nothing.
        content: the data and the consents.
        by: a visitor, who is nobody yet.
        address: where the request comes from, for the throttle alone.
        throttle: what was begun from where.

    Raises:
        Refused: who is somebody already, or names a notice that is not there.
        Unfit, ConsentRequired: nothing was kept.
        ChannelUnavailable: this installation sends no mails.
        RateLimited: too much was begun from there.
    """
    digest, sound = _digest(_usable(key)), checked(content, by.now)
    to = _address(sound)
    if MessageChannel.EMAIL not in delivery.channels():
        raise ChannelUnavailable
    throttle = installation().kept(Beginning) if throttle is None else throttle
    throttle.enter(to, address, by.now)
    try:
        return await _begun(digest, sound, to, by)
    except IntegrityError:
        # Another call with the same key was quicker.
        return await Intake.get(key_digest=digest)


async def _begun(digest: bytes, sound: IntakeContent, to: str, by: Actor) -> Intake:
    async with transaction():
        language = await _told(sound, by)
        begun = await Intake.get_or_none(key_digest=digest)
        if begun is not None:
            return begun
        now, code = by.now, codes.made()
        intake = Intake(key_digest=digest, content=sound, begun_at=now, expires_at=now + WAITS)
        intake.code_digest = codes.digest(intake.id, code)
        await intake.save()
        recorded(Event.INTAKE_BEGUN, by, intake=intake.id)
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
        key: the one that the intake was begun with; a second call with it gives the same customer.
        code: as it was typed.
        password: to sign in with, by the customer's number.
        attested: whether the visitor says that the data are right.
        by: the visitor.
        address: where the request comes from, for the throttle alone.
        throttle: what is known of failed attempts.

    Raises:
        CodeWrong, CodeExpired, CodeVoid: there is no customer.
        UnfitPassword, AttestationRequired: the same.
        RateLimited: too much was tried from there.
    """
    digest = _digest(_usable(key))
    throttle = installation().kept(Confirming) if throttle is None else throttle
    throttle.enter(digest.hex(), address, by.now)
    if not attested:
        raise AttestationRequired
    number = await _number()
    # Before the transaction: it takes a while, and others would wait.
    secret = await hashed(password, login=number)
    async with transaction():
        intake = await Intake.filter(key_digest=digest).select_for_update().first()
        error, customer = await _tried(intake, code, by), None
        if intake is not None and error is None:
            customer = await _customer(intake, number, secret, by)
    if error is not None or customer is None:
        raise error or CodeExpired()
    throttle.succeeded(digest.hex(), address, by.now)
    return customer


async def _tried(intake: Intake | None, code: str, by: Actor) -> ProcedureError | None:
    """Why a code makes no customer; each try is counted. One who is a customer already needs none."""
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
    """The customer that a visitor becomes, or has become."""
    if intake.became is not None:
        return await Customer.get(id=intake.became)
    content: IntakeContent = await opened(intake)
    customer = await Customer.create(number=number, created_at=by.now)
    recorded(Event.CUSTOMER_ADDED, by, changed={Customer: [customer.id]}, customer=customer.id)
    account = await user.enrol(customer, secret, by.now)
    herself = Actor("Customer", account.id, customer_id=customer.id, clock=by.clock)
    # The code that came back confirms the consents, too.
    rows = await lay(
        customer.id, content, by=herself, source="registration", evidence=f"intake {intake.id}",
        method=CollectionMethod.DOUBLE_OPT_IN,
    )  # fmt: skip
    reached = next(row for row in rows if isinstance(row, ContactPoint) and row.kind is ContactKind.EMAIL)
    await contact_point.reached(reached, herself, evidence=f"intake {intake.id}")
    await Intake.filter(id=intake.id).update(became=customer.id, content=None)
    await outbox.forget(intake.id, by=herself)
    recorded(Event.INTAKE_COMPLETED, herself, intake=intake.id, customer=customer.id)
    await outbox.queue(customer.id, Template.INTAKE_COMPLETED, by=herself, number=customer.number)
    after_commit(lambda: keyring.destroy(intake.id))
    return customer


async def _told(content: IntakeContent, by: Actor) -> str:
    """The language in which a visitor was told what the data are for.

    Raises:
        Refused: by a notice that is not there.
        NoticeMismatch: by one that speaks of another purpose.
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
