"""Sessions: signing in, authenticating requests, confirming a session, signing out.

A token is opaque, of 256 random bits, and stored only as its SHA-256. Session, roles and partner are read
again at each request, so that an ended session, a lost role or a deactivated partner counts at once.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from models import Account, AccountKind, Purpose, Session, UserAgent
from models.database import transaction
from models.event import Event
from models.values import storable
from policies.actor import Actor, Channel, Kind, utc_now
from policies.decide import require
from procedures import clock as clocks
from procedures.access.network import within
from procedures.access.password import encoded, matches, outdated
from procedures.access.place import place_of
from procedures.access.throttle import Throttle, proving
from procedures.access.totp import prove
from procedures.errors import Unauthenticated, WrongCredentials
from procedures.ledger import record
from procedures.work import Clock

LIFETIME: Final = timedelta(hours=8)

#: How far the clocks of several servers may be apart.
LEEWAY: Final = timedelta(minutes=5)

#: How long a session that has expired stays on record.
RETENTION: Final = timedelta(days=30)

#: How long after a session was seen it is noted again.
SEEN: Final = timedelta(minutes=15)

#: How long a session stays confirmed.
CONFIRMED: Final = timedelta(minutes=5)

KINDS: Final[dict[AccountKind, Kind]] = {
    AccountKind.EMPLOYEE: "Employee",
    AccountKind.CUSTOMER: "Customer",
    AccountKind.PARTNER_CLIENT: "PartnerClient",
}


@dataclass(frozen=True, repr=False)
class SignedIn:
    """A new session; `token` is returned here and never again."""

    token: str
    expires_at: datetime
    actor_id: UUID


async def sign_in(
    login: str,
    password: str,
    code: str | None = None,
    *,
    address: str,
    clock: Clock,
    agent: UserAgent = UserAgent.PROGRAM,
    throttle: Throttle | None = None,
) -> SignedIn:
    """Begin a session of 8 hours.

    Args:
        login: as on record, in lower or in upper case.
        password: of a partner's client, its secret.
        code: of whoever has enrolled; others need none.
        address: where the attempt comes from, for the throttle; only a keyed hash of it is kept.
        clock: gives the present instant in UTC.
        agent: what they sign in with.
        throttle: counts failed attempts; that of this installation unless given.

    Raises:
        RateLimited: too many attempts failed from there.
        WrongCredentials: no active actor has this login with this password, or the code is wrong.
        CodeRequired: the password is right, and a code is needed besides.
        LedgerUnavailable: the outcome cannot be recorded.
    """
    async with proving(login, address, Actor(clock=clock), throttle) as counting:
        actor_id, stored_hash, new_hash = await _check(login, password)
        session = Session(agent=agent, place=place_of(address))
        return await _begin(actor_id, stored_hash, new_hash, code, clock(), counting, session)


async def confirm(
    password: str, code: str | None = None, *, by: Actor, address: str, throttle: Throttle | None = None
) -> datetime:
    """Confirm a session by its owner's password and code; returns until when it stays confirmed.

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
    """End a session of one's own; one that has ended stays as it is.

    Raises:
        Refused: it is not the actor's.
    """
    async with transaction():
        await require(by, "sign_out", "Session", session_id)
        await Session.filter(id=session_id, ended_at=None).update(ended_at=by.now)
        record(Event.SESSION_ENDED, by, changed={Session: [session_id]}, session=session_id)


async def end(session_id: UUID, *, by: Actor) -> Session:
    """End a session of one's own from another; one that has ended stays as it is.

    Raises:
        Refused: it is not the actor's, or there is none.
    """
    async with transaction():
        await require(by, "end", "Session", session_id)
        if await Session.filter(id=session_id, ended_at=None).update(ended_at=by.now):
            record(Event.SESSION_ENDED, by, changed={Session: [session_id]}, session=session_id)
        return await Session.get(id=session_id)


async def authenticate(token: str, purposes: frozenset[Purpose], *, clock: Clock, address: str = "") -> Actor:
    """The actor of a token, with the present roles; one statement, and four times an hour that it was seen.

    Args:
        token: as given when the session began.
        purposes: those that the actor states.
        clock: gives the present instant in UTC.
        address: where the request comes from; from a network of its partner, a client has a channel of its own.

    Raises:
        Unauthenticated: the token is of no session, or of nobody who may still sign in.
    """
    now = clock()
    # One that lasts longer than a session can was begun by a clock that was ahead.
    alive = Session.filter(expires_at__gt=now, expires_at__lte=now + LIFETIME + LEEWAY, ended_at=None)
    rows = await alive.filter(token_hash=token_hash(token), actor__active=True).values(
        "id",
        "actor_id",
        "last_seen_at",
        kind="actor__kind",
        customer_id="actor__customer_id",
        role="actor__employee__roles__role",
        partner_id="actor__partner_client__partner_id",
        partner_active="actor__partner_client__partner__active",
        networks="actor__partner_client__partner__networks",
    )
    if not rows or _partner_inactive(rows[0]):
        raise Unauthenticated
    if (seen := rows[0]["last_seen_at"]) is None or seen < now - SEEN:
        await _see(rows[0]["id"], now)
    actor = actor_of(rows, purposes, clock=clock, session_id=rows[0]["id"])
    inside = within(address, rows[0]["networks"])
    return replace(actor, channel=Channel.PARTNER_NETWORK) if inside else actor


async def _see(session_id: UUID, now: datetime) -> None:
    async with transaction():
        await Session.filter(id=session_id, ended_at=None).update(last_seen_at=now)


def actor_of(
    rows: list[dict[str, Any]],
    purposes: frozenset[Purpose],
    *,
    clock: Clock = utc_now,
    session_id: UUID | None = None,
) -> Actor:
    """The actor of an account's rows: one row for each role, or one without any.

    Args:
        rows: `actor_id`, `kind`, `customer_id`, `partner_id` and `role` of one account.
        purposes: those that the actor states.
        clock: gives the present instant in UTC.
        session_id: the actor's session; None without one.
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
    """End every live session of an actor, in the transaction under way; returns their ids."""
    alive = await Session.filter(actor_id=actor_id, ended_at=None, expires_at__gt=at)
    ended = [session.id for session in alive]
    await Session.filter(id__in=ended, ended_at=None).update(ended_at=at)
    return ended


def spellings(login: str) -> list[str]:
    """The ways a login may be on record: as typed, in lower case and in upper case."""
    typed = login.strip()
    return list(dict.fromkeys((typed, typed.casefold(), typed.upper())))


async def _check(login: str, password: str) -> tuple[UUID, str, str]:
    """The account of a login and a password, with the hash on record and one with the present parameters."""
    account = await _account(login)
    stored_hash = account["password_hash"] if account else None
    if not await matches(password, stored_hash) or not account or not stored_hash:
        raise WrongCredentials
    new_hash = await encoded(password) if outdated(stored_hash) else stored_hash
    return account["id"], stored_hash, new_hash


async def _account(login: str) -> dict[str, Any] | None:
    if not storable(login) or len(login) > 200:
        return None
    names = spellings(login)
    rows = await Account.filter(login__in=names, active=True).values(
        "id", "login", "kind", "password_hash", partner_active="partner_client__partner__active"
    )
    admitted = [row for row in rows if not _partner_inactive(row)]
    return min(admitted, key=lambda row: names.index(row["login"]), default=None)


def _partner_inactive(row: dict[str, Any]) -> bool:
    return row["kind"] is AccountKind.PARTNER_CLIENT and not row["partner_active"]


async def _begin(
    actor_id: UUID,
    stored_hash: str,
    new_hash: str,
    code: str | None,
    now: datetime,
    throttle: Throttle,
    session: Session,
) -> SignedIn:
    token = secrets.token_urlsafe(32)
    async with transaction():
        # Checking took a while: with a password changed or an account deactivated meanwhile no session begins.
        account = (
            await Account.filter(id=actor_id, active=True, password_hash=stored_hash)
            .select_for_update(no_key=True)
            .first()
        )
        if account is None:
            raise WrongCredentials
        await prove(actor_id, code, now, throttle)
        if new_hash != stored_hash:
            await Account.filter(id=actor_id).update(password_hash=new_hash)
        if past := await clocks.past(clock=lambda: now):
            await Session.filter(actor_id=actor_id, expires_at__lt=past - RETENTION).delete()
        session.update_from_dict(
            {"actor_id": actor_id, "token_hash": token_hash(token), "created_at": now, "last_seen_at": now}
        )
        session.expires_at, session.new_place = now + LIFETIME, await _new(session)
        await session.save()
        changed = {Session: [session.id], Account: [actor_id]}
        record(Event.SESSION_BEGUN, None, changed=changed, session=session.id, actor=actor_id)
    return SignedIn(token, now + LIFETIME, actor_id)


async def _new(session: Session) -> bool:
    """Whether all earlier sessions of the actor, of which there are some, were begun elsewhere."""
    places = {
        bytes(each)
        for each in await Session.filter(actor_id=session.actor_id, place__isnull=False).values_list(
            "place", flat=True
        )
    }
    return session.place is not None and bool(places) and session.place not in places


def token_hash(token: str) -> bytes:
    """The SHA-256 of a token, which alone is stored of it."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
