"""A partner's client replaces its secret, and an administrator makes a new one where it was lost or stolen."""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from models import AccessChange, Account, Partner, PartnerClient, Session
from policies.actor import Actor
from policies.errors import Refused, StepUpRequired
from procedures.access import Throttle, session
from procedures.errors import Unauthenticated, WrongCredentials
from procedures.staff import partner_secret
from tests.people import Office
from tests.procedures.records import Clock

SECRET = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SECRET)
PLACE = "192.0.2.1"


async def signs_in(login: str, secret: str, clock: Clock) -> tuple[str, Actor]:
    begun = await session.sign_in(login, secret, address=PLACE, clock=clock, throttle=Throttle())
    return begun.token, await session.authenticate(begun.token, frozenset(), clock=clock)


async def client(office: Office) -> tuple[Account, Partner]:
    """The account of a partner's client, and the partner."""
    partner = await office.partner()
    someone = await office.partner_client(partner)
    await Account.filter(id=someone.actor.actor_id).update(password_hash=CHEAP)
    return await Account.get(id=someone.actor.actor_id), partner


@pytest.mark.every_database
async def test_a_client_replaces_its_own_secret_and_the_old_one_is_void(office: Office) -> None:
    (van, _), clock = await client(office), Clock(office.now)
    elsewhere, _ = await signs_in(van.login, SECRET, clock)
    here, by = await signs_in(van.login, SECRET, clock)

    new = await partner_secret.replace(SECRET, by=by, address=PLACE)

    await session.authenticate(here, frozenset(), clock=clock)
    with pytest.raises(Unauthenticated):
        await session.authenticate(elsewhere, frozenset(), clock=clock)
    with pytest.raises(WrongCredentials):
        await signs_in(van.login, SECRET, clock)
    await signs_in(van.login, new, clock)


async def test_whoever_has_the_token_and_not_the_secret_replaces_nothing(office: Office) -> None:
    (van, _), clock = await client(office), Clock(office.now)
    _, by = await signs_in(van.login, SECRET, clock)

    with pytest.raises(WrongCredentials):
        await partner_secret.replace("staple horse battery", by=by, address=PLACE)

    await signs_in(van.login, SECRET, clock)


async def test_no_employee_and_no_deactivated_partner_replaces_one(office: Office) -> None:
    (van, partner), clock = await client(office), Clock(office.now)
    _, by = await signs_in(van.login, SECRET, clock)
    ruta = await office.session(await office.agent())
    await Partner.filter(id=partner.id).update(active=False)

    for actor in (by, ruta.actor):
        with pytest.raises(Refused):
            await partner_secret.replace(SECRET, by=actor, address=PLACE)


@pytest.mark.every_database
async def test_an_administrator_makes_a_new_one_and_every_session_ends(office: Office) -> None:
    (van, _), clock = await client(office), Clock(office.now)
    boss = await office.session(await office.employee("administrator"))
    await signs_in(van.login, SECRET, clock)
    id = (await PartnerClient.get(actor_id=van.id)).id

    with pytest.raises(StepUpRequired):
        await partner_secret.renew(id, by=replace(boss.actor, session_id=None))
    _, new = await partner_secret.renew(id, by=boss.actor)

    assert await Session.filter(actor_id=van.id, ended_at=None).count() == 0
    with pytest.raises(WrongCredentials):
        await signs_in(van.login, SECRET, clock)
    await signs_in(van.login, new, clock)
    assert (await AccessChange.get()).account_id == van.id
