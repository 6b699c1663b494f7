"""Signing in, staying signed in, confirming that it is still oneself, signing out.

A token is opaque, of 256 random bits, and kept only as its SHA-256. Everything it stands for is read
again at each request, so that an ended session, a lost role or a partner sent away counts at once.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from models import Account, AccountKind, Purpose, Session
from models.database import transaction
from models.event import Event
from models.values import storable
from policies.actor import Actor, Kind, utc_now
from policies.decide import require
from procedures.access.password import encoded, matches, outdated
from procedures.access.throttle import Throttle, proving
from procedures.access.totp import prove
from procedures.errors import Unauthenticated, WrongCredentials
from procedures.ledger import record

LIFETIME: Final = timedelta(hours=8)

#: How long a session that is over stays on record.
KEPT: Final = timedelta(days=30)

#: How long a session stays confirmed.
CONFIRMED: Final = timedelta(minutes=5)

KINDS: Final[dict[AccountKind, Kind]] = {
    AccountKind.EMPLOYEE: "Employee",
    AccountKind.CUSTOMER: "Customer",
    AccountKind.PARTNER_CLIENT: "PartnerClient",
}


@dataclass(frozen=True, repr=False)
class SignedIn:
    """A new session; `token` is told here and never again."""

    token: str
    expires_at: datetime
    actor_id: UUID


async def sign_in(
    login: str,
    password: str,
    code: str | None = None,
    *,
    address: str,
    clock: Callable[[], datetime],
    throttle: Throttle | None = None,
) -> SignedIn:
    """Begin a session of 8 hours.

    Args:
        login: as on record, in lower or in upper case.
        password: of a partner's client, its secret.
        code: of whoever has enrolled; others need none.
        address: where the attempt comes from, for the throttle alone.
        clock: tells the present instant in UTC.
        throttle: what is known of failed attempts; what this installation knows unless given.

    Raises:
        RateLimited: too many attempts failed from there.
        WrongCredentials: no active actor has this login with this password, or the code is wrong.
        CodeRequired: the password is right, and a code is asked for besides.
        LedgerUnavailable: what came of it cannot be recorded.
    """
    async with proving(login, address, Actor(clock=clock), throttle) as counting:
        actor_id, known, fresh = await _checked(login, password)
        return await _begin(actor_id, known, fresh, code, clock(), counting)


async def confirm(
    password: str, code: str | None = None, *, by: Actor, address: str, throttle: Throttle | None = None
) -> datetime:
    """Confirm that whoever is in a session is its owner; returns until when that counts.

    Raises:
        Unauthenticated: there is no session, or no longer.
        Refused: sessions of such an actor are not confirmed.
        RateLimited, WrongCredentials, CodeRequired, LedgerUnavailable: as for `sign_in`.
    """
    if by.session_id is None:
        raise Unauthenticated
    await require(by, "confirm", "Session", by.session_id)
    account = await Account.get(id=by.actor_id)
    async with proving(account.login, address, by, throttle) as counting:
        if not await matches(password, account.password_hash):
            raise WrongCredentials
        async with transaction():
            # Checking took a while: neither a password changed meanwhile nor an ended session is confirmed.
            if not await Account.filter(
                id=account.id, active=True, password_hash=account.password_hash
            ).exists():
                raise WrongCredentials
            until = by.now + CONFIRMED
            alive = Session.filter(id=by.session_id, ended_at=None, expires_at__gt=by.now)
            if not await alive.update(confirmed_until=until):
                raise Unauthenticated
            await prove(account.id, code, by.now, counting)
            record(Event.SESSION_CONFIRMED, by, changed={Session: [by.session_id]}, session=by.session_id)
        return until


async def sign_out(session_id: UUID, *, by: Actor) -> None:
    """End a session of one's own; a session that is over stays over.

    Raises:
        Refused: it is not the actor's.
    """
    async with transaction():
        await require(by, "sign_out", "Session", session_id)
        await Session.filter(id=session_id, ended_at=None).update(ended_at=by.now)
        record(Event.SESSION_ENDED, by, changed={Session: [session_id]}, session=session_id)


async def authenticate(token: str, purposes: frozenset[Purpose], *, clock: Callable[[], datetime]) -> Actor:
    """Tell who bears a token, with the roles of this very moment: one statement.

    Raises:
        Unauthenticated: nobody does, or nobody who may still sign in.
    """
    rows = await Session.filter(
        token_hash=_digest(token), ended_at=None, expires_at__gt=clock(), actor__active=True
    ).values(
        "id",
        "actor_id",
        kind="actor__kind",
        customer_id="actor__customer_id",
        role="actor__employee__roles__role",
        partner_id="actor__partner_client__partner_id",
        partner_active="actor__partner_client__partner__active",
    )
    if not rows or _sent_away(rows[0]):
        raise Unauthenticated
    return actor_of(rows, purposes, clock=clock, session_id=rows[0]["id"])


def actor_of(
    rows: list[dict[str, Any]],
    purposes: frozenset[Purpose],
    *,
    clock: Callable[[], datetime] = utc_now,
    session_id: UUID | None = None,
) -> Actor:
    """Return the actor that an actor's rows describe: one row for each role, or one without any.

    Args:
        rows: `actor_id`, `kind`, `customer_id`, `partner_id` and `role` of one actor.
        purposes: what the actor states.
        clock: tells the present instant in UTC.
        session_id: the session the actor is in, if in any.
    """
    account = rows[0]
    return Actor(
        kind=KINDS[account["kind"]],
        actor_id=account["actor_id"],
        roles=frozenset(row["role"] for row in rows if row["role"] is not None),
        customer_id=account["customer_id"],
        partner_id=account["partner_id"],
        purposes=purposes,
        clock=clock,
        session_id=session_id,
    )


async def end_all(actor_id: UUID, at: datetime) -> list[UUID]:
    """End every session of an actor that is alive, within the caller's transaction; return which."""
    alive = await Session.filter(actor_id=actor_id, ended_at=None, expires_at__gt=at)
    ended = [session.id for session in alive]
    await Session.filter(id__in=ended, ended_at=None).update(ended_at=at)
    return ended


def spellings(login: str) -> list[str]:
    """Return the ways a login may be on record: as typed, in lower case and in upper case."""
    typed = login.strip()
    return list(dict.fromkeys((typed, typed.casefold(), typed.upper())))


async def _checked(login: str, password: str) -> tuple[UUID, str, str]:
    """The actor of a login and a password, with the hash on record and one by today's parameters."""
    account = await _actor(login)
    known = account["password_hash"] if account else None
    if not await matches(password, known) or not account or not known:
        raise WrongCredentials
    fresh = await encoded(password) if outdated(known) else known
    return account["id"], known, fresh


async def _actor(login: str) -> dict[str, Any] | None:
    if not storable(login) or len(login) > 200:
        return None
    asked = spellings(login)
    rows = await Account.filter(login__in=asked, active=True).values(
        "id", "login", "kind", "password_hash", partner_active="partner_client__partner__active"
    )
    welcome = [row for row in rows if not _sent_away(row)]
    return min(welcome, key=lambda row: asked.index(row["login"]), default=None)


def _sent_away(row: dict[str, Any]) -> bool:
    return row["kind"] is AccountKind.PARTNER_CLIENT and not row["partner_active"]


async def _begin(
    actor_id: UUID, known: str, fresh: str, code: str | None, now: datetime, throttle: Throttle
) -> SignedIn:
    token = secrets.token_urlsafe(32)
    async with transaction():
        # Checking took a while: a password changed or an actor sent away meanwhile begins nothing.
        account = (
            await Account.filter(id=actor_id, active=True, password_hash=known)
            .select_for_update(no_key=True)
            .first()
        )
        if account is None:
            raise WrongCredentials
        await prove(actor_id, code, now, throttle)
        if fresh != known:
            await Account.filter(id=actor_id).update(password_hash=fresh)
        await Session.filter(actor_id=actor_id, expires_at__lt=now - KEPT).delete()
        session = Session(
            actor_id=actor_id, token_hash=_digest(token), created_at=now, expires_at=now + LIFETIME
        )
        await session.save()
        changed = {Session: [session.id], Account: [actor_id]}
        record(Event.SESSION_BEGUN, None, changed=changed, session=session.id, actor=actor_id)
    return SignedIn(token, now + LIFETIME, actor_id)


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
