"""Codes from a telephone: enrolling, removing, and accepting each code once (RFC 6238, by pyotp).

A secret is shown once and counts only after a code of it was. Codes of the half minute before and after are
accepted too, for clocks that differ, but never one of a half minute that was used or is older. Ten recovery codes,
each good once, stand in for a lost telephone.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from pyotp.exceptions import OTPVerificationError

from models import Account, RecoveryCode, Totp
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.access.throttle import Throttle
from procedures.errors import (
    AlreadyEnrolled,
    CodeRequired,
    NotEnrolled,
    NotFound,
    Unauthenticated,
    WrongCredentials,
)
from procedures.ledger import record
from vault import vault

ISSUER: Final = "Savas"
#: How many recovery codes there are, and the letters and digits of which they are made: none looks like another.
RECOVERY_CODES: Final = 10
LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


@dataclass(frozen=True, repr=False)
class Enrolment:
    """What to put into the telephone: a URI to scan, or the secret to type; told here and never again."""

    uri: str
    secret: str


async def enrol(*, by: Actor) -> Enrolment:
    """Begin to enrol; the secret counts once a code of it was shown, and takes the place of one that waited.

    Raises:
        Refused: this is not for such an actor.
        StepUpRequired: the session has to be confirmed first.
        AlreadyEnrolled: it has to be removed first.
        SealedError: the vault is sealed.
    """
    secret = pyotp.random_base32()
    async with transaction():
        account = await _actor(by, "enrol_totp")
        if await enrolled(account.id):
            raise AlreadyEnrolled
        before = await _taken(account.id)
        totp = Totp(actor_id=account.id, created_at=by.now)
        await totp.keep(secret)
        await totp.save()
        record(Event.TOTP_ENROLLED, by, changed={Totp: [totp.id, *before]}, actor=account.id)
    return Enrolment(pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER), secret)


async def confirm(code: str, *, by: Actor) -> list[str]:
    """Show a first code: from now on signing in asks for one. Returns the recovery codes, told once.

    Raises:
        Refused: this is not for such an actor.
        NotEnrolled: no secret waits for its first code.
        Unfit: the code is not of the secret, or its time is over.
    """
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    async with transaction():
        account = await _actor(by, "confirm_totp")
        totp = await Totp.filter(actor_id=account.id, confirmed_at=None).first()
        if totp is None:
            raise NotEnrolled
        if not await _of_telephone(totp, _normal(code), by.now):
            raise Unfit("The code does not fit. Check the telephone's clock, and type the next code.", "code")
        await Totp.filter(id=totp.id).update(confirmed_at=by.now)
        for each in codes:
            await RecoveryCode.create(totp_id=totp.id, digest=_digest(totp.id, each))
        record(Event.TOTP_CONFIRMED, by, changed={Totp: [totp.id]}, actor=account.id)
    return [f"{each[:5]}-{each[5:]}" for each in codes]


async def remove(*, by: Actor) -> None:
    """Go back to the password alone; the secret and the recovery codes are deleted.

    Raises:
        Refused: this is not for such an actor.
        StepUpRequired: the session has to be confirmed first.
        NotEnrolled: there is nothing to remove.
    """
    async with transaction():
        account = await _actor(by, "remove_totp")
        if not (taken := await _taken(account.id)):
            raise NotEnrolled
        record(Event.TOTP_REMOVED, by, changed={Totp: taken}, actor=account.id)


async def reset(actor_id: UUID) -> None:
    """Take it from somebody who lost telephone and codes; for whoever holds the machine.

    Raises:
        NotEnrolled: there is nothing to take.
    """
    async with transaction():
        if not (taken := await _taken(actor_id)):
            raise NotEnrolled
        record(Event.TOTP_RESET, None, changed={Totp: taken}, actor=actor_id)


async def _taken(actor_id: UUID) -> list[UUID]:
    """Delete what an actor has enrolled, and say which rows these were; none if somebody else was quicker."""
    found = [totp.id for totp in await Totp.filter(actor_id=actor_id)]
    return found if await Totp.filter(id__in=found).delete() else []


async def enrolled(actor_id: UUID) -> Totp | None:
    """What an actor's codes are made from, where codes are asked for at all."""
    return await Totp.filter(actor_id=actor_id, confirmed_at__isnull=False).first()


async def prove(actor_id: UUID, code: str | None, at: datetime, throttle: Throttle) -> None:
    """Accept a code of somebody whose password was right, within the caller's transaction; once.

    Nothing is asked of who has not enrolled.

    Raises:
        CodeRequired: there is none.
        WrongCredentials: it is not the code, or was used; the same as for a wrong password.
        RateLimited: too many codes were wrong, wherever they came from.
        SealedError: the vault is sealed.
    """
    totp = await enrolled(actor_id)
    if totp is None:
        return
    if not code:
        raise CodeRequired
    throttle.enter_code(actor_id, at)
    text = _normal(code)
    if not (await _of_telephone(totp, text, at) or await _of_paper(totp, text, at)):
        raise WrongCredentials
    throttle.code_succeeded(actor_id)


async def _of_telephone(totp: Totp, code: str, at: datetime) -> bool:
    """Whether a code is of the secret at an instant and later than all before it; then it is used up."""
    if len(code) != 6:
        return False
    try:
        step = pyotp.TOTP(await totp.tell()).verify_and_get_timecode(code, for_time=at, valid_window=1)
    except OTPVerificationError:
        return False
    # The condition and the change are one statement, so that of two at once one is accepted.
    return bool(await Totp.filter(id=totp.id, last_step__lt=step).update(last_step=step))


async def _of_paper(totp: Totp, code: str, at: datetime) -> bool:
    """Whether a code is a recovery code that was not used; then it is."""
    found = RecoveryCode.filter(totp_id=totp.id, digest=_digest(totp.id, code), used_at=None)
    if not await found.update(used_at=at):
        return False
    record(Event.TOTP_RECOVERED, None, actor=totp.actor_id)
    return True


async def _actor(by: Actor, action: str) -> Account:
    if by.session_id is None:
        raise Unauthenticated
    await require(by, action, "Session", by.session_id)
    account = await Account.filter(id=by.actor_id).select_for_update(no_key=True).first()
    if account is None:
        raise NotFound("actor")
    return account


def _normal(code: str) -> str:
    """A code as it is compared: no blanks, no hyphens, upper-case."""
    return "".join(code.replace("-", "").split()).upper()[:32]


def _digest(totp_id: UUID, code: str) -> bytes:
    return bytes.fromhex(vault.current().keyed_hash(f"recovery code|{totp_id}|{code}"))
