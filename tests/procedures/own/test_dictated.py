"""What staff write on the customer's word: what their task needs and they may read, told, sealed, and proof of nothing."""

import json
from datetime import timedelta
from itertools import product
from random import Random

import pytest

import models
from models import (
    PERSONAL,
    Attestation,
    Category,
    Consent,
    ContactPoint,
    Customer,
    Dictation,
    DictationChange,
    Identity,
    LedgerEntry,
    PostalAddress,
    Purpose,
    Task,
    TaskStatus,
    opened,
)
from models.errors import ProcedureError, Unfit
from models.event import Event
from policies.errors import Refused
from policies.policy import in_force
from procedures import consent as consents
from procedures import own
from procedures.errors import RateLimited
from procedures.own import contact_point, dictated
from schema.reading import encode
from tests import ledger
from tests.campaigns import Campaign
from tests.people import Office, Someone
from tests.procedures.dictating import (
    MAIL,
    NOTES,
    READ,
    SAID,
    at_work,
    only,
    told,
    verified,
    written,
)

STATES = (
    "stands", "none", "withdrawn", "suspended", "over", "their own", "another purpose", "restricted", "overdue", "closed",
)  # fmt: skip
PEOPLE = ("agent", "manager", "partner", "another customer")


async def person(office: Office, kind: str, customer: Customer, purpose: str) -> Someone:
    """Somebody of a kind; agents and partners with a task for the purpose."""
    if kind == "another customer":
        return await office.himself(await office.customer())
    if kind == "manager":
        return (await office.employee("manager")).stating(purpose)
    if kind == "agent":
        somebody = await office.agent(purpose)
        await office.task(somebody, customer, purpose)
        return somebody
    partner = await office.partner()
    agreement = await office.agreement(partner, purpose, *NOTES)
    somebody = await office.partner_client(partner, purpose)
    await office.task(somebody, customer, purpose, agreement=agreement)
    return somebody


async def brought_to(state: str, office: Office, customer: Customer, category: str, who: Someone) -> None:
    """Make a state of a customer whose consent to the category stands."""
    consents, tasks = Consent.filter(customer_id=customer.id), Task.filter(customer_id=customer.id)
    past = office.now - timedelta(minutes=1)
    if state in ("none", "another purpose"):
        await PERSONAL[Category(category)].filter(customer_id=customer.id).delete()
        await consents.delete()
        if state == "another purpose":
            other = await office.consent(customer, category, "care")
            await Consent.filter(id=other.id).update(purpose=Purpose.CARE)
    elif state == "withdrawn":
        await PERSONAL[Category(category)].filter(customer_id=customer.id).delete()
        await consents.update(state="WITHDRAWN", permits=False, denies=True)
    elif state == "suspended":
        said = await models.Instruction.create(
            customer_id=customer.id, kind="WITHDRAW", consent_category=category, special=False,
            content=models.InstructionContent("a letter"), recorded_by_id=who.actor.actor_id,
            recorded_at=office.now, due_at=office.now + timedelta(days=9),
        )  # fmt: skip
        await consents.update(suspended_by_id=said.id)
    elif state == "over":
        await consents.update(expires_at=past)
    elif state == "their own":
        await consents.update(recorded_by_id=who.actor.actor_id)
    elif state == "restricted":
        await Customer.filter(id=customer.id).update(restricted=True)
    elif state == "overdue":
        await tasks.update(due_at=past)
    elif state == "closed":
        await tasks.update(status=TaskStatus.CLOSED)


CASES = list(
    product(map(str, [each.value for each in Purpose if each.value != "care"]), READ, STATES, PEOPLE)
)


@pytest.mark.every_database
async def test_what_is_written_is_what_is_read_for_the_task(office: Office, campaign: Campaign):
    """Every purpose, category, state of the word and of the task, and person; a partner writes down what was said alone."""
    likely = [case for case in CASES if case[2:] in (("stands", "agent"), ("stands", "partner"))]
    drawn = Random(7).sample(CASES, campaign.of(short=30, long=len(CASES)))  # noqa: S311 chance here keeps no secret
    cases = sorted({*drawn, *Random(8).sample(likely, campaign.of(short=10, long=len(likely)))})  # noqa: S311 the same
    for purpose, category, state, kind in cases:
        customer = await office.customer([(category, purpose)])
        who = await person(office, kind, customer, purpose)
        await brought_to(state, office, customer, category, who)
        needed = (purpose, category.value) in in_force().needs and state == "stands"
        reads = await who.reads(customer, READ[category])

        wrote = await _writes(category, customer, who)

        case = (purpose, category.value, state, kind)
        assert wrote is (needed and (kind == "agent" or (kind, category) == ("partner", "interaction"))), case
        assert reads.granted or not wrote, case
        assert (kind != "agent") or reads.granted is wrote, case
        assert len(await told(customer)) in (
            (1, 2) if wrote and category == "contact_point" else (int(wrote),)
        )
        assert await Dictation.filter(customer_id=customer.id).count() == int(wrote)
    campaign.tried(len(cases), "writings on a customer's word")


async def _writes(category: Category, customer: Customer, who: Someone) -> bool:
    try:
        await written(category, customer, who.actor)
    except Refused:
        return False
    return True


async def test_what_is_left_out_of_a_change_stays(office: Office):
    ruta, customer = await at_work(office, "delivery", "postal_address", "identity")
    row = await PostalAddress.get()
    await own.change(PostalAddress, row.id, {"city": "Kaunas"}, by=ruta.actor, evidence=SAID)
    await own.add(Identity, customer.id, {"family_name": "Žalgirienė"}, by=ruta.actor, evidence=SAID)

    content = await opened(await PostalAddress.get())
    assert (content.street, content.city, content.postal_code) == ("Pilies g. 1", "Kaunas", "01123")
    name = await opened(await Identity.get())
    assert (name.given_name, name.family_name) == ("Jonė", "Žalgirienė")
    with pytest.raises(Unfit):
        await own.change(PostalAddress, row.id, {"kind": None}, by=ruta.actor, evidence=SAID)


async def test_the_former_address_and_the_new_one_are_told_and_nothing_is_verified(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    point = await verified(customer, office.now)
    await Attestation.create(
        customer_id=customer.id, category="contact_point", row_id=point.id, revision=1, at=office.now
    )
    await own.change(ContactPoint, point.id, {"value": MAIL}, by=ruta.actor, evidence=SAID)

    after = await ContactPoint.get()
    assert (after.source, after.collected_by, after.verified_at) == ("dictated", ruta.actor.actor_id, None)
    assert not await Attestation.exists()
    assert await told(customer) == [MAIL, "jone@example.org"]


async def test_who_changes_an_address_does_not_keep_the_customer_from_hearing_of_the_rest(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point", "identity")
    point = await verified(customer, office.now)
    await own.change(ContactPoint, point.id, {"value": MAIL}, by=ruta.actor, evidence=SAID)
    office.now += timedelta(minutes=1)
    await own.add(Identity, customer.id, {"family_name": "Nobody"}, by=ruta.actor, evidence=SAID)

    assert (await told(customer))[2:] == ["jone@example.org"]
    await verified(customer, office.now)
    office.now += timedelta(minutes=1)
    notice = await office.notice("support")
    await consents.give(
        customer.id, Category.ORDER, Purpose.SUPPORT, notice.id, by=ruta.actor, evidence="by telephone"
    )
    herself = await office.himself(customer)
    await own.add(ContactPoint, customer.id, {"kind": "EMAIL", "value": "x@example.org"}, by=herself.actor)
    changed = await models.Message.filter(template=models.Template.CONTACT_POINT_CHANGED)
    assert {(await opened(each)).address for each in changed} == {MAIL, "jone@example.org"}
    recorded = await models.Message.filter(template=models.Template.CONSENT_RECORDED)
    assert {(await opened(each)).address for each in recorded} == {MAIL, "jone@example.org"}


async def test_how_the_customer_said_so_is_asked_for_and_read_by_the_customer_alone(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    for evidence in (None, "", "  ", "4111 1111 1111 1111"):
        with pytest.raises(Unfit) as refused:
            await own.add(
                ContactPoint, customer.id, {"kind": "EMAIL", "value": MAIL}, by=ruta.actor, evidence=evidence
            )
        assert refused.value.field == "evidence"
    assert not await Dictation.exists()
    await written(Category.CONTACT_POINT, customer, ruta.actor)

    parts = "{ category change evidence recordedRoles recordedBy { name } recordId state }"
    document = f"query ($id: ID!) {{ customer(id: $id) {{ dictations {parts} }} }}"
    herself, officer = await office.himself(customer), await office.employee("privacy_officer")
    seen, shown = [
        (await who.asks(document, id=encode("Customer", customer.id))).data["customer"]["dictations"][0]
        for who in (herself, officer)
    ]
    assert (seen["evidence"], seen["recordedRoles"], seen["recordedBy"]) == (SAID, ["AGENT"], None)
    assert (shown["evidence"], shown["state"]) == (None, "STANDS")
    assert shown["recordedBy"]["name"] == (await models.Employee.get(actor_id=ruta.actor.actor_id)).name


async def test_no_value_is_in_the_ledger(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point", "interaction", "order", "identity")
    for category in (Category.CONTACT_POINT, Category.INTERACTION, Category.ORDER, Category.IDENTITY):
        await written(category, customer, ruta.actor)

    entries = json.dumps([bytes(each.entry).decode() for each in await LedgerEntry.all()])
    for value in (MAIL, SAID, "She asked", "A book", "12.50", "Žalgirienė"):
        assert value not in entries
    assert len(await ledger.data(Event.DICTATION_RECORDED)) == 4


async def test_an_address_that_staff_wrote_brings_them_no_code(office: Office):
    ruta, customer = await at_work(office, "verification", "contact_point")
    point = await written(Category.CONTACT_POINT, customer, ruta.actor)
    colleague = await office.agent("verification")
    await office.task(colleague, customer, "verification")
    for work in (
        contact_point.verify(point.id, by=ruta.actor),
        contact_point.confirm(point.id, "123456", by=ruta.actor, address="192.0.2.1"),
        own.double_opt_in.begin(
            point.id, [Category.IDENTITY], Purpose.VERIFICATION, (await office.notice("verification")).id,
            by=ruta.actor,
        ),
    ):  # fmt: skip
        with pytest.raises(Refused):
            await work
    with pytest.raises(ProcedureError) as there_is_no_channel_here:
        await contact_point.verify(point.id, by=colleague.actor)
    assert there_is_no_channel_here.value.code == "CHANNEL_UNAVAILABLE"


async def test_so_much_is_not_written_in_a_day(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dictated, "A_DAY_OF_ONE", 3)
    ruta, customer = await at_work(office, "support", "interaction")
    for _ in range(3):
        await written(Category.INTERACTION, customer, ruta.actor)
    with pytest.raises(RateLimited):
        await written(Category.INTERACTION, customer, ruta.actor)
    colleague = await office.agent("support")
    await office.task(colleague, customer, "support")
    await written(Category.INTERACTION, customer, colleague.actor)
    office.now += timedelta(days=1)
    await written(Category.INTERACTION, customer, ruta.actor)


async def test_whoever_left_is_not_written_of(office: Office):
    ruta, customer = await at_work(office, "support", "interaction", "contact_point")
    await Customer.filter(id=customer.id).update(status=models.CustomerStatus.WITHDRAWN)
    for category in (Category.INTERACTION, Category.CONTACT_POINT):
        with pytest.raises(ProcedureError):
            await written(category, customer, ruta.actor)
    assert not await Dictation.exists()


async def test_what_staff_repeat_changes_nothing_and_tells_nothing(office: Office):
    ruta, customer = await at_work(office, "support", "contact_point")
    for _ in range(3):
        await written(Category.CONTACT_POINT, customer, ruta.actor)
    assert (await Dictation.all().count(), await ContactPoint.all().count()) == (1, 2)
    assert (await only()).change is DictationChange.ADDED


async def test_several_purposes_do_not_mix(office: Office):
    """A task for one purpose and a consent for another let nothing be written."""
    customer = await office.customer([("order", "sales")])
    ruta = await office.agent("billing", "sales")
    await office.task(ruta, customer, "billing")
    assert not await _writes(Category.ORDER, customer, ruta)
    await office.task(ruta, customer, "sales")
    assert await _writes(Category.ORDER, customer, ruta)
