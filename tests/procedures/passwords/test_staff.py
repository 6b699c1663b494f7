"""An employee is invited by mail, and nobody else knows the code or the password."""

import re

import pytest

from models import Account, PasswordCode, Role
from models.event import Event
from procedures.access import CodeWrong, Throttle, session, user
from procedures.errors import NotFound, WrongCredentials
from procedures.passwords import password_code, staff
from tests import ledger
from tests.mailbox import Mailbox
from tests.procedures.records import Clock

LOGIN, PASSWORD = "ona@savas.example", "correct horse battery"


async def sets(code: str, clock: Clock) -> str:
    return await password_code.use(
        LOGIN.upper(), code, PASSWORD, address="192.0.2.1", clock=clock, throttle=Throttle()
    )


async def signs_in(clock: Clock, password: str = PASSWORD) -> session.SignedIn:
    return await session.sign_in(LOGIN, password, address="192.0.2.1", clock=clock, throttle=Throttle())


@pytest.mark.usefixtures("sending")
async def test_whoever_is_invited_chooses_the_password_and_nobody_signs_in_before(inbox: Mailbox) -> None:
    clock = Clock()
    await user.add_employee(LOGIN, "Ona", [Role.AGENT], None, clock=clock)
    with pytest.raises(WrongCredentials):
        await signs_in(clock, "")

    await staff.invite(LOGIN, clock=clock)
    (code,) = re.findall(r"[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}", inbox.mails[0].get_content())

    assert inbox.recipients == [LOGIN]
    assert await sets(code, clock) == LOGIN
    assert (await signs_in(clock)).actor_id == (await Account.get(login=LOGIN)).id
    with pytest.raises(CodeWrong):
        await sets(code, clock)
    sent = await ledger.data(Event.PASSWORD_CODE_SENT)
    assert [(each["customer"], each["contact"]) for each in sent] == [(None, None)]


@pytest.mark.usefixtures("sending")
async def test_who_was_deactivated_is_not_invited_nor_gets_in_by_an_older_code(inbox: Mailbox) -> None:
    clock = Clock()
    await user.add_employee(LOGIN, "Ona", [Role.AGENT], PASSWORD, clock=clock)
    await staff.invite(LOGIN, clock=clock)
    await user.deactivate(LOGIN, clock=clock)
    (code,) = re.findall(r"[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}", inbox.mails[0].get_content())

    with pytest.raises(NotFound):
        await staff.invite(LOGIN, clock=clock)
    with pytest.raises(password_code.CodeExpired):
        await sets(code, clock)
    assert await PasswordCode.filter(used_at=None).count() == 1


@pytest.mark.usefixtures("database")
async def test_without_mail_nobody_is_invited() -> None:
    await user.add_employee(LOGIN, "Ona", [Role.AGENT], PASSWORD)

    with pytest.raises(staff.NoMail):
        await staff.invite(LOGIN)
