"""Slowing down whoever guesses passwords, without locking anybody out.

Failures are counted per address, and per login at an address. Some are free; each further one doubles
the wait. Nothing is ever counted against a login alone, so that no stranger can keep its owner from
signing in at home; only wrong codes after a right password are, and no stranger has that. An attempt
counts from its beginning and is forgiven when it succeeds: a thousand attempts at once are a thousand attempts.
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
    heard_again_at: datetime
    forgotten_at: datetime


@dataclass(frozen=True)
class Allowance:
    """How many failures are free, and how the wait grows after them: doubling from `first` up to `longest`.

    `kept` is how many keys are remembered; beyond it, the one that failed longest ago is forgotten.
    """

    free: int
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=15)
    memory: timedelta = timedelta(hours=1)
    kept: int = 20_000

    def wait(self, failures: int) -> timedelta:
        """Return how long nothing more is heard after so many failures in a row."""
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
        left = count.heard_again_at - now if count else timedelta(0)
        # Longer than the longest means that the clock was set back meanwhile, which is nobody's failure.
        return left if timedelta(0) < left <= self.allowance.longest else timedelta(0)

    def add(self, key: Hashable, now: datetime) -> None:
        count = self.counts.pop(key, None)
        failures = 1 if count is None or count.forgotten_at <= now else count.failures + 1
        until = now + self.allowance.wait(failures)
        self.counts[key] = _Count(failures, until, until + self.allowance.memory)
        if len(self.counts) > self.allowance.kept:
            self.counts.popitem(last=False)

    def take_back(self, key: Hashable, now: datetime) -> None:
        """Undo one `add`; the failures before it stay, and their wait was over when it began."""
        count = self.counts.get(key)
        if count is None:
            return
        count.failures -= 1
        count.heard_again_at = now
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
            RateLimited: this place has to wait; the attempt is neither made nor counted.
        """
        pair, place = _keys(login, address)
        wait = max(self._logins.wait(pair, now), self._addresses.wait(place, now))
        if wait:
            raise RateLimited(math.ceil(wait.total_seconds()))
        self._logins.add(pair, now)
        self._addresses.add(place, now)

    def succeeded(self, login: str, address: str, now: datetime) -> None:
        """Forgive the attempts at this login; of the address, only the one that succeeded.

        Or who has one account would clear the way for guessing at all others.
        """
        pair, place = _keys(login, address)
        self._logins.forget(pair)
        self._addresses.take_back(place, now)

    def enter_code(self, account: Hashable, now: datetime) -> None:
        """Count a code after a right password as wrong until it fits, wherever it comes from.

        Raises:
            RateLimited: no more codes are heard for a while.
        """
        wait = self._codes.wait(account, now)
        if wait:
            raise RateLimited(math.ceil(wait.total_seconds()))
        self._codes.add(account, now)

    def code_succeeded(self, account: Hashable) -> None:
        """Forgive an actor's wrong codes."""
        self._codes.forget(account)

    def __len__(self) -> int:
        """Count the keys remembered."""
        return len(self._logins.counts) + len(self._addresses.counts) + len(self._codes.counts)


def _keys(login: str, address: str) -> tuple[Hashable, Hashable]:
    place = _place(address)
    # A digest keeps the memory bounded, and names nobody.
    return (sha256(login.casefold().encode("utf-8", "surrogatepass")).digest(), place), place


def _place(address: str) -> str:
    """Return what one subscriber is likely to hold: an IPv4 address, or the /64 of an IPv6 address."""
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
    """An attempt to prove who one is: counted as failed until it succeeds, and recorded when it does not.

    Args:
        login: as typed, or as on record.
        address: where the attempt comes from.
        by: whoever makes it, as far as known.
        throttle: what is known of failed attempts; what this installation knows unless given.

    Raises:
        RateLimited: too many attempts failed from there.
    """
    throttle = installation().kept(Throttle) if throttle is None else throttle
    throttle.enter(login, address, by.now)
    try:
        yield throttle
    except (WrongCredentials, CodeRequired) as error:
        if isinstance(error, CodeRequired):
            # The password was right: nobody guesses it any more, and codes are counted by themselves.
            throttle.succeeded(login, address, by.now)
        # Attempts that are not heard are not recorded: whoever guesses must not fill the ledger.
        await note(Event.SESSION_REFUSED, by, login=_hashed(login), code=error.code)
        raise
    throttle.succeeded(login, address, by.now)


def _hashed(login: str) -> str | None:
    """What stands for a login in the ledger: the same for each of its spellings; None while the vault is sealed."""
    if vault.reason() is not None:
        return None
    return vault.current().keyed_hash(login.strip().casefold())
