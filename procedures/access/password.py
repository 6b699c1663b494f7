"""Passwords: changed by their owners; argon2id, off the event loop, two at a time.

One hash takes about 64 MiB and 150 ms. Two threads of their own bound the memory whatever the load,
and leave the other threads of the process to everybody else.
"""

import asyncio
import secrets
import unicodedata
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from argon2.profiles import RFC_9106_LOW_MEMORY

from models import Account, Session
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from policies.decide import require
from procedures.access.throttle import Throttle, proving
from procedures.errors import Unauthenticated, UnfitPassword, WrongCredentials
from procedures.ledger import record

SHORTEST: Final = 12
"""Characters a new password has at least."""

LONGEST: Final = 1024
"""Bytes of UTF-8 a password has at most."""

_AT_ONCE: Final = 2
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="argon2")


async def change(current: str, new: str, *, by: Actor, address: str, throttle: Throttle | None = None) -> int:
    """Replace one's own password and end one's other sessions; returns how many were ended.

    Raises:
        Unauthenticated: there is no session.
        Refused: the actor may not.
        StepUpRequired: the session has to be confirmed first.
        RateLimited: too many passwords were wrong.
        WrongCredentials: the current one is wrong.
        UnfitPassword: the new one cannot be used.
    """
    return await exchange(current, new, "change_password", by=by, address=address, throttle=throttle)


async def exchange(
    current: str, new: str, action: str, *, by: Actor, address: str, throttle: Throttle | None = None
) -> int:
    """Replace the password, or the secret, of whoever proves to know the present one; the rest is as for `change`.

    Args:
        current: the present one.
        new: the one that takes its place.
        action: what the policies are asked of the actor's own session.
        by: whose it is.
        address: where the attempt comes from.
        throttle: counts failed attempts; that of this installation unless given.
    """
    if by.session_id is None:
        raise Unauthenticated
    # Required before the work as well, so that nobody guesses here in a session that is not confirmed.
    await require(by, action, "Session", by.session_id)
    account = await Account.get(id=by.actor_id)
    async with proving(account.login, address, by, throttle):
        if not await matches(current, account.password_hash):
            raise WrongCredentials
    new_hash = await hashed(new, login=account.login)
    async with transaction():
        await require(by, action, "Session", by.session_id)
        unchanged = Account.filter(id=account.id, active=True, password_hash=account.password_hash)
        if not await unchanged.update(password_hash=new_hash):
            raise WrongCredentials
        others = Session.filter(actor_id=account.id, ended_at=None, expires_at__gt=by.now)
        ended = [session.id for session in await others.exclude(id=by.session_id)]
        await Session.filter(id__in=ended, ended_at=None).update(ended_at=by.now)
        changed = {Account: [account.id], Session: ended}
        record(Event.USER_PASSWORD_CHANGED, by, changed=changed, actor=account.id)
    return len(ended)


async def hashed(password: str, *, login: str) -> str:
    """The encoded argon2id hash of a new password.

    Raises:
        UnfitPassword: it is too short, too long, or the login itself.
    """
    if len(password) < SHORTEST:
        raise UnfitPassword(f"The password is too short. Choose one of at least {SHORTEST} characters.")
    if _too_long(password):
        raise UnfitPassword(f"The password is too long. Choose one of at most {LONGEST} bytes.")
    if password.casefold() == login.casefold():
        raise UnfitPassword("The password is the login. Choose another.")
    return await encoded(password)


async def encoded(password: str) -> str:
    """The hash of a password that is in use already, and so is not checked again."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, _bytes(password))


async def matches(password: str, encoded: str | None) -> bool:
    """Whether a password is that of a hash.

    Without a hash the same work is done, so that the time taken does not show who exists. A password
    longer than any that can be set is refused without work, for every login.
    """
    if _too_long(password):
        return False
    matching = await asyncio.get_running_loop().run_in_executor(
        _threads, _verify, encoded or _NOBODYS, _bytes(password)
    )
    return matching and encoded is not None


async def slow_digest(secret: bytes, salt: bytes, *, often: bool = False) -> bytes:
    """32 bytes that are the same for the same secret and salt, and cost what a password costs.

    Args:
        secret: what is hashed.
        salt: kept beside it, or the same for all.
        often: it is computed by the thousand, and costs about a thirtieth of that.
    """
    cost = RFC_9106_LOW_MEMORY
    # At least what the algorithm needs for each lane.
    less = max(cost.memory_cost // 16, 8 * cost.parallelism)
    passes, memory = (1, less) if often else (cost.time_cost, cost.memory_cost)
    work = partial(hash_secret_raw, secret, salt, passes, memory, cost.parallelism, 32, Type.ID)
    return await asyncio.get_running_loop().run_in_executor(_threads, work)


def outdated(encoded: str) -> bool:
    """Whether a hash was made with other parameters than those in use now."""
    return _hasher.check_needs_rehash(encoded)


def _verify(encoded: str, password: bytes) -> bool:
    try:
        return _hasher.verify(encoded, password)
    except (VerificationError, InvalidHashError):
        return False


def _too_long(password: str) -> bool:
    # The number of characters first: a text of megabytes is not worth encoding.
    return len(password) > LONGEST or len(_bytes(password)) > LONGEST


def _bytes(password: str) -> bytes:
    # Keyboards spell one letter in several ways; a lone surrogate is an odd password, not a fault.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _unmatchable() -> str:
    """A random hash that costs as much to verify as a real one."""
    parts = RFC_9106_LOW_MEMORY
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (parts.salt_len, parts.hash_len)
    )
    cost = f"m={parts.memory_cost},t={parts.time_cost},p={parts.parallelism}"
    return f"$argon2id$v={parts.version}${cost}${salt}${digest}"


_NOBODYS: Final = _unmatchable()
