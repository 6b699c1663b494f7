"""Slowing down whoever guesses passwords, without locking anybody out.

Failures are counted per address, and per login at an address. Some are free; each further one doubles
the wait. Nothing is ever counted against a login alone, so that no stranger can keep its owner from
signing in elsewhere; only wrong codes after a right password are, and no stranger has that. An attempt
counts as failed from its beginning until it succeeds, so that parallel attempts count as well.
"""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from models.event import Event
from policies.actor import Actor
from procedures.current import installation
from procedures.errors import CodeRequired, RateLimited, WrongCredentials
from procedures.ledger import note
from vault import vault


@dataclass
class _Count:
    failures: int
    blocked_until: datetime
    forget_at: datetime


@dataclass(frozen=True)
class Allowance:
    """How many failures are free, and how the wait grows after them: doubling from `first` up to `longest`.

    `capacity` is how many keys are remembered; beyond it, the one that failed longest ago is forgotten.
    """

    free: int
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=15)
    memory: timedelta = timedelta(hours=1)
    capacity: int = 20_000

    def wait(self, failures: int) -> timedelta:
        """How long further attempts are refused after so many failures in a row."""
        beyond = failures - self.free
        if beyond < 0:
            return timedelta(0)
        return min(self.first * (1 << min(beyond, 30)), self.longest)


class _Counts:
    """Failures in a row by key, bounded in number."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.counts: OrderedDict[Hashable, _Count] = OrderedDict()

    def wait(self, key: Hashable, now: datetime) -> timedelta:
        count = self.counts.get(key)
        left = count.blocked_until - now if count else timedelta(0)
        # Longer than the longest means that the clock was set back meanwhile, which is no failure.
        return left if timedelta(0) < left <= self.allowance.longest else timedelta(0)

    def add(self, key: Hashable, now: datetime) -> None:
        count = self.counts.pop(key, None)
        failures = 1 if count is None or count.forget_at <= now else count.failures + 1
        until = now + self.allowance.wait(failures)
        self.counts[key] = _Count(failures, until, until + self.allowance.memory)
        if len(self.counts) > self.allowance.capacity:
            self.counts.popitem(last=False)

    def take_back(self, key: Hashable, now: datetime) -> None:
        """Undo one `add`; the failures before it stay, and no wait is left, for it was over when that attempt began."""
        count = self.counts.get(key)
        if count is None:
            return
        count.failures -= 1
        count.blocked_until = now
        if not count.failures:
            del self.counts[key]

    def forget(self, key: Hashable) -> None:
        self.counts.pop(key, None)


class Throttle:
    """Failed sign-ins at one installation in one process, by address and by login at an address."""

    def __init__(
        self, of_login: Allowance = Allowance(free=5), of_address: Allowance = Allowance(free=50)
    ) -> None:
        self._logins = _Counts(of_login)
        self._addresses = _Counts(of_address)
        self._codes = _Counts(of_login)

    def enter(self, login: str, address: str, now: datetime) -> None:
        """Count an attempt as failed until it succeeds.

        Raises:
            RateLimited: this address has to wait; the attempt is neither made nor counted.
        """
        pair, place = _keys(login, address)
        wait = max(self._logins.wait(pair, now), self._addresses.wait(place, now))
        if wait:
            raise RateLimited(math.ceil(wait.total_seconds()))
        self._logins.add(pair, now)
        self._addresses.add(place, now)

    def succeeded(self, login: str, address: str, now: datetime) -> None:
        """Forget the failures of this login at this address; of the address, only the attempt that succeeded.

        Otherwise whoever has one account could reset the wait for guessing at all others.
        """
        pair, place = _keys(login, address)
        self._logins.forget(pair)
        self._addresses.take_back(place, now)

    def enter_code(self, account: Hashable, now: datetime) -> None:
        """Count a code after a right password as wrong until it fits, wherever it comes from.

        Raises:
            RateLimited: no codes are accepted for a while.
        """
        wait = self._codes.wait(account, now)
        if wait:
            raise RateLimited(math.ceil(wait.total_seconds()))
        self._codes.add(account, now)

    def code_succeeded(self, account: Hashable) -> None:
        """Forget the wrong codes of an account."""
        self._codes.forget(account)

    def __len__(self) -> int:
        """Count the keys remembered."""
        return len(self._logins.counts) + len(self._addresses.counts) + len(self._codes.counts)


def _keys(login: str, address: str) -> tuple[Hashable, Hashable]:
    place = subscriber(address)
    # A digest keeps the memory bounded, and names nobody.
    return (sha256(login.casefold().encode("utf-8", "surrogatepass")).digest(), place), place


def subscriber(address: str) -> str:
    """What one subscriber is likely to have: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))


@asynccontextmanager
async def proving(
    login: str, address: str, by: Actor, throttle: Throttle | None = None
) -> AsyncIterator[Throttle]:
    """Run an attempt to sign in or to confirm: counted as failed until it succeeds, and recorded when it fails.

    Args:
        login: as typed, or as on record.
        address: where the attempt comes from.
        by: whoever makes it, as far as known.
        throttle: counts failed attempts; that of this installation unless given.

    Raises:
        RateLimited: too many attempts failed from there.
    """
    throttle = installation().instance(Throttle) if throttle is None else throttle
    throttle.enter(login, address, by.now)
    try:
        yield throttle
    except (WrongCredentials, CodeRequired) as error:
        if isinstance(error, CodeRequired):
            # The password was right, so it is not being guessed; wrong codes are counted separately.
            throttle.succeeded(login, address, by.now)
        # Attempts refused by `enter` are not recorded: whoever guesses must not fill the ledger.
        await note(Event.SESSION_REFUSED, by, login=login_mark(login), code=error.code)
        raise
    throttle.succeeded(login, address, by.now)


def login_mark(login: str) -> str | None:
    """The keyed hash of a login for the ledger, the same for each of its spellings; None while the vault is sealed."""
    if vault.reason() is not None:
        return None
    return vault.current().keyed_hash(login.strip().casefold())
