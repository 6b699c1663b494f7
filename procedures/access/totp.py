"""Codes from a telephone: enrolling, removing, and accepting each code once (RFC 6238, by pyotp).

A secret is returned once and counts only after a code of it was confirmed. Codes of the half minute before and after
are accepted too, for clocks that differ, but never one of a half minute that was used or is older. Ten recovery
codes, each valid once, replace a lost telephone.
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
    Unauthenticated,
    WrongCredentials,
    found,
)
from procedures.ledger import record
from vault import vault

ISSUER: Final = "Savas"
#: How many recovery codes there are, and the letters and digits of which they are made: none looks like another.
RECOVERY_CODES: Final = 10
LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


@dataclass(frozen=True, repr=False)
class Enrolment:
    """What to put into the telephone: a URI to scan, or the secret to type; returned here and never again."""

    uri: str
    secret: str


async def enrol(*, by: Actor) -> Enrolment:
    """Begin to enrol; the secret counts once a code of it is confirmed, and replaces one that was not.

    Raises:
        Refused: the actor may not.
        StepUpRequired: the session has to be confirmed first.
        AlreadyEnrolled: it has to be removed first.
        SealedError: the vault is sealed.
    """
    secret = pyotp.random_base32()
    async with transaction():
        account = await _account(by, "enrol_totp")
        if await enrolled(account.id):
            raise AlreadyEnrolled
        replaced = await _delete(account.id)
        totp = Totp(actor_id=account.id, created_at=by.now)
        await totp.seal_secret(secret)
        await totp.save()
        record(Event.TOTP_ENROLLED, by, changed={Totp: [totp.id, *replaced]}, actor=account.id)
    return Enrolment(pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=ISSUER), secret)


async def confirm(code: str, *, by: Actor) -> list[str]:
    """Confirm the secret by a first code: from now on signing in needs one. Returns the recovery codes, once.

    Raises:
        Refused: the actor may not.
        NotEnrolled: no secret waits for its first code.
        Unfit: the code is not of the secret, or has expired.
    """
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    async with transaction():
        account = await _account(by, "confirm_totp")
        totp = await Totp.filter(actor_id=account.id, confirmed_at=None).first()
        if totp is None:
            raise NotEnrolled
        if not await _accept_totp(totp, _normal(code), by.now):
            raise Unfit("The code does not fit. Check the telephone's clock, and type the next code.", "code")
        await Totp.filter(id=totp.id).update(confirmed_at=by.now)
        for each in codes:
            await RecoveryCode.create(totp_id=totp.id, digest=_digest(totp.id, each))
        record(Event.TOTP_CONFIRMED, by, changed={Totp: [totp.id]}, actor=account.id)
    return [f"{each[:5]}-{each[5:]}" for each in codes]


async def remove(*, by: Actor) -> None:
    """Go back to the password alone; the secret and the recovery codes are deleted.

    Raises:
        Refused: the actor may not.
        StepUpRequired: the session has to be confirmed first.
        NotEnrolled: there is nothing to remove.
    """
    async with transaction():
        account = await _account(by, "remove_totp")
        await _remove(account.id, Event.TOTP_REMOVED, by)


async def reset(actor_id: UUID) -> None:
    """Remove it for somebody who lost telephone and recovery codes; for the operator.

    Raises:
        NotEnrolled: there is nothing to remove.
    """
    async with transaction():
        await _remove(actor_id, Event.TOTP_RESET, None)


async def _remove(actor_id: UUID, event: Event, by: Actor | None) -> None:
    if not (deleted := await _delete(actor_id)):
        raise NotEnrolled
    record(event, by, changed={Totp: deleted}, actor=actor_id)


async def _delete(actor_id: UUID) -> list[UUID]:
    """Delete what an account has enrolled; returns the ids of the rows, none if another request was quicker."""
    ids = [totp.id for totp in await Totp.filter(actor_id=actor_id)]
    return ids if await Totp.filter(id__in=ids).delete() else []


async def enrolled(actor_id: UUID) -> Totp | None:
    """The confirmed secret of an account; None where it needs no code."""
    return await Totp.filter(actor_id=actor_id, confirmed_at__isnull=False).first()


async def prove(actor_id: UUID, code: str | None, at: datetime, throttle: Throttle) -> None:
    """Accept a code of an account whose password was right, in the transaction under way; each code once.

    An account that has not enrolled needs none.

    Raises:
        CodeRequired: no code was given.
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
    if not (await _accept_totp(totp, text, at) or await _accept_recovery(totp, text, at)):
        raise WrongCredentials
    throttle.code_succeeded(actor_id)


async def _accept_totp(totp: Totp, code: str, at: datetime) -> bool:
    """Whether a code is of the secret at an instant, and of a later half minute than any used; it is then used."""
    if len(code) != 6:
        return False
    try:
        step = pyotp.TOTP(await totp.open_secret()).verify_and_get_timecode(code, for_time=at, valid_window=1)
    except OTPVerificationError:
        return False
    # The condition and the change are one statement, so that of two at once one is accepted.
    return bool(await Totp.filter(id=totp.id, last_step__lt=step).update(last_step=step))


async def _accept_recovery(totp: Totp, code: str, at: datetime) -> bool:
    """Whether a code is an unused recovery code; it is then used."""
    unused = RecoveryCode.filter(totp_id=totp.id, digest=_digest(totp.id, code), used_at=None)
    if not await unused.update(used_at=at):
        return False
    record(Event.TOTP_RECOVERED, None, actor=totp.actor_id)
    return True


async def _account(by: Actor, action: str) -> Account:
    if by.session_id is None:
        raise Unauthenticated
    await require(by, action, "Session", by.session_id)
    return found(await Account.filter(id=by.actor_id).select_for_update(no_key=True).first(), "actor")


def _normal(code: str) -> str:
    """A code as it is compared: no blanks, no hyphens, upper-case."""
    return "".join(code.replace("-", "").split()).upper()[:32]


def _digest(totp_id: UUID, code: str) -> bytes:
    return bytes.fromhex(vault.current().keyed_hash(f"recovery code|{totp_id}|{code}"))
