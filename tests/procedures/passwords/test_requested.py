"""Who forgot the password gets a code where they are reached, and nobody learns whether they are there."""

import pytest

import models
from models import Account, Session
from models.event import Event
from policies.actor import Actor
from procedures.access import CodeWrong, Throttle, session
from procedures.current import installation
from procedures.errors import CodeRequired, RateLimited, WrongCredentials
from procedures.passwords import Waiting, password_code, requested
from procedures.passwords.password_code import Asking
from tests import accounts, ledger
from tests.people import Office
from tests.procedures.passwords.people import PASSWORD, PLACE, Ona
from tests.procedures.records import Clock
from tests.procedures.telephones import Ona as Telephone
from tests.procedures.telephones import in_session

pytestmark = pytest.mark.usefixtures("sending")
NEW = "staple horse battery"


async def signs_in(ona: Ona, password: str) -> session.SignedIn:
    return await session.sign_in(
        ona.customer.number, password, address=PLACE, clock=ona.office.clock, throttle=Throttle()
    )


async def test_the_new_password_counts_and_every_session_ends(office: Office) -> None:
    ona = await Ona.made(office)
    second = await ona.reached_at("other@example.org")
    await accounts.customer(ona.customer.number, PASSWORD)
    await signs_in(ona, PASSWORD)

    assert await ona.asks(ona.customer.number.lower()) == 1
    assert await ona.sets((await ona.codes())[0], NEW) == ona.customer.number

    assert {each.ended_at for each in await Session.all()} == {office.now}
    with pytest.raises(WrongCredentials):
        await signs_in(ona, PASSWORD)
    assert await signs_in(ona, NEW)
    assert {point for _, point in await ona.told("password_set")} == {ona.point.id, second.id}
    events = (
        Event.PASSWORD_CODE_REQUESTED,
        Event.PASSWORD_CODE_SENT,
        Event.USER_PASSWORD_CHANGED,
        Event.PASSWORD_CODE_USED,
    )
    told = await ledger.entries(*events)
    assert [each["event"] for each in told] == list(events)
    assert {each["by"]["kind"] for each in told} == {"Anonymous"}


async def test_everybody_gets_the_same_answer_and_leaves_the_same_entry(office: Office) -> None:
    ona, agent = await Ona.made(office), await office.agent("support")
    staff = await Account.get(id=agent.actor.actor_id)
    partner = await Account.get(id=(await office.partner_client(await office.partner())).actor.actor_id)
    stranger = office.stranger()
    logins = [ona.customer.number, "C-0000-0000", staff.login, partner.login, "\0", "x" * 3000, ""]

    answers = [
        await stranger.asks(
            "mutation ($l: String!) { passwordCodeRequest(input: {login: $l}) { userErrors { code } } }",
            l=login,
        )
        for login in logins
    ]
    sent = await requested.work_off(clock=office.clock)

    assert {str(each.data) for each in answers} == {"{'passwordCodeRequest': {'userErrors': []}}"}
    assert len(await ledger.entries(Event.PASSWORD_CODE_REQUESTED)) == len(logins)
    assert (sent, await models.PasswordCode.all().count()) == (1, 1)


async def test_no_answer_waits_for_looking_whether_there_is_such_a_customer(office: Office) -> None:
    """What an answer takes does not depend on the login, because nobody has looked when it leaves."""
    ona = await Ona.made(office)

    await password_code.request(ona.customer.number, address=PLACE, clock=office.clock, throttle=Throttle())

    assert list(installation().instance(Waiting)) == [ona.customer.number]
    assert not await models.PasswordCode.exists()


async def test_asking_again_and_again_is_slowed_down_whoever_is_asked_about(office: Office) -> None:
    for login in ((await Ona.made(office)).customer.number, "C-0000-0000"):
        throttle = Asking()
        for _ in range(3):
            await password_code.request(login, address=PLACE, clock=office.clock, throttle=throttle)
        with pytest.raises(RateLimited):
            await password_code.request(login, address=PLACE, clock=office.clock, throttle=throttle)
    assert len(installation().instance(Waiting)) == 6


async def test_wrong_codes_are_slowed_down_and_recorded_and_void_no_code(office: Office) -> None:
    ona, throttle = await Ona.made(office), Throttle()
    await ona.asks()
    (code,) = await ona.codes()
    for _ in range(5):
        with pytest.raises(CodeWrong):
            await ona.sets(code[:-1] + ("A" if code[-1] != "A" else "B"), throttle=throttle)
    with pytest.raises(RateLimited):
        await ona.sets(code, throttle=throttle)

    assert await ona.sets(code, throttle=throttle, address="198.51.100.7")
    assert [each["code"] for each in await ledger.data(Event.PASSWORD_CODE_REFUSED)] == ["CODE_WRONG"] * 5


async def test_whoever_has_enrolled_a_telephone_is_asked_for_its_code_too(office: Office) -> None:
    ona = await Ona.made(office)
    account = await accounts.customer(ona.customer.number, PASSWORD, clock=office.clock)
    phone = Telephone(account, await _by(ona, account), Clock(office.now))
    await phone.enrols()
    await ona.asks()
    (code,) = await ona.codes()
    office.now = phone.clock.now

    with pytest.raises(CodeRequired):
        await ona.sets(code, NEW)
    with pytest.raises(WrongCredentials):
        await ona.sets(code, NEW, "000000")
    assert await ona.sets(code, NEW, phone.code())


async def _by(ona: Ona, account: Account) -> Actor:
    return await in_session(account, "Customer", Clock(ona.office.now), customer_id=ona.customer.id)
