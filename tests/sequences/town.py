"""Where sequences happen: an installation with staff, a partner and customers, all of whom sign in, and what they are sent."""

import re
import sqlite3
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import models
from models import MessageChannel, Purpose
from models.database import sqlite_path, transaction
from models.errors import ProcedureError
from policies.actor import ANONYMOUS, Actor, utc_now
from policies.policy import Policies
from procedures import checkpoint, clock
from procedures.access import session
from procedures.current import Addresses
from procedures.installation import opened
from procedures.message import delivery
from procedures.sending import SMTP, Gateway, Letter
from tests import accounts
from tests.ledger import adopt
from tests.people import Answer, Office, Someone
from tests.procedures.installed import Copies
from tests.procedures.ways_in import Row, Ways
from tests.schema.verdict_cases import AT_WORK, people
from tests.sequences import seen
from tests.sequences.machine import Machine
from vault import vault

PASSWORD = "correct horse battery staple"
#: How many people there are, and how many of them are customers from the beginning.
PERSONS, AT_FIRST = 7, 4
OFFICER, SECOND, COLLEAGUE = "the privacy officer", "another privacy officer", "another agent at work"
_MAIL = SMTP.parse("smtp://127.0.0.1:9?from=crm@savas.example")
_SMS = Gateway("https://sms.example/send", Path("secret"))
#: What is compiled of the policies serves all towns.
POLICIES = Policies()


class Known(Row):
    """Somebody, as a file has them, which may have less of them than there is."""

    @property
    def line(self) -> str:
        """The row as a file of customers has it."""
        return (
            f"{self.key},Ona,{self.family},{self.email},{self.phone},{self.code},{'UA' if self.code else ''}"
        )


def person(number: int) -> Known:
    """Somebody; the last one shares a telephone with the first, and has another name."""
    row, phone = Row.of(number), Row.of(0 if number == PERSONS - 1 else number).phone
    return Known(row.key, row.email, phone, row.code, f"Qx{'abcdefgh'[number]}vzkytė")


@dataclass
class Letters:
    """What was sent by mail and by telephone, the latest last: a channel that keeps everything."""

    taken: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        """Take a letter."""
        self.taken.append(letter)

    def codes(self, *addresses: str) -> list[str]:
        """The codes that went to somebody."""
        mine = [each for each in self.taken if each.address in addresses]
        return [code for each in mine for code in re.findall(r"\b\d{6}\b|\b[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}\b", each.text)]  # fmt: skip


@dataclass
class Town:
    """An installation and everybody in it.

    Attributes:
        logins: of staff, by who they are.
        of: by the id of a customer, the number of the person.
        letters: what was sent.
    """

    place: Addresses
    machine: Machine
    ways: Ways
    office: Office = field(default_factory=Office)
    logins: dict[str, str] = field(default_factory=dict)
    of: dict[str, int] = field(default_factory=dict)
    letters: Letters = field(default_factory=Letters)
    backup: Copies | None = None
    _read: seen.Reader = seen.connected
    _tokens: dict[str, str] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _asked: int = 0

    @property
    def embedded(self) -> bool:
        """Whether its databases are files."""
        return self.place.database.startswith("sqlite")

    async def open(self, *, mending: bool = False) -> None:
        """Start a server."""
        here = replace(self.place, smtp=_MAIL, sms=_SMS)
        sealed = await self._stack.enter_async_context(opened(here, mending=mending, policies=POLICIES))
        assert sealed is None, sealed
        if self.embedded:
            connection = self._stack.enter_context(closing(sqlite3.connect(sqlite_path(self.place.database))))
            self._read = seen.embedded(connection)
        await clock.look()

    async def prepare(self) -> None:
        """Know which notices there are."""
        self.office.notices = {row.purpose: row for row in await models.Notice.all()}

    async def close(self) -> None:
        """Stop it; what it does at its end is to sign the ledger."""
        if vault.reason() is None:
            await checkpoint.keep()
        await self._stack.aclose()

    async def seen(self) -> seen.Seen:
        """What lies in the database."""
        return await seen.seen(self._read)

    async def deliver(self) -> None:
        """Send what waits."""
        ways = dict.fromkeys((MessageChannel.EMAIL, MessageChannel.SMS), self.letters)
        await delivery.deliver(clock=clock.steady(utc_now), through=ways)

    async def asks(self, who: str | models.Account | None, text: str, **variables: Any) -> Answer:
        """What somebody is answered, who confirms the session where that is asked for."""
        someone = await self.signed(who)
        answer = await someone.asks(text, **variables)
        if "STEP_UP_REQUIRED" in codes(answer):
            await session.confirm(PASSWORD, by=someone.actor, address=someone.address)
            answer = await someone.asks(text, **variables)
        return answer

    async def signed(self, who: str | models.Account | None) -> Someone:
        """Somebody who is signed in: a member of staff, or an account; or nobody."""
        self._asked += 1
        address = f"2001:db8:{self._asked:x}::1"
        if who is None:
            return Someone(replace(ANONYMOUS, clock=clock.steady(utc_now)), address=address)
        login = self.logins[who] if isinstance(who, str) else who.login
        return Someone(await self._actor(login, _purposes(who), address), address=address)

    async def _actor(self, login: str, purposes: frozenset[Purpose], address: str) -> Actor:
        now = clock.steady(utc_now)
        if login in self._tokens:
            try:
                return await session.authenticate(self._tokens[login], purposes, clock=now)
            except ProcedureError:
                del self._tokens[login]
        self._tokens[login] = (await session.sign_in(login, PASSWORD, address=address, clock=now)).token
        return await session.authenticate(self._tokens[login], purposes, clock=now)

    async def account(self, customer: models.Customer) -> models.Account | None:
        """By what a customer signs in; None where there is nothing."""
        return await models.Account.get_or_none(customer_id=customer.id, active=True)

    async def customers(self, number: int) -> list[models.Customer]:
        """The records of a person, who is a customer."""
        mine = [id for id, each in self.of.items() if each == number]
        return await models.Customer.filter(id__in=mine, status="ACTIVE").order_by("created_at", "id")


def codes(answer: Answer) -> list[str]:
    """What an answer refuses with."""
    errors = ((answer.data or {}).get("done") or {}).get("userErrors") or []
    return answer.codes or [str(each["code"]) for each in errors]


def _purposes(who: str | models.Account) -> frozenset[Purpose]:
    if not isinstance(who, str):
        return frozenset()
    return frozenset({Purpose("verification" if "verifies" in who else "support")})


async def founded(town: Town) -> Town:
    """The town with everybody in it, of all of whom the ledger knows; its server runs."""
    town.office.now = town.machine.shown
    town.ways.importer.now, town.ways.importer.purposes = utc_now(), tuple(Purpose)
    notices = (await town.ways.importer.basis()).notices
    town.office.notices = {
        row.purpose: row for row in await models.Notice.filter(id__in=list(notices.values()))
    }
    staff = await people(town.office)
    staff[COLLEAGUE] = await town.office.agent("support")
    staff[SECOND] = await town.office.employee("privacy_officer", purposes=["support"])
    for name in ("a stranger", "another customer"):
        # Customers come by files here.
        staff.pop(name)
    await models.Account.filter(customer_id__not_isnull=True).delete()
    await models.Customer.all().delete()
    for number in range(AT_FIRST):
        await _customer(town, staff, number)
    async with transaction():
        await adopt()
    for name, someone in staff.items():
        account = await models.Account.get(id=someone.actor.actor_id)
        town.logins[name] = account.login
        await accounts.set_password(account.login, PASSWORD)
    await town.deliver()
    return town


async def _customer(town: Town, staff: dict[str, Someone], number: int) -> None:
    """A customer who came by a file, with a confirmed address; the last of them does not sign in."""
    row = person(number)
    town.ways.importer.now, town.ways.importer.purposes = utc_now(), (Purpose("support"),)
    assert await town.ways.file(row) is None
    (fresh,) = [each for each in await models.Customer.all() if str(each.id) not in town.of]
    town.of[str(fresh.id)] = number
    await _reached(fresh, town, staff)
    agreement = await models.Agreement.first()
    for name, purpose in AT_WORK.items():
        bound = agreement if "partner" in name else None
        await town.office.task(staff[name], fresh, purpose, agreement=bound, days=80)
    await town.office.task(staff[COLLEAGUE], fresh, "support", days=80)
    if number < AT_FIRST - 1:
        await accounts.customer(fresh.number, PASSWORD)


async def _reached(customer: models.Customer, town: Town, staff: dict[str, Someone]) -> None:
    now, other = utc_now(), staff["an agent who verifies"].actor.actor_id
    long_ago, late = now.replace(year=now.year - 1), now.replace(year=now.year + 2)
    sure = {"verification_method": "CODE_BY_EMAIL", "verification_level": "REACHED", "verified_at": long_ago,
            "verified_by": other, "verification_expires_at": late, "collected_at": long_ago}  # fmt: skip
    await models.ContactPoint.filter(customer_id=customer.id, kind="EMAIL").update(**sure)
    for category, purpose in (("order", "support"), ("interaction", "support"), ("contact_point", "verification"), ("preference", "marketing"), ("contact_point", "marketing")):  # fmt: skip
        given = await town.office.consent(customer, category, purpose, days=120)
        if category != "contact_point":
            await town.office.row(customer, given)
