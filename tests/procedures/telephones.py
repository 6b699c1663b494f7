"""Somebody with a telephone that shows codes."""

from datetime import timedelta

import pyotp
from argon2 import PasswordHasher

from models import Account, Session
from policies.actor import Actor, Kind
from procedures.access import Throttle, session, totp
from tests.procedures.records import Clock

PASSWORD = "correct horse battery"
# The cheapest that argon2 allows: none of these tests is about the hash.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
HALF_MINUTE = timedelta(seconds=30)


class Ona:
    """An agent in a confirmed session, with a clock and a telephone."""

    def __init__(self, account: Account, actor: Actor, clock: Clock) -> None:
        self.account, self.actor, self.clock = account, actor, clock
        self.throttle, self.secret, self.paper = Throttle(), "", list[str]()

    async def enrols(self) -> None:
        """Enrol, and show the first code."""
        self.secret = (await totp.enrol(by=self.actor)).secret
        self.paper = await totp.confirm(self.code(), by=self.actor)
        self.clock.pass_by(HALF_MINUTE)

    def code(self, steps: int = 0) -> str:
        """What the telephone shows, so many half minutes from now."""
        return pyotp.TOTP(self.secret).at(self.clock.now, counter_offset=steps)

    async def signs_in(self, code: str | None = None, password: str = PASSWORD, address: str = "192.0.2.1"):
        return await session.sign_in(
            self.account.login, password, code, address=address, clock=self.clock, throttle=self.throttle
        )

    async def confirms(self, code: str | None = None, password: str = PASSWORD):
        return await session.confirm(
            password, code, by=self.actor, address="192.0.2.1", throttle=self.throttle
        )


async def in_session(account: Account, kind: Kind, clock: Clock, **values) -> Actor:
    """Somebody in a session that is confirmed for long."""
    day = clock.now + timedelta(days=1)
    begun = await Session.create(
        actor_id=account.id,
        token_hash=account.id.bytes * 2,
        created_at=clock.now,
        expires_at=day,
        confirmed_until=day,
    )
    return Actor(kind, account.id, clock=clock, session_id=begun.id, **values)
