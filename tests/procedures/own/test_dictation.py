"""What others wrote is contradicted or confirmed by the customer: what was there before is put back, byte for byte, or goes."""

from datetime import timedelta
from typing import Any

import pytest

import models
from models import (
    PERSONAL,
    Attestation,
    Category,
    ContactPoint,
    Dictation,
    DictationState,
    Obligation,
    PostalAddress,
    opened,
)
from models.event import Event
from policies.errors import Refused
from procedures import consent as consents
from procedures import own
from procedures.own import dictated, dictation
from procedures.own.dictated import DictationOver, NotKeptAnyMore
from procedures.own.own_change import ChangedMeanwhile
from schema.reading import encode
from tests import ledger
from tests.clocks import ran_until
from tests.people import Office
from tests.procedures.dictating import MAIL, SAID, VALUES, at_work, only, verified, whole, written

#: What is changed in a row of each category that staff change.
CHANGES: dict[Category, dict[str, Any]] = {
    Category.IDENTITY: {"given_name": None, "family_name": "Žalgirienė"},
    Category.CONTACT_POINT: {"kind": models.ContactKind.PHONE, "value": "+37060012345"},
    Category.POSTAL_ADDRESS: {"street": None, "city": "Kaunas"},
    Category.PREFERENCE: {"topic": "maps", "monthly_limit": 100},
}
PURPOSES = {
    Category.IDENTITY: "support",
    Category.CONTACT_POINT: "support",
    Category.POSTAL_ADDRESS: "delivery",
    Category.PREFERENCE: "sales",
    Category.INTERACTION: "support",
    Category.ORDER: "sales",
}


@pytest.mark.every_database
@pytest.mark.parametrize("category", CHANGES)
async def test_what_was_changed_is_put_back_byte_for_byte(office: Office, category: Category):
    ruta, customer = await at_work(office, PURPOSES[category], category)
    model = PERSONAL[category]
    row = await model.get()
    await model.filter(id=row.id).update(
        verification_method="DOCUMENTS",
        verified_at=office.now,
        verification_evidence="letter 3",
        source="shop",
    )
    before = await whole(model, row.id)
    office.now += timedelta(hours=1)
    if model.declared.many:
        await own.change(model, row.id, CHANGES[category], by=ruta.actor, evidence=SAID)
    else:
        await own.add(model, customer.id, CHANGES[category], by=ruta.actor, evidence=SAID)
    assert await whole(model, row.id) != before

    herself = await office.himself(customer)
    answer = await herself.asks(
        "mutation ($id: ID!) { dictationContradict(input: {dictationId: $id}) { dictation { state } userErrors { code } } }",
        id=encode("Dictation", (await only()).id),
    )
    assert answer.data["dictationContradict"] == {"dictation": {"state": "CONTRADICTED"}, "userErrors": []}
    assert await whole(model, row.id) == before
    assert (await model.get()).revision == 3
    assert (await opened(await only())).before is None
    with pytest.raises(DictationOver):
        await dictation.contradict((await only()).id, by=herself.actor)


@pytest.mark.every_database
@pytest.mark.parametrize("category", [each for each in PURPOSES if each is not Category.IDENTITY])
async def test_what_was_added_goes(office: Office, category: Category):
    ruta, customer = await at_work(office, PURPOSES[category], category)
    model = PERSONAL[category]
    added = await written(category, customer, ruta.actor)
    assert await model.all().count() == 2
    herself = await office.himself(customer)
    await dictation.contradict((await only()).id, by=herself.actor)

    assert await whole(model, added.id) is None
    assert await model.all().count() == 1
    assert await ledger.data(Event.DICTATION_CONTRADICTED) == [
        {"dictation": str((await only()).id), "customer": str(customer.id)}
    ]


async def test_changes_on_changes_are_contradicted_from_the_last_to_the_first(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    point = await verified(customer, office.now)
    before = await whole(ContactPoint, point.id)
    for value in ("first@example.org", "second@example.org"):
        office.now += timedelta(minutes=1)
        await own.change(ContactPoint, point.id, {"value": value}, by=ruta.actor, evidence=SAID)
    first, second = await Dictation.all().order_by("recorded_at")
    herself = await office.himself(customer)
    with pytest.raises(ChangedMeanwhile):
        await dictation.contradict(first.id, by=herself.actor)
    await dictation.contradict(second.id, by=herself.actor)
    assert (await opened(await ContactPoint.get())).value == "first@example.org"
    await dictation.contradict(first.id, by=herself.actor)
    assert await whole(ContactPoint, point.id) == before


async def test_what_is_confirmed_stays_attested_and_nothing_else_is_kept(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    point = await ContactPoint.get()
    await own.change(ContactPoint, point.id, {"value": MAIL}, by=ruta.actor, evidence=SAID)
    herself = await office.himself(customer)
    await dictation.confirm((await only()).id, by=herself.actor)

    assert ((await only()).state, (await only()).kept_until) == (DictationState.CONFIRMED, None)
    assert (await opened(await only())).before is None
    assert (await Attestation.get()).by_id == herself.actor.actor_id
    with pytest.raises(DictationOver):
        await dictation.contradict((await only()).id, by=herself.actor)


async def test_what_the_customer_changes_or_removes_is_not_put_back(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    herself = await office.himself(customer)
    point = await ContactPoint.get()
    await own.change(ContactPoint, point.id, {"value": MAIL}, by=ruta.actor, evidence=SAID)
    await own.change(ContactPoint, point.id, {"value": "mine@example.org"}, by=herself.actor)
    assert ((await only()).state, (await opened(await only())).before) == (DictationState.REPLACED, None)

    await own.change(ContactPoint, point.id, {"value": MAIL}, by=ruta.actor, evidence=SAID)
    await own.remove(ContactPoint, point.id, by=herself.actor)
    assert [(await opened(each)).before for each in await Dictation.all()] == [None, None]
    for each in await Dictation.all():
        with pytest.raises(DictationOver):
            await dictation.contradict(each.id, by=herself.actor)
    assert not await ContactPoint.exists()


@pytest.mark.every_database
async def test_what_was_there_before_lapses_and_how_it_was_said_stays(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    point = await ContactPoint.get()
    await own.change(ContactPoint, point.id, {"value": MAIL}, by=ruta.actor, evidence=SAID)
    assert await dictated.lapse(clock=office.clock) == 0
    office.now += dictated.KEPT_FOR
    await ran_until(office.now)
    assert await dictated.lapse(clock=office.clock) == 1

    kept = await opened(await only())
    assert (kept.evidence, kept.before, (await only()).kept_until) == (SAID, None, None)
    herself = await office.himself(customer)
    with pytest.raises(NotKeptAnyMore):
        await dictation.contradict((await only()).id, by=herself.actor)
    assert (await opened(await ContactPoint.get())).value == MAIL


async def test_with_the_category_goes_what_was_there_before(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    point = await ContactPoint.get()
    await own.change(ContactPoint, point.id, {"value": MAIL}, by=ruta.actor, evidence=SAID)
    said = await only()
    herself = await office.himself(customer)
    await consents.withdraw((await models.Consent.get()).id, by=herself.actor)

    assert not await Dictation.exists()
    for verb in (dictation.contradict, dictation.confirm):
        with pytest.raises(Refused):
            await verb(said.id, by=herself.actor)
    assert not await ContactPoint.exists()


async def test_only_the_customer_says_anything_about_it(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    await written(Category.CONTACT_POINT, customer, ruta.actor)
    people = [
        ruta,
        await office.employee("privacy_officer", "manager"),
        await office.himself(await office.customer()),
        office.stranger(),
    ]
    for who in people:
        for verb in (dictation.contradict, dictation.confirm):
            with pytest.raises(Refused):
                await verb((await only()).id, by=who.actor)
    assert (await only()).state is DictationState.STANDS


async def test_a_partner_that_had_the_row_is_obliged_both_times(office: Office):
    ruta, customer = await at_work(office, "delivery", "postal_address")
    partner = await office.partner()
    agreement = await office.agreement(partner, "delivery", "postal_address.city")
    van = await office.partner_client(partner, "delivery")
    await office.task(van, customer, "delivery", agreement=agreement)
    row = await PostalAddress.get()
    await own.change(PostalAddress, row.id, {"city": "Kaunas"}, by=ruta.actor, evidence=SAID)
    await Obligation.all().update(acknowledged_at=office.now)
    herself = await office.himself(customer)
    await dictation.contradict((await only()).id, by=herself.actor)

    assert await Obligation.filter(record_id=row.id).count() == 2


async def test_under_a_legal_hold_each_of_them_is_kept(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    officer = await office.employee("privacy_officer")
    await models.LegalHold.create(
        customer_id=customer.id, category="contact_point", reason="LEGAL_CLAIMS", basis="file 7",
        placed_by_id=officer.actor.actor_id, placed_at=office.now, until=office.now + timedelta(days=99),
    )  # fmt: skip
    point = await ContactPoint.get()
    await own.change(ContactPoint, point.id, VALUES[Category.CONTACT_POINT], by=ruta.actor, evidence=SAID)
    await dictation.contradict((await only()).id, by=(await office.himself(customer)).actor)
    assert await models.HeldRow.all().count() == 2
