"""What somebody recorded on the customer's word is confirmed by the customer or a second person, or contradicted."""

import logging
from dataclasses import dataclass, replace

import pytest

from models import (
    Category,
    CollectionMethod,
    Consent,
    ConsentContent,
    ConsentState,
    ContactPoint,
    Customer,
    Message,
    Purpose,
    Role,
    Template,
    opened,
)
from models.errors import Unfit
from models.event import Event
from policies.errors import Refused
from procedures.consent import confirm, contradict, contradiction, required
from procedures.consent import consent as consents
from procedures.errors import AlreadyConfirmed, ConsentUnconfirmed, NotGiven, StandingNo
from tests import accounts, ledger
from tests.mailbox import Mailbox
from tests.people import Office, Someone


@dataclass
class Scene:
    """A customer, of whom an agent with a task recorded a consent to be reached, with a contact point under it."""

    office: Office
    customer: Customer
    himself: Someone
    agent: Someone
    consent: Consent

    async def colleague(self, purpose: str = "support") -> Someone:
        """Another agent with a task for the customer."""
        colleague = await self.office.agent(purpose)
        await self.office.task(colleague, self.customer, purpose)
        return colleague

    async def opens_to(self, someone: Someone) -> bool:
        """Whether somebody reads the contact point."""
        return (await someone.reads(self.customer, "contactPoints.value")).granted


@pytest.fixture
async def scene(office: Office) -> Scene:
    customer, agent = await office.customer(), await office.agent("support")
    await office.task(agent, customer, "support")
    notice = await office.notice("support")
    consent = await consents.give(
        customer.id,
        Category.CONTACT_POINT,
        Purpose.SUPPORT,
        notice.id,
        by=agent.actor,
        evidence="form 7",
    )
    await office.row(customer, consent)
    return Scene(office, customer, await office.himself(customer), agent, consent)


@pytest.mark.every_database
async def test_it_opens_to_who_recorded_it_once_a_second_person_has_looked(scene: Scene) -> None:
    colleague = await scene.colleague()
    assert not await scene.opens_to(scene.agent)
    assert await scene.opens_to(colleague)

    confirmed = await confirm(scene.consent.id, by=colleague.actor, evidence=" form 7, signed ")

    assert (confirmed.recorded_by_id, confirmed.code) == (None, None)
    assert await opened(confirmed) == ConsentContent("form 7", "form 7, signed")
    assert (confirmed.state, confirmed.collection_method) == (ConsentState.GIVEN, CollectionMethod.STAFF)
    assert confirmed.expires_at == scene.consent.expires_at
    assert await scene.opens_to(scene.agent)
    assert len(await ledger.entries(Event.CONSENT_CONFIRMED)) == 1
    assert await Message.filter(template=Template.CONSENT_RECORDED).count() == 2
    with pytest.raises(AlreadyConfirmed):
        await confirm(scene.consent.id, by=colleague.actor, evidence="form 7")


async def test_the_customer_confirms_signed_in(scene: Scene) -> None:
    confirmed = await confirm(scene.consent.id, by=scene.himself.actor)

    assert (confirmed.recorded_by_id, confirmed.collection_method) == (None, CollectionMethod.ACCOUNT)
    assert await scene.opens_to(scene.agent)
    assert await Message.filter(template=Template.CONSENT_RECORDED).count() == 1


async def test_giving_it_again_confirms_it_too(scene: Scene) -> None:
    notice = await scene.office.notice("support")
    await consents.give(
        scene.customer.id,
        Category.CONTACT_POINT,
        Purpose.SUPPORT,
        notice.id,
        by=scene.himself.actor,
        evidence="form 8",
    )

    assert await scene.opens_to(scene.agent)


@pytest.mark.parametrize(
    "who",
    [
        "recorder",
        "recorder as officer",
        "for another purpose",
        "without a task",
        "manager",
        "another customer",
    ],
)
async def test_nobody_else_confirms(scene: Scene, who: str) -> None:
    office, agent = scene.office, scene.agent
    by = {
        "recorder": agent.actor,
        "recorder as officer": replace(
            agent.actor, roles=(await office.employee("privacy_officer")).actor.roles
        ),
        "for another purpose": (await scene.colleague("billing")).actor,
        "without a task": (await office.agent("support")).actor,
        "manager": (await office.employee("manager", purposes=["support"])).actor,
        "another customer": (await office.himself(await office.customer())).actor,
    }[who]

    with pytest.raises(Refused):
        await confirm(scene.consent.id, by=by, evidence="form 7")
    assert (await Consent.get(id=scene.consent.id)).recorded_by_id == agent.actor.actor_id


async def test_the_privacy_officer_confirms_and_everybody_says_what_they_looked_at(scene: Scene) -> None:
    officer = await scene.office.employee("privacy_officer")
    for nothing in (None, "  "):
        with pytest.raises(Unfit):
            await confirm(scene.consent.id, by=officer.actor, evidence=nothing)

    await confirm(scene.consent.id, by=officer.actor, evidence="form 7")
    assert await scene.opens_to(scene.agent)


async def test_what_has_ended_or_run_out_is_not_confirmed(scene: Scene) -> None:
    officer = await scene.office.employee("privacy_officer")
    scene.office.now = scene.consent.expires_at
    with pytest.raises(NotGiven):
        await confirm(scene.consent.id, by=officer.actor, evidence="form 7")


async def test_nobody_stores_anything_under_a_consent_that_they_recorded(office: Office) -> None:
    customer = await office.customer()
    clerk, notice = await office.agent("billing"), await office.notice("billing")
    await office.task(clerk, customer, "billing")
    given = await consents.give(
        customer.id, Category.PAYMENT_CARD, Purpose.BILLING, notice.id, by=clerk.actor, evidence="form 7"
    )
    wanted = (customer.id, Category.PAYMENT_CARD, Purpose.BILLING)
    with pytest.raises(ConsentUnconfirmed):
        await required(*wanted, by=clerk.actor)

    officer = await office.employee("privacy_officer")
    await confirm(given.id, by=officer.actor, evidence="form 7")
    assert (await required(*wanted, by=clerk.actor)).id == given.id


@pytest.mark.every_database
async def test_what_a_customer_never_said_is_ended_with_what_rests_on_it(scene: Scene, caplog) -> None:
    with caplog.at_level(logging.WARNING, logger="savas.consent"):
        ended = await contradict(scene.consent.id, by=scene.himself.actor)

    assert (ended.consent.state, ended.consent.denies, ended.erased_rows) == (
        ConsentState.INVALIDATED,
        True,
        1,
    )
    assert not await ContactPoint.exists()
    events = [each["event"] for each in await ledger.entries()]
    assert "consent.contradicted" in events
    assert "consent.invalidated" not in events
    assert f"CONSENT_CONTRADICTED {scene.consent.id}" in caplog.text
    notice = await scene.office.notice("support")
    with pytest.raises(StandingNo):
        await consents.give(
            scene.customer.id,
            Category.CONTACT_POINT,
            Purpose.SUPPORT,
            notice.id,
            by=scene.agent.actor,
            evidence="form 7",
        )
    with pytest.raises(NotGiven):
        await contradict(scene.consent.id, by=scene.himself.actor)


@pytest.mark.usefixtures("sending")
async def test_privacy_officers_are_told_once_by_mail(scene: Scene, inbox: Mailbox) -> None:
    await accounts.employee("ona@savas.example", "Ona", [Role.PRIVACY_OFFICER], "correct horse battery")
    await accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT], "correct horse battery")
    await contradiction.tell()
    assert inbox.mails == []
    await contradict(scene.consent.id, by=scene.himself.actor)

    await contradiction.tell()
    await contradiction.tell()

    assert inbox.recipients == ["ona@savas.example"]
    assert str(scene.consent.id) in inbox.mails[0].get_content()
    (told,) = await ledger.data(Event.CONTRADICTION_NOTIFIED)
    assert told["officers"] == 1


async def test_what_a_second_person_confirmed_is_contradicted_as_well(scene: Scene) -> None:
    await confirm(scene.consent.id, by=(await scene.colleague()).actor, evidence="form 7")

    ended = await contradict(scene.consent.id, by=scene.himself.actor)
    assert ended.consent.state is ConsentState.INVALIDATED


@pytest.mark.parametrize(
    "method", [CollectionMethod.ACCOUNT, CollectionMethod.DOUBLE_OPT_IN, CollectionMethod.IMPORT]
)
async def test_what_the_customer_gave_is_withdrawn_and_not_contradicted(scene: Scene, method) -> None:
    await Consent.filter(id=scene.consent.id).update(collection_method=method)
    saying = contradict(scene.consent.id, by=scene.himself.actor)

    if method is CollectionMethod.IMPORT:
        assert (await saying).erased_rows == 1
    else:
        with pytest.raises(Refused):
            await saying


async def test_nobody_contradicts_for_the_customer(scene: Scene) -> None:
    office = scene.office
    other, officer = await office.himself(await office.customer()), await office.employee("privacy_officer")
    for by in (scene.agent, await scene.colleague(), officer, other):
        with pytest.raises(Refused):
            await contradict(scene.consent.id, by=by.actor)
    assert (await Consent.get(id=scene.consent.id)).permits
