"""What customers write of themselves: checked, sealed anew, found anew, verified no more, and recorded by name alone."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

import models
from models import (
    AddressKind,
    Attestation,
    Category,
    ContactKind,
    ContactPoint,
    Identity,
    LedgerEntry,
    PostalAddress,
    Preference,
    opened,
)
from models.errors import ProcedureError, Unfit
from models.event import Event
from policies.errors import Refused
from procedures import own
from procedures.errors import ConsentRequired
from tests import ledger
from tests.people import Office, Someone

NEW = "jone.new@example.org"
SOME = [
    ("identity", "support"),
    ("contact_point", "support"),
    ("postal_address", "delivery"),
    ("preference", "marketing"),
]


async def somebody(office: Office, consents: Any = SOME, **more: Any) -> tuple[models.Customer, Someone]:
    """A customer with a row of each category consented to, and themself signed in."""
    customer = await office.customer(consents, **more)
    return customer, await office.himself(customer)


def mail(value: str = NEW) -> dict[str, Any]:
    """An e-mail address to be reached by."""
    return {"kind": ContactKind.EMAIL, "value": value}


def names(given: str | None, family: str | None) -> dict[str, Any]:
    return {"given_name": given, "family_name": family}


def wish(topic: str, limit: int, hours: str | None = None) -> dict[str, Any]:
    return {"channel": models.ContactChannel.EMAIL, "topic": topic, "monthly_limit": limit, "hours": hours}


async def verified(customer: models.Customer, at: Any) -> ContactPoint:
    """The customer's contact point, verified."""
    seen = {"verification_method": "CODE_BY_EMAIL", "verification_level": "REACHED", "verified_at": at}
    await ContactPoint.filter(customer_id=customer.id).update(
        **seen, verification_evidence="message 1", verification_expires_at=at + timedelta(days=9)
    )
    return await ContactPoint.get(customer_id=customer.id)


async def test_a_changed_address_is_sealed_anew_and_verified_no_more(office: Office):
    customer, herself = await somebody(office)
    before = await verified(customer, office.now)
    await own.change(ContactPoint, before.id, mail(), by=herself.actor)

    after = await ContactPoint.get(id=before.id)
    assert (await opened(after)).value == NEW
    assert (after.revision, after.source, after.consent_id) == (2, "customer", before.consent_id)
    assert after.collected_by == herself.actor.actor_id
    assert [value for name, value in vars(after).items() if name.startswith("verif")] == [None] * 6


@pytest.mark.every_database
async def test_it_is_found_by_its_new_value_and_not_by_its_old_one(office: Office):
    customer, herself = await somebody(office)
    await own.change(ContactPoint, (await ContactPoint.get()).id, mail(), by=herself.actor)
    await own.add(Identity, customer.id, names("Eglė", "Žalgirienė"), by=herself.actor)
    ruta = await office.agent("support")
    await office.task(ruta, customer, "support")

    async def found(by: str) -> int:
        answer = await ruta.asks(f"{{ customers(filter: {{{by}}}) {{ nodes {{ id }} }} }}")
        return len(answer.data["customers"]["nodes"])

    assert [await found(f'email: "{text}"') for text in (NEW, "jone@example.org")] == [1, 0]
    assert [await found(f'familyName: "{text}"') for text in ("žalgirienė", "Kazlauskaitė")] == [1, 0]


async def test_the_ledger_names_row_and_fields_and_no_value(office: Office):
    customer, herself = await somebody(office)
    row = await ContactPoint.get()
    await own.change(ContactPoint, row.id, mail(), by=herself.actor)
    await own.remove(ContactPoint, row.id, by=herself.actor)

    told = {"customer": str(customer.id), "row": str(row.id)}
    assert await ledger.data(Event.OWN_DATA_CHANGED) == [
        told | {"fields": ["ContactPoint.value"], "change": "changed"},
        told | {"fields": [], "change": "removed"},
    ]
    entries = json.dumps([bytes(each.entry).decode() for each in await LedgerEntry.all()])
    assert NEW not in entries


async def test_what_is_repeated_changes_nothing(office: Office):
    customer, herself = await somebody(office)
    address = {"kind": AddressKind.HOME, "street": "Gedimino pr. 1", "city": "Vilnius"}
    made = [await own.add(PostalAddress, customer.id, address, by=herself.actor) for _ in range(3)]
    changed = {"kind": AddressKind.BILLING, "city": "Kaunas"}
    for _ in range(3):
        await own.change(PostalAddress, made[0].id, changed, by=herself.actor, revision=1)

    assert len({row.id for row in made}) == 1
    assert await PostalAddress.filter(customer_id=customer.id).count() == 2
    assert (await PostalAddress.get(id=made[0].id)).revision == 2
    assert len(await ledger.data(Event.OWN_DATA_CHANGED)) == 2


async def test_the_names_are_one_row_and_the_company_stays(office: Office):
    customer, herself = await somebody(office)
    old = await opened(await Identity.get())
    for family in ("Žalgirienė", "Petraitienė"):
        await own.add(Identity, customer.id, names("Eglė", family), by=herself.actor)

    content = await opened(await Identity.get())
    assert (content.given_name, content.family_name) == ("Eglė", "Petraitienė")
    assert content.company_name == old.company_name


async def test_who_had_no_name_here_may_enter_one(office: Office):
    customer, herself = await somebody(office, rows=False)
    await own.add(Identity, customer.id, names("Eglė", None), by=herself.actor)
    await own.add(Preference, customer.id, wish("books", 2), by=herself.actor)
    assert (await opened(await Identity.get())).given_name == "Eglė"
    assert (await Preference.get()).source == "customer"


async def test_nothing_is_kept_without_a_live_consent_to_its_category(office: Office):
    customer, herself = await somebody(office, [("contact_point", "support")])
    point = await ContactPoint.get()
    address = {"kind": AddressKind.HOME, "city": "Vilnius"}
    with pytest.raises(ConsentRequired):
        await own.add(PostalAddress, customer.id, address, by=herself.actor)
    office.now += timedelta(days=366)
    with pytest.raises(ConsentRequired):
        await own.change(ContactPoint, point.id, mail(), by=herself.actor)
    assert (await ContactPoint.get()).revision == 1


async def test_a_row_whose_consent_has_run_out_passes_to_one_that_stands(office: Office):
    customer, herself = await somebody(office, [("contact_point", "support")])
    point = await ContactPoint.get()
    later = await office.consent(customer, "contact_point", "billing", days=900)
    office.now += timedelta(days=366)
    await own.change(ContactPoint, point.id, mail(), by=herself.actor)
    assert (await ContactPoint.get()).consent_id == later.id


async def test_what_is_anothers_is_as_what_is_not_there(office: Office):
    await somebody(office)
    _, other = await somebody(office, [])
    officer = await office.employee("privacy_officer", "manager")
    point = await ContactPoint.get()
    for by in (other.actor, officer.actor):
        for id in (point.id, uuid4()):
            for work in (
                own.change(ContactPoint, id, mail(), by=by, revision=1),
                own.change(ContactPoint, id, mail("jone@example.org"), by=by),
                own.remove(ContactPoint, id, by=by, revision=7),
            ):
                with pytest.raises(Refused) as refused:
                    await work
                assert refused.value.code == "FORBIDDEN"
    assert (await ContactPoint.get()).revision == 1


async def test_nobody_adds_to_somebody_else_without_a_task_that_needs_it(office: Office):
    customer, _ = await somebody(office)
    ruta = await office.agent("care")
    await office.task(ruta, customer, "care")
    for by in (ruta, await office.himself(await office.customer())):
        with pytest.raises(Refused):
            await own.add(ContactPoint, customer.id, mail(), by=by.actor)


@pytest.mark.every_database
async def test_a_change_is_tied_to_the_revision_that_was_read(office: Office):
    _, herself = await somebody(office)
    point = await ContactPoint.get()
    await own.change(ContactPoint, point.id, mail(), by=herself.actor, revision=1)
    with pytest.raises(own.ChangedMeanwhile):
        await own.change(ContactPoint, point.id, mail("third@example.org"), by=herself.actor, revision=1)
    with pytest.raises(own.ChangedMeanwhile):
        await own.remove(ContactPoint, point.id, by=herself.actor, revision=1)
    assert (await opened(await ContactPoint.get())).value == NEW


@pytest.mark.every_database
async def test_of_two_changes_at_once_one_is_first(office: Office):
    _, herself = await somebody(office)
    point = await ContactPoint.get()
    done = await asyncio.gather(
        *(
            own.change(ContactPoint, point.id, mail(f"n{number}@example.org"), by=herself.actor, revision=1)
            for number in range(6)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, ContactPoint) for each in done) == 1
    assert sum(isinstance(each, own.ChangedMeanwhile) for each in done) == 5
    assert (await ContactPoint.get()).revision == 2


async def test_that_it_is_right_is_the_customers_word(office: Office):
    customer, herself = await somebody(office)
    point = await ContactPoint.get()
    for value in (NEW, "third@example.org"):
        await own.change(ContactPoint, point.id, mail(value), by=herself.actor)
    said = await Attestation.get(row_id=point.id)
    assert (said.revision, said.category, said.customer_id) == (3, Category.CONTACT_POINT, customer.id)

    await own.remove(ContactPoint, point.id, by=herself.actor)
    assert not await Attestation.filter(row_id=point.id).exists()
    assert not await ContactPoint.all().exists()


async def test_restricted_customers_go_on_changing_what_is_theirs(office: Office):
    customer, herself = await somebody(office, restricted=True)
    await own.add(ContactPoint, customer.id, mail(), by=herself.actor)
    assert await ContactPoint.filter(customer_id=customer.id).count() == 2


async def test_there_is_an_end_to_adding(office: Office):
    customer, herself = await somebody(office, [("preference", "marketing")])
    for number in range(Preference.declared.most - 1):
        await own.add(Preference, customer.id, wish(f"topic {number}", 1), by=herself.actor)
    with pytest.raises(Unfit) as refused:
        await own.add(Preference, customer.id, wish("more", 1), by=herself.actor)
    assert refused.value.code == "TOO_MANY"


HOME = {"kind": AddressKind.HOME}
UNFIT = [
    (ContactPoint, mail("no address"), "EMAIL_INVALID", "value"),
    (ContactPoint, {"kind": ContactKind.PHONE, "value": "12"}, "PHONE_INVALID", "value"),
    (ContactPoint, {"kind": ContactKind.PHONE}, "VALUE_MISSING", "value"),
    (Identity, names(None, "  "), "BAD_USER_INPUT", "familyName"),
    (Identity, names("", ""), "BAD_USER_INPUT", "familyName"),
    (Identity, names("4111 1111 1111 1111", "B"), "CARD_NUMBER_REFUSED", "givenName"),
    (Identity, names("A\u202eB", "B"), "NAME_INVALID", "givenName"),
    (PostalAddress, {**HOME, "postal_code": "1"}, "BAD_USER_INPUT", "street"),
    (PostalAddress, {**HOME, "city": "A", "country": "XX"}, "COUNTRY_INVALID", "country"),
    (PostalAddress, {**HOME, "city": "A", "postal_code": "-"}, "POSTAL_CODE_INVALID", "postalCode"),
    (Preference, wish("books", -1), "BAD_USER_INPUT", "monthlyLimit"),
    (Preference, wish("books", 1, "25:00-26:00"), "BAD_USER_INPUT", "hours"),
    (Preference, wish("cvv 123", 1), "SECURITY_CODE_REFUSED", "topic"),
]


@pytest.mark.parametrize(("model", "values", "code", "field"), UNFIT)
async def test_what_cannot_be_kept_is_told_by_its_field(
    office: Office, model: type[models.Personal], values: dict[str, Any], code: str, field: str
):
    customer, herself = await somebody(office)
    with pytest.raises(ProcedureError) as refused:
        await own.add(model, customer.id, values, by=herself.actor)
    assert (refused.value.code, refused.value.field) == (code, field)
