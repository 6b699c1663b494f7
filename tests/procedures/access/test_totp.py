import asyncio
from uuid import UUID

import pyotp
import pytest

from models import AccountKind, RecoveryCode, Role, Session, Totp
from models.errors import Unfit
from models.event import Event
from models.keys import keyring
from policies.actor import Actor
from policies.errors import Refused, StepUpRequired
from procedures.access import Allowance, Throttle, session, totp, user
from procedures.errors import (
    AlreadyEnrolled,
    CodeRequired,
    NotEnrolled,
    RateLimited,
    Unauthenticated,
    WrongCredentials,
)
from procedures.keys import rotation
from tests.ledger import data
from tests.procedures import records
from tests.procedures.ledgers import sql
from tests.procedures.records import Clock
from tests.procedures.telephones import CHEAP, HALF_MINUTE, PASSWORD, Ona, in_session
from vault import vault
from vault.errors import SealBroken, SealedError


@pytest.fixture
async def ona(database) -> Ona:
    clock, account = Clock(), await records.employee(Role.AGENT, password_hash=CHEAP)
    return Ona(account, await in_session(account, "Employee", clock), clock)


async def test_a_secret_is_shown_once_as_text_and_to_be_scanned(ona):
    shown = await totp.enrol(by=ona.actor)

    parsed = pyotp.parse_uri(shown.uri)
    assert (parsed.secret, parsed.name, parsed.issuer) == (shown.secret, ona.account.login, "Savas")
    assert shown.secret not in repr(shown)


async def test_a_secret_counts_once_a_code_of_it_was_shown(ona):
    ona.secret = (await totp.enrol(by=ona.actor)).secret
    await ona.signs_in()

    await totp.confirm(ona.code(), by=ona.actor)

    with pytest.raises(CodeRequired):
        await ona.signs_in()


async def test_a_wrong_first_code_changes_nothing(ona):
    ona.secret = (await totp.enrol(by=ona.actor)).secret

    for wrong in (ona.code(5), "", "abcdef", "12345", "١٢٣٤٥٦", "0" * 5000):
        with pytest.raises(Unfit):
            await totp.confirm(wrong, by=ona.actor)

    assert await totp.enrolled(ona.account.id) is None
    assert not await RecoveryCode.exists()


async def test_a_secret_that_waits_is_replaced_and_one_that_counts_is_not(ona):
    first = await totp.enrol(by=ona.actor)
    ona.secret = (await totp.enrol(by=ona.actor)).secret
    assert first.secret != ona.secret
    await totp.confirm(ona.code(), by=ona.actor)

    with pytest.raises(AlreadyEnrolled):
        await totp.enrol(by=ona.actor)
    with pytest.raises(NotEnrolled):
        await totp.confirm(ona.code(1), by=ona.actor)


@pytest.mark.every_database
async def test_with_a_code_one_signs_in(ona):
    await ona.enrols()

    assert (await ona.signs_in(ona.code())).actor_id == ona.account.id


@pytest.mark.parametrize("spelling", ["{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", " {0} ", "{0}\n"])
async def test_blanks_do_not_matter(ona, spelling):
    await ona.enrols()

    assert await ona.signs_in(spelling.format(ona.code()))


async def test_a_code_is_accepted_once(ona):
    await ona.enrols()
    code = ona.code()
    await ona.signs_in(code)

    with pytest.raises(WrongCredentials):
        await ona.signs_in(code)
    with pytest.raises(WrongCredentials):
        await ona.confirms(code)


async def test_the_code_that_enrolled_does_not_sign_in_as_well(ona):
    ona.secret = (await totp.enrol(by=ona.actor)).secret
    code = ona.code()
    await totp.confirm(code, by=ona.actor)

    with pytest.raises(WrongCredentials):
        await ona.signs_in(code)


@pytest.mark.every_database
async def test_of_two_with_one_code_at_once_one_signs_in(ona):
    # Signed in once, so that the hash on record is of today's making and does not change under the three.
    await ona.signs_in()
    await ona.enrols()
    code = ona.code()

    found = await asyncio.gather(*(ona.signs_in(code) for _ in range(3)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in found) == ["SignedIn", "WrongCredentials", "WrongCredentials"]


@pytest.mark.parametrize("steps", [-1, 0, 1])
async def test_a_clock_may_be_half_a_minute_off(ona, steps):
    await ona.enrols()
    ona.clock.pass_by(HALF_MINUTE)

    assert await ona.signs_in(ona.code(steps))


@pytest.mark.parametrize("steps", [-2, 2])
async def test_and_no_more(ona, steps):
    await ona.enrols()
    ona.clock.pass_by(2 * HALF_MINUTE)

    with pytest.raises(WrongCredentials):
        await ona.signs_in(ona.code(steps))


async def test_an_earlier_code_is_not_accepted_after_a_later_one(ona):
    await ona.enrols()
    await ona.signs_in(ona.code(1))

    with pytest.raises(WrongCredentials):
        await ona.signs_in(ona.code())


async def test_a_wrong_password_asks_for_no_code(ona):
    await ona.enrols()

    for code in (None, ona.code(), "000000"):
        with pytest.raises(WrongCredentials):
            await ona.signs_in(code, password="another horse battery")
    assert (await Totp.get()).last_step < pyotp.TOTP(ona.secret).timecode(ona.clock.now)


async def test_a_wrong_code_is_answered_like_a_wrong_password(ona):
    await ona.enrols()
    told = []
    for code, password in ((ona.code(7), PASSWORD), (ona.code(), "another horse battery")):
        with pytest.raises(WrongCredentials) as refused:
            await ona.signs_in(code, password)
        told.append((refused.value.code, refused.value.message, refused.value.field))

    assert told[0] == told[1]


async def test_codes_are_guessed_no_faster_from_many_addresses(ona):
    await ona.enrols()
    for place in range(5):
        with pytest.raises(WrongCredentials):
            await ona.signs_in("000000", address=f"198.51.100.{place}")

    with pytest.raises(RateLimited):
        await ona.signs_in(ona.code(), address="203.0.113.9")
    ona.clock.pass_by(2 * HALF_MINUTE)
    assert await ona.signs_in(ona.code(), address="203.0.113.9")


async def test_who_guesses_passwords_keeps_nobody_from_their_codes(ona):
    await ona.enrols()
    for place in range(20):
        with pytest.raises(WrongCredentials):
            await ona.signs_in("000000", "another horse battery", address=f"198.51.100.{place}")

    assert await ona.signs_in(ona.code())


async def test_being_asked_for_the_code_does_not_count_against_the_address(ona):
    await ona.enrols()
    ona.throttle = Throttle(of_address=Allowance(free=3))
    for _ in range(8):
        with pytest.raises(CodeRequired):
            await ona.signs_in()

    assert await ona.signs_in(ona.code())


async def test_a_recovery_code_signs_in_once(ona):
    await ona.enrols()
    assert len(set(ona.paper)) == 10

    await ona.signs_in(ona.paper[0].lower())

    with pytest.raises(WrongCredentials):
        await ona.signs_in(ona.paper[0])
    assert await ona.signs_in(ona.paper[1].replace("-", " "))


async def test_another_s_recovery_code_signs_nobody_in(ona):
    await ona.enrols()
    clock, account = ona.clock, await records.employee(Role.AGENT, password_hash=CHEAP)
    rasa = Ona(account, await in_session(account, "Employee", clock), clock)
    await rasa.enrols()

    with pytest.raises(WrongCredentials):
        await ona.signs_in(rasa.paper[0])
    with pytest.raises(WrongCredentials):
        await ona.signs_in(rasa.code())


async def test_neither_secret_nor_recovery_codes_lie_open(ona):
    await ona.enrols()

    (row,) = await sql("SELECT secret FROM totps")
    kept = [bytes(each["digest"]) for each in await sql("SELECT digest FROM recovery_codes")]
    assert ona.secret.encode() not in bytes(row["secret"])
    assert {len(digest) for digest in kept} == {32}
    assert not any(code.replace("-", "").encode() in digest for code in ona.paper for digest in kept)


@pytest.mark.by_hand
async def test_a_secret_moved_to_another_does_not_open(ona):
    await ona.enrols()
    other = await records.employee(Role.AGENT, password_hash=CHEAP)
    await Totp.all().update(actor_id=other.id)

    with pytest.raises(SealBroken):
        await (await Totp.get()).open_secret()


@pytest.mark.every_database
async def test_replacing_the_keys_carries_the_secret(ona):
    await ona.enrols()

    await rotation.rotate()
    vault.current().forget()

    assert await (await Totp.get()).open_secret() == ona.secret
    assert str(ona.account.id) in await keyring.rings([ona.account.id])


async def test_while_the_vault_is_sealed_who_enrolled_does_not_sign_in_and_others_do(ona):
    await ona.enrols()
    other = await records.employee(Role.AGENT, password_hash=CHEAP)
    code, opened = ona.code(), vault.current()
    vault.seal("for this test")
    try:
        with pytest.raises(SealedError):
            await ona.signs_in(code)
        assert await session.sign_in(
            other.login, PASSWORD, address="192.0.2.1", clock=ona.clock, throttle=Throttle()
        )
    finally:
        vault.use(opened)


async def test_removed_it_is_asked_for_no_more(ona):
    await ona.enrols()

    await totp.remove(by=ona.actor)

    assert await ona.signs_in()
    assert not await Totp.exists()
    assert not await RecoveryCode.exists()
    with pytest.raises(NotEnrolled):
        await totp.remove(by=ona.actor)


@pytest.mark.every_database
async def test_of_two_who_remove_it_at_once_one_has_removed_it(ona):
    await ona.enrols()

    came = await asyncio.gather(*(totp.remove(by=ona.actor) for _ in range(2)), return_exceptions=True)

    assert {type(each) for each in came} == {type(None), NotEnrolled}
    assert len(await data(Event.TOTP_REMOVED)) == 1


@pytest.mark.parametrize("change", [totp.enrol, totp.remove])
async def test_neither_enrolling_nor_removing_is_done_with_a_token_alone(ona, change):
    await ona.enrols()
    await Session.filter(id=ona.actor.session_id).update(confirmed_until=ona.clock.now)

    with pytest.raises(StepUpRequired):
        await change(by=ona.actor)
    assert await totp.enrolled(ona.account.id)


async def test_somebody_else_s_session_serves_nobody(ona):
    stolen = Actor("Employee", UUID(int=7), clock=ona.clock, session_id=ona.actor.session_id)

    with pytest.raises((Refused, StepUpRequired)):
        await totp.enrol(by=stolen)


async def test_without_a_session_nothing_is_enrolled(ona):
    with pytest.raises(Unauthenticated):
        await totp.enrol(by=Actor("Employee", ona.account.id, clock=ona.clock))


async def test_a_partner_s_client_does_not_enrol(ona):
    client = await records.client(password_hash=CHEAP)
    actor = await in_session(await client.actor, "PartnerClient", ona.clock, partner_id=client.partner_id)

    for change in (totp.enrol(by=actor), totp.remove(by=actor), totp.confirm("000000", by=actor)):
        with pytest.raises(Refused):
            await change


async def test_a_customer_enrols(database):
    clock, customer = Clock(), await records.customer()
    account = await records.account(
        AccountKind.CUSTOMER, login=customer.number, customer_id=customer.id, password_hash=CHEAP
    )
    herself = Ona(account, await in_session(account, "Customer", clock, customer_id=customer.id), clock)

    await herself.enrols()

    assert await herself.signs_in(herself.code())


async def test_an_operator_takes_it_from_who_lost_everything(ona):
    await ona.enrols()

    await user.reset_totp(ona.account.login.upper())

    assert await ona.signs_in()
    with pytest.raises(NotEnrolled):
        await user.reset_totp(ona.account.login)
