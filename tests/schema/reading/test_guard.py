"""What comes through the one door."""

from datetime import timedelta

import pytest

from models import Consent, Outcome
from procedures.consent import consent as consents
from procedures.task import task as tasks
from schema.reading.released import Unminted
from schema.task import Task
from tests.people import Office

pytestmark = pytest.mark.every_database

ALL = [
    ("identity", "support"),
    ("contact_point", "support"),
    ("interaction", "support"),
    ("order", "support"),
]


async def test_an_open_task_and_a_consent_open_a_field(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer([("contact_point", "support")])
    await office.task(ruta, customer, "support")

    assert (await ruta.reads(customer, "contactPoints.value")).value == ["jone@example.org"]


async def test_a_closed_task_opens_no_door(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer([("contact_point", "support")])
    task = await office.task(ruta, customer, "support")
    assert (await ruta.reads(customer, "contactPoints.value")).granted

    await tasks.close(task.id, Outcome.DONE, by=ruta.actor)

    assert (await ruta.reads(customer, "contactPoints.value")).absent


async def test_a_withdrawn_consent_closes_the_category(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer(ALL)
    await office.task(ruta, customer, "support")
    jone = await office.himself(customer)
    consent = await Consent.get(customer_id=customer.id, category="contact_point")

    await consents.withdraw(consent.id, by=jone.actor)

    assert (await ruta.reads(customer, "contactPoints.value")).reason == "NO_CONSENT"
    assert (await ruta.reads(customer, "identity.givenName")).granted


async def test_a_consent_that_runs_out_while_a_list_is_read_closes_what_is_read_after(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer([("contact_point", "support")])
    await office.task(ruta, customer, "support", days=400)

    office.now += timedelta(days=366)

    assert (await ruta.reads(customer, "contactPoints.value")).reason == "NO_CONSENT"


async def test_a_purpose_without_a_task_opens_nothing(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer(ALL)

    assert (await ruta.reads(customer, "contactPoints.value")).absent


async def test_a_task_without_its_purpose_stated_opens_nothing(office: Office) -> None:
    ruta = await office.agent()
    customer = await office.customer(ALL)
    await office.task(ruta, customer, "support")

    assert (await ruta.reads(customer, "contactPoints.value")).absent
    assert (await ruta.stating("sales").reads(customer, "contactPoints.value")).absent


async def test_a_colleagues_task_opens_nothing(office: Office) -> None:
    ruta, tomas = await office.agent("support"), await office.agent("support")
    customer = await office.customer(ALL)
    await office.task(tomas, customer, "support")

    assert (await ruta.reads(customer, "contactPoints.value")).absent


async def test_what_the_purpose_does_not_need_stays_closed(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer([("postal_address", "support")])
    await office.task(ruta, customer, "support")

    assert (await ruta.reads(customer, "postalAddresses.city")).reason == "NOT_NEEDED_FOR_PURPOSE"


async def test_consent_for_one_purpose_is_none_for_another(office: Office) -> None:
    ruta = await office.agent("marketing", "support")
    customer = await office.customer([("contact_point", "support")])
    await office.task(ruta, customer, "marketing")

    assert (await ruta.reads(customer, "contactPoints.value")).reason == "NO_CONSENT"


async def test_restricted_data_are_kept_and_not_used(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer(ALL, restricted=True)
    await office.task(ruta, customer, "support")

    assert (await ruta.reads(customer, "contactPoints.value")).reason == "RESTRICTED"


async def test_a_manager_sees_the_anchor_and_not_the_person(office: Office) -> None:
    manager = await office.employee("manager", purposes=["support"])
    customer = await office.customer(ALL)

    assert (await manager.reads(customer, "number")).granted
    assert (await manager.reads(customer, "contactPoints.value")).reason == "NO_TASK"


async def test_whoever_states_no_purpose_is_told_so(office: Office) -> None:
    manager = await office.employee("manager")
    customer = await office.customer(ALL)

    assert (await manager.reads(customer, "identity.givenName")).reason == "PURPOSE_REQUIRED"


async def test_an_administrator_sees_no_customer(office: Office) -> None:
    administrator = await office.employee("administrator", purposes=["support"])
    customer = await office.customer(ALL)

    assert (await administrator.reads(customer, "number")).absent


async def test_customers_see_all_their_data_without_any_purpose(office: Office) -> None:
    customer = await office.customer(
        [*ALL, ("postal_address", "delivery"), ("preference", "marketing")], restricted=True
    )
    jone = await office.himself(customer)

    for path in ("identity.familyName", "contactPoints.value", "postalAddresses.city", "preferences.topic",
                 "interactions.body", "orders.total"):  # fmt: skip
        assert (await jone.reads(customer, path)).granted, path


async def test_customers_do_not_see_each_other(office: Office) -> None:
    customer, other = await office.customer(ALL), await office.customer(ALL)
    jone = await office.himself(customer)

    assert (await jone.reads(other, "number")).absent
    answer = await jone.asks("{ customers { nodes { number } } }")
    assert [node["number"] for node in answer.data["customers"]["nodes"]] == [customer.number]


async def test_a_subcontractor_sees_the_fields_its_agreement_names_and_no_others(office: Office) -> None:
    partner = await office.partner()
    agreement = await office.agreement(partner, "delivery", "postal_address.street", "postal_address.city")
    van = await office.partner_client(partner, "delivery")
    customer = await office.customer([("postal_address", "delivery"), ("contact_point", "delivery")])
    await office.task(van, customer, "delivery", agreement=agreement)

    assert (await van.reads(customer, "postalAddresses.city")).value == ["Vilnius"]
    assert (await van.reads(customer, "postalAddresses.postalCode")).value == [None]
    assert (await van.reads(customer, "contactPoints.value")).reason == "NOT_AVAILABLE"


@pytest.mark.parametrize("flaw", ["unsigned", "ended", "another's", "missing"])
async def test_a_subcontractor_without_a_binding_agreement_sees_nothing(office: Office, flaw: str) -> None:
    partner, other = await office.partner(), await office.partner()
    agreement = await office.agreement(
        other if flaw == "another's" else partner,
        "delivery",
        "postal_address.city",
        signed=flaw != "unsigned",
        days=1,
    )
    van = await office.partner_client(partner, "delivery")
    customer = await office.customer([("postal_address", "delivery")])
    task = await office.task(van, customer, "delivery", agreement=None if flaw == "missing" else agreement)
    if flaw == "ended":
        office.now += timedelta(days=1)

    assert (await van.reads(customer, "postalAddresses.city")).absent
    answer = await van.asks("{ tasks { nodes { id } } }")
    assert answer.data["tasks"]["nodes"] == [], task


async def test_narrowing_an_agreement_takes_effect_at_once(office: Office) -> None:
    partner = await office.partner()
    agreement = await office.agreement(partner, "delivery", "postal_address.street", "postal_address.city")
    van = await office.partner_client(partner, "delivery")
    customer = await office.customer([("postal_address", "delivery")])
    await office.task(van, customer, "delivery", agreement=agreement)

    await agreement.terms.filter(field="city").delete()

    assert (await van.reads(customer, "postalAddresses.city")).value == [None]
    assert (await van.reads(customer, "postalAddresses.street")).granted


async def test_a_stranger_sees_notices_and_nothing_else(office: Office) -> None:
    customer = await office.customer(ALL)
    stranger = office.stranger()

    assert (await stranger.reads(customer, "number")).absent
    assert (await stranger.asks("{ customers { nodes { number } } }")).codes == ["UNAUTHENTICATED"]
    answer = await stranger.asks("{ me { __typename } notices { nodes { purpose } } }")
    assert answer.data == {"me": None, "notices": {"nodes": [{"purpose": "SUPPORT"}]}}


async def test_withheld_fields_are_counted_by_field_and_reason(office: Office) -> None:
    manager = await office.employee("manager", purposes=["support"])
    await office.customer(ALL)
    await office.customer(ALL)

    answer = await manager.asks("{ customers { nodes { number orders { total } } } }")

    assert answer.extensions["withheld"] == [{"field": "Customer.orders", "reason": "NO_TASK", "count": 2}]


async def test_one_statement_reads_each_type_at_each_level(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    ruta = await office.agent("support")
    for _ in range(5):
        await office.task(ruta, await office.customer(ALL), "support")

    with caplog.at_level("DEBUG", logger="tortoise.db_client"):
        answer = await ruta.asks(
            "{ customers { nodes { number identity { familyName } contactPoints { value } orders { total } } } }"
        )

    assert len(answer.data["customers"]["nodes"]) == 5
    asked = [record.message for record in caplog.records if record.message.startswith(("SELECT", "WITH"))]
    asked = [sql for sql in asked if " FROM ledger_head " not in sql and "differences" not in sql]
    # Each says as well which tasks, and which break-glass, it was read by.
    assert len([sql for sql in asked if " FROM rings " not in sql]) == 4
    assert len(asked) == 5, "the rings of all customers of the page, once"


def test_nobody_but_the_guard_makes_a_view() -> None:
    with pytest.raises(Unminted):
        Task(purpose=None)


async def test_aliases_fragments_and_directives_are_decided_alike(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer(ALL)
    await office.task(ruta, customer, "support")

    answer = await ruta.asks(
        """query ($no: Boolean!) { customers { nodes { ...Names again: identity { first: givenName }
             orders @include(if: $no) { total } ... on Guarded { id } ... on Customer { contactPoints { value } } } } }
           fragment Names on Customer { identity { familyName ... on Identity { companyName } } }""",
        no=False,
    )

    assert not answer.errors
    (node,) = answer.data["customers"]["nodes"]
    assert node["identity"] == {"familyName": "Kazlauskaitė", "companyName": "Baltija"}
    assert node["again"] == {"first": "Jonė"}
    assert "orders" not in node
