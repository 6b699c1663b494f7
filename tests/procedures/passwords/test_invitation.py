"""People are invited by a code, and nobody else knows it or the password."""

import re
from datetime import timedelta

import pytest

from models import AccessChange, Account, PasswordCode, Role
from models.event import Event
from procedures import staff
from procedures.access import CodeWrong, Throttle, session
from procedures.errors import NotFound, WrongCredentials
from procedures.passwords import NoSurePoint, invitation, password_code
from tests import accounts, ledger
from tests.mailbox import Mailbox
from tests.people import Office
from tests.procedures.passwords.people import Ona
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
    await staff.add(LOGIN, "Ona", [Role.AGENT], clock=clock)
    with pytest.raises(WrongCredentials):
        await signs_in(clock, "")

    await invitation.invite(LOGIN, clock=clock)
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
    await accounts.employee(LOGIN, "Ona", [Role.AGENT], PASSWORD, clock=clock)
    await invitation.invite(LOGIN, clock=clock)
    await staff.deactivate_by_login(LOGIN, clock=clock)
    (code,) = re.findall(r"[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}", inbox.mails[0].get_content())

    with pytest.raises(NotFound):
        await invitation.invite(LOGIN, clock=clock)
    with pytest.raises(password_code.CodeExpired):
        await sets(code, clock)
    assert await PasswordCode.filter(used_at=None).count() == 1


@pytest.mark.usefixtures("database")
async def test_without_mail_a_code_is_printed_for_a_quarter_of_an_hour_and_officers_are_told() -> None:
    clock = Clock()
    account = await staff.add(LOGIN, "Ona", [Role.AGENT], clock=clock)
    with pytest.raises(invitation.NoMail):
        await invitation.invite(LOGIN, clock=clock)

    code, until = await invitation.print_code(LOGIN, clock=clock)
    late, _ = await invitation.print_code(LOGIN, clock=clock)

    assert until == clock.now + timedelta(minutes=15)
    assert await sets(code, clock) == LOGIN
    told = [each.kind.value for each in await AccessChange.filter(account_id=account.id).order_by("kind")]
    assert told == ["CODE_PRINTED", "CODE_PRINTED", "ROLE_GIVEN"]
    assert len(await ledger.data(Event.PASSWORD_CODE_PRINTED)) == 2
    clock.pass_by(timedelta(minutes=15))
    for void in (code, late):
        with pytest.raises(CodeWrong):
            await sets(void, clock)


@pytest.mark.usefixtures("sending")
async def test_where_mail_reaches_no_code_is_printed() -> None:
    await staff.add(LOGIN, "Ona", [Role.AGENT])

    with pytest.raises(invitation.MailReaches):
        await invitation.print_code(LOGIN)
    assert not await PasswordCode.exists()


@pytest.mark.usefixtures("sending")
async def test_a_customer_without_an_account_is_invited_to_where_she_surely_is_reached(
    office: Office,
) -> None:
    ona = await Ona.made(office)

    await invitation.invite(ona.customer.number.lower(), clock=office.clock)

    (code,) = await ona.codes()
    login = await password_code.use(
        ona.customer.number, code, PASSWORD, address="192.0.2.1", clock=office.clock, throttle=Throttle()
    )
    assert login == ona.customer.number


@pytest.mark.usefixtures("sending")
async def test_no_code_is_printed_of_a_customer_nor_sent_where_nobody_is_sure_of_her(office: Office) -> None:
    ona = await Ona.made(office, verified_at=office.now)

    with pytest.raises(NotFound):
        await invitation.print_code(ona.customer.number, clock=office.clock)
    with pytest.raises(NoSurePoint):
        await invitation.invite(ona.customer.number, clock=office.clock)
