"""A customer gets a way to sign in by a code that comes back from where they surely are reached."""

import asyncio
import json
from collections.abc import Awaitable
from datetime import timedelta

import pytest

import models
from models import Account, CustomerStatus, Finding, PasswordCode
from models.errors import ProcedureError
from models.event import Event
from policies.actor import Actor
from policies.errors import Refused
from procedures import staff
from procedures.access import CodeExpired, CodeWrong, Throttle, session
from procedures.errors import UnfitPassword
from procedures.own import own_change
from procedures.passwords import NoSurePoint, password_code
from schema.reading import encode
from tests import accounts, ledger
from tests.people import Office
from tests.procedures.passwords.people import PASSWORD, PLACE, WEEK, Ona

pytestmark = pytest.mark.usefixtures("sending")


async def desk(ona: Ona) -> Actor:
    """Somebody at the desk who has just found her."""
    ruta = (await ona.office.employee("front_desk")).actor
    await Finding.create(customer_id=ona.customer.id, actor_id=ruta.actor_id, at=ona.office.now)
    return ruta


async def sign_in(ona: Ona, password: str = PASSWORD) -> session.SignedIn:
    return await session.sign_in(
        ona.customer.number, password, address=PLACE, clock=ona.office.clock, throttle=Throttle()
    )


async def error_of(work: Awaitable[object]) -> str:
    try:
        await work
    except (ProcedureError, Refused) as error:
        return error.code
    raise AssertionError("it was done")


@pytest.mark.every_database
async def test_whoever_is_invited_at_the_desk_sets_a_password_and_signs_in(office: Office) -> None:
    ona = await Ona.made(office)

    until = await password_code.send(ona.customer.id, by=await desk(ona))
    (code,) = await ona.codes()

    assert until == office.now + timedelta(hours=24)
    assert await ona.sets(f" {code.lower().replace('-', ' ')} ") == ona.customer.number
    assert (await sign_in(ona)).actor_id == (await Account.get(customer_id=ona.customer.id)).id
    assert await ona.told("password_set") == [("EMAIL", ona.point.id)]


async def test_nobody_who_works_here_is_shown_the_code_and_the_ledger_and_rows_do_not_hold_it(
    office: Office,
) -> None:
    ona, ruta = await Ona.made(office), await office.employee("front_desk")
    await Finding.create(customer_id=ona.customer.id, actor_id=ruta.actor.actor_id, at=office.now)

    answer = await ruta.asks(
        "mutation ($id: ID!) { passwordCodeSend(input: {customerId: $id}) { expiresAt userErrors { code } } }",
        id=encode("Customer", ona.customer.id),
    )

    assert answer.data["passwordCodeSend"]["userErrors"] == []
    (code,) = await ona.codes()
    kept = (
        json.dumps(answer.data) + json.dumps(await ledger.entries()) + repr(await PasswordCode.all().values())
    )
    assert code not in kept
    assert "ona@example.org" not in kept
    assert [
        each["event"] for each in await ledger.entries(Event.PASSWORD_CODE_SENT, Event.PASSWORD_CODE_USED)
    ] == ["password_code.sent"]


async def test_who_may_invite_is_at_the_desk_or_at_work_for_the_customer(office: Office) -> None:
    ona = await Ona.made(office)
    others = [
        await office.agent("support"),
        await office.employee("manager"),
        await office.employee("front_desk"),
    ]
    others += [await office.himself(await office.customer()), await office.employee("privacy_officer")]

    for each in others:
        assert await error_of(password_code.send(ona.customer.id, by=each.actor)) == "FORBIDDEN"
    agent = await office.agent("support")
    await office.task(agent, ona.customer, "support")
    assert await password_code.send(ona.customer.id, by=agent.actor)


#: What keeps a contact point from being surely hers: columns that differ, of which a name stands for an account.
UNSURE: dict[str, dict[str, object]] = {
    "never confirmed": {"verified_at": None},
    "confirmed lately": {"verified_at": timedelta(days=6)},
    "written down lately": {"collected_at": timedelta(days=6)},
    "confirmed by who wrote it down": {"verified_by": "writer"},
    "confirmed by nobody known": {"verified_by": None},
    "confirmed too long ago": {"verification_expires_at": timedelta(0)},
    "a fax": {"kind": "FAX"},
}


@pytest.mark.parametrize("why", UNSURE)
async def test_a_code_goes_nowhere_that_is_not_surely_theirs(office: Office, why: str) -> None:
    ona = await Ona.made(office)
    columns = {
        name: office.now - value if isinstance(value, timedelta) else getattr(ona, str(value)).actor_id
        if value == "writer" else value
        for name, value in UNSURE[why].items()
    }  # fmt: skip
    await models.ContactPoint.all().update(**columns)

    assert await error_of(password_code.send(ona.customer.id, by=await desk(ona))) == NoSurePoint.code
    assert await ona.asks() == 0
    assert await ona.codes() == []


async def test_whoever_wrote_the_address_down_or_confirmed_it_invites_nobody_to_it(office: Office) -> None:
    ona = await Ona.made(office)
    for each in (ona.writer, ona.confirmer):
        await models.EmployeeRole.create(
            employee_id=(await models.Employee.get(actor_id=each.actor_id)).id, role=models.Role("front_desk")
        )
        by = Actor("Employee", each.actor_id, frozenset({models.Role("front_desk")}), clock=office.clock)
        await Finding.create(customer_id=ona.customer.id, actor_id=each.actor_id, at=office.now)

        assert await error_of(password_code.send(ona.customer.id, by=by)) == NoSurePoint.code


async def test_an_address_that_was_changed_is_told_to_the_former_one_and_gets_no_code_for_a_week(
    office: Office,
) -> None:
    ona = await Ona.made(office)
    herself = (await office.himself(ona.customer)).actor
    phone = {"kind": models.ContactKind.PHONE, "value": "+37060012345"}
    await own_change.add(models.ContactPoint, ona.customer.id, phone, by=herself)
    assert await ona.told("contact_point_changed") == [("EMAIL", ona.point.id)]
    other = {"kind": models.ContactKind.EMAIL, "value": "thief@example.org"}
    await own_change.change(models.ContactPoint, ona.point.id, other, by=herself)
    messages = await models.Message.filter(template="contact_point_changed").order_by("-queued_at")
    assert {(await models.opened(each)).address for each in messages} == {"ona@example.org"}
    await models.ContactPoint.filter(id=ona.point.id).update(
        verified_at=office.now, verified_by=herself.actor_id
    )
    await models.ContactPoint.filter(id=ona.point.id).update(
        verification_expires_at=office.now + timedelta(days=700)
    )

    assert await ona.asks() == 0
    office.now += WEEK
    assert await ona.asks() == 1


async def test_an_address_that_is_removed_is_written_to_once_more(office: Office) -> None:
    ona = await Ona.made(office)
    herself = (await office.himself(ona.customer)).actor

    await own_change.remove(models.ContactPoint, ona.point.id, by=herself)

    (message,) = await models.Message.filter(template="contact_point_changed")
    assert (message.contact_point_id, (await models.opened(message)).address) == (None, "ona@example.org")


@pytest.mark.every_database
async def test_of_two_codes_at_the_same_time_one_sets_a_password_and_the_other_none(office: Office) -> None:
    ona = await Ona.made(office)
    await password_code.send(ona.customer.id, by=await desk(ona))
    await ona.asks()
    codes = await ona.codes()
    assert len(codes) == 2

    done = await asyncio.gather(
        *(ona.sets(code, f"{PASSWORD} {n}") for n, code in enumerate(codes)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in done) in (["CodeExpired", "str"], ["CodeWrong", "str"])
    assert await Account.filter(customer_id=ona.customer.id).count() == 1
    for code in codes:
        assert await error_of(ona.sets(code)) == CodeWrong.code


async def test_a_code_is_good_for_nobody_else_and_no_longer_than_a_day(office: Office) -> None:
    ona, eve = await Ona.made(office), await Ona.made(office)
    await ona.asks()
    (code,) = await ona.codes()

    assert await error_of(ona.sets(code, login=eve.customer.number)) == CodeWrong.code
    # Whoever can write past the program does not turn a code of one's own into another's.
    await PasswordCode.all().update(customer_id=eve.customer.id)
    assert await error_of(ona.sets(code, login=eve.customer.number)) == CodeWrong.code
    await PasswordCode.all().update(customer_id=ona.customer.id)
    office.now += timedelta(hours=24)
    assert await error_of(ona.sets(code)) == CodeWrong.code


@pytest.mark.parametrize("state", ["left", "deactivated", "removed", "changed", "without consent"])
async def test_a_code_serves_nobody_of_whom_it_is_no_more_sure(office: Office, state: str) -> None:
    ona = await Ona.made(office)
    await ona.asks()
    (code,) = await ona.codes()
    if state == "left":
        await models.Customer.filter(id=ona.customer.id).update(status=CustomerStatus.WITHDRAWN)
    elif state == "deactivated":
        await accounts.customer(ona.customer.number, PASSWORD)
        await staff.deactivate_by_login(ona.customer.number)
    elif state == "removed":
        await models.ContactPoint.all().delete()
    elif state == "changed":
        await models.ContactPoint.all().update(revision=ona.point.revision + 1)
    else:
        await models.ContactPoint.all().update(verification_expires_at=office.now)

    assert await error_of(ona.sets(code)) == CodeExpired.code
    assert not await Account.exists(customer_id=ona.customer.id, active=True)


async def test_a_restriction_keeps_nobody_from_signing_in(office: Office) -> None:
    ona = await Ona.made(office)
    await models.Customer.all().update(restricted=True)
    await password_code.send(ona.customer.id, by=await desk(ona))

    assert await ona.sets((await ona.codes())[0])


async def test_an_unfit_password_leaves_the_code_good(office: Office) -> None:
    ona = await Ona.made(office)
    await ona.asks()
    (code,) = await ona.codes()
    with pytest.raises(UnfitPassword):
        await ona.sets(code, "short")

    assert await ona.sets(code)


async def test_so_many_codes_are_sent_in_a_day_and_a_stranger_uses_up_none_of_the_desks(
    office: Office,
) -> None:
    ona = await Ona.made(office)
    assert [await ona.asks() for _ in range(5)] == [1, 1, 1, 0, 0]
    ruta = await desk(ona)
    for _ in range(5):
        await password_code.send(ona.customer.id, by=ruta)

    assert await error_of(password_code.send(ona.customer.id, by=ruta)) == "RATE_LIMITED"
    assert len(set(await ona.codes())) == 8
