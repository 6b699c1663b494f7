"""Somebody who does not know their number is found at the desk, and nothing else is learnt of them."""

import json
from datetime import timedelta
from typing import Any

import pytest

import models
from models import CustomerStatus, DeskLookup, Finding
from models.event import Event
from procedures.current import installation
from procedures.front_desk import DeskBounds, desk_lookup, tell, wanted
from schema.reading import encode
from tests import accounts, ledger
from tests.mailbox import Mailbox
from tests.people import Office, Someone

LOOK_UP = """mutation ($i: DeskLookupMakeInput!) {
  deskLookupMake(input: $i) { customers { number customerId } userErrors { code field } } }"""
OPEN = """mutation ($id: ID!, $purpose: Purpose!) {
  taskOpen(input: {customerId: $id, purpose: $purpose}) { task { id } userErrors { code } } }"""
LOG = "query ($me: ID!) { accessLog(customerId: $me) { nodes { actorKind actorRoles fields foundBy taskIds } } }"
NAMES = {"givenName": "jonė", "familyName": "KAZLAUSKAITĖ"}
WAYS: list[tuple[dict[str, str], str]] = [
    ({"email": " Jone@Example.org"}, "EMAIL"),
    ({"phone": "+370 (600) 12345"}, "PHONE"),
    ({"phone": "00370 600 12345"}, "PHONE"),
    ({"personalCode": "490 0101 0001"}, "PERSONAL_CODE"),
    ({**NAMES, "birthDate": "1990-01-01"}, "NAME_AND_BIRTH_DATE"),
    ({**NAMES, "street": "pilies g 1", "city": "vilnius"}, "NAME_AND_ADDRESS"),
    ({**NAMES, "street": "Pilies g. 1", "postalCode": "01123"}, "NAME_AND_ADDRESS"),
]
#: What fits nobody, each by one thing alone.
OTHERS: list[dict[str, str]] = [
    {"email": "jone@example.com"},
    {"phone": "600 12345"},
    {"personalCode": "49001010002"},
    {**NAMES, "birthDate": "1990-01-02"},
    {**NAMES, "givenName": "Ona", "birthDate": "1990-01-01"},
    {**NAMES, "street": "Pilies g. 1", "city": "Kaunas"},
    {**NAMES, "street": "Pilies g. 11", "postalCode": "01123"},
]
#: By what nobody is looked up.
TOO_LITTLE: list[dict[str, str]] = [
    {},
    NAMES,
    {"familyName": "Kazlauskaitė", "birthDate": "1990-01-01"},
    {**NAMES, "city": "Vilnius"},
    {**NAMES, "postalCode": "01123"},
    {"street": "Pilies g. 1", "city": "Vilnius"},
    {"email": "jone@example.org", "phone": "+37060012345"},
    {"email": "jone@example.org", "birthDate": "1990-01-01"},
    {"email": " "},
    {"phone": "+"},
]


async def jone(office: Office, **values: Any) -> models.Customer:
    """A customer of whom everything is kept by which somebody is found."""
    wanted = [
        (each, "verification") for each in ("identity", "personal_code", "contact_point", "postal_address")
    ]
    customer = await office.customer(wanted, **values)
    consent = await models.Consent.get(customer_id=customer.id, category="contact_point")
    phone = models.ContactPoint.Content("+37060012345")
    await office.row(customer, consent, kind="PHONE", content=phone, value_index=phone.value)
    return customer


async def looked_up(who: Someone, wanted: dict[str, str]) -> list[str]:
    """The numbers of the customers who were found, or the code of the error."""
    answer = await who.asks(LOOK_UP, i=wanted)
    if answer.errors:
        return answer.codes
    payload = answer.data["deskLookupMake"]
    return [each["code"] for each in payload["userErrors"]] or [
        each["number"] for each in payload["customers"]
    ]


@pytest.mark.every_database
async def test_each_way_finds_the_customer_and_whoever_differs_is_not_found(office: Office) -> None:
    ruta, customer = await office.employee("front_desk"), await jone(office)

    assert [await looked_up(ruta, wanted) for wanted, _ in WAYS] == [[customer.number]] * len(WAYS)
    assert [await looked_up(ruta, given) for given in OTHERS] == [[]] * len(OTHERS)
    assert [await looked_up(ruta, given) for given in TOO_LITTLE] == [["LOOKUP_UNFIT"]] * len(TOO_LITTLE)


async def test_the_customer_sees_who_found_them_and_how_and_nobody_keeps_the_value(office: Office) -> None:
    ruta, customer = await office.employee("front_desk"), await jone(office)
    for given, _ in WAYS:
        await looked_up(ruta, given)

    herself = await office.himself(customer)
    answer = await herself.asks(LOG, me=encode("Customer", customer.id))

    seen = answer.data["accessLog"]["nodes"]
    assert sorted(each["foundBy"] for each in seen) == sorted(way for _, way in WAYS)
    assert {json.dumps({**each, "foundBy": None}) for each in seen} == {
        json.dumps(
            {
                "actorKind": "EMPLOYEE", "actorRoles": ["FRONT_DESK"], "fields": ["Customer.number"], "foundBy": None,
                "taskIds": [],
            }
        )
    }  # fmt: skip
    entries = await ledger.data(Event.DESK_LOOKUP_MADE)
    assert entries[0] == {"way": "EMAIL", "customers": [str(customer.id)]}
    kept = json.dumps(entries) + repr(await DeskLookup.all().values()) + repr(await Finding.all().values())
    assert not any(
        value.strip(" ").lower() in kept.lower() for wanted, _ in WAYS for value in wanted.values()
    )


async def test_a_miss_is_in_no_access_log_and_in_the_ledger_without_a_customer(office: Office) -> None:
    ruta = await office.employee("front_desk")
    await jone(office)

    assert await looked_up(ruta, OTHERS[0]) == []

    assert await ledger.data(Event.DESK_LOOKUP_MADE) == [{"way": "EMAIL", "customers": []}]
    assert not await models.Access.exists()


async def test_who_restricted_is_found_and_who_left_is_not(office: Office) -> None:
    ruta, customer = await office.employee("front_desk"), await jone(office, restricted=True)
    assert await looked_up(ruta, WAYS[0][0]) == [customer.number]

    await models.Customer.all().update(status=CustomerStatus.WITHDRAWN)

    assert await looked_up(ruta, WAYS[0][0]) == []


async def test_nobody_else_finds_anybody(office: Office) -> None:
    customer = await jone(office)
    partner = await office.partner()
    others = [
        await office.agent("support"), await office.employee("manager"), await office.employee("privacy_officer"),
        await office.employee("administrator"), await office.himself(customer), await office.partner_client(partner),
    ]  # fmt: skip

    assert [await looked_up(each, WAYS[0][0]) for each in others] == [["FORBIDDEN"]] * len(others)
    assert await looked_up(office.stranger(), WAYS[0][0]) == ["UNAUTHENTICATED"]
    assert not await DeskLookup.exists()


async def test_the_desk_sees_nothing_of_whom_it_found(office: Office) -> None:
    ruta, customer = await office.employee("front_desk", purposes=["support"]), await jone(office)
    await looked_up(ruta, WAYS[0][0])

    assert (await ruta.reads(customer, "number")).absent
    answer = await ruta.asks(
        "{ customers { nodes { number } } tasks { nodes { id } } deskLookups { nodes { at } } }"
    )
    assert [each["nodes"] for each in answer.data.values()] == [[], [], []]


async def test_several_who_share_an_address_are_all_found_and_more_than_five_are_not(office: Office) -> None:
    ruta = await office.employee("front_desk")
    family = [await jone(office) for _ in range(5)]
    assert await looked_up(ruta, WAYS[0][0]) == sorted(each.number for each in family)

    await jone(office)

    assert await looked_up(ruta, WAYS[0][0]) == ["TOO_MANY_FOUND"]
    assert (await ledger.data(Event.DESK_LOOKUP_MADE))[-1] == {"way": "EMAIL", "customers": []}


@pytest.mark.every_database
async def test_of_a_name_that_too_many_bear_no_row_is_opened(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruta = await office.employee("front_desk")
    namesakes = [await jone(office) for _ in range(3)]
    monkeypatch.setattr(wanted, "LOOKED_AT", 3)
    assert await looked_up(ruta, WAYS[-1][0]) == sorted(each.number for each in namesakes)

    monkeypatch.setattr(wanted, "LOOKED_AT", 2)
    monkeypatch.setattr(wanted, "MOST", 2)
    monkeypatch.setattr(desk_lookup, "MOST", 2)
    opened: list[Any] = []
    monkeypatch.setattr(wanted, "opened", opened.append)

    assert await looked_up(ruta, WAYS[-1][0]) == ["TOO_MANY_FOUND"]
    assert opened == []
    assert (await ledger.data(Event.DESK_LOOKUP_MADE))[-1] == {"way": "NAME_AND_ADDRESS", "customers": []}


async def test_a_task_is_opened_for_an_hour_for_whom_one_found_and_what_people_come_for(
    office: Office,
) -> None:
    ruta, other = [await office.employee("front_desk") for _ in range(2)]
    customer = await jone(office)
    id = encode("Customer", customer.id)
    assert (await ruta.asks(OPEN, id=id, purpose="SUPPORT")).codes == ["FORBIDDEN"]
    await looked_up(ruta, WAYS[0][0])

    assert (await other.asks(OPEN, id=id, purpose="SUPPORT")).codes == ["FORBIDDEN"]
    assert (await ruta.asks(OPEN, id=id, purpose="CARE")).codes == ["FORBIDDEN"]
    opened = await ruta.asks(OPEN, id=id, purpose="SUPPORT")
    assert opened.data["taskOpen"]["userErrors"] == []
    office.now += timedelta(hours=1)
    assert (await ruta.asks(OPEN, id=id, purpose="SUPPORT")).codes == ["FORBIDDEN"]
    (task,) = await models.Task.all()
    assert (task.purpose, task.assignee_id, task.opened_by_id) == ("support", None, ruta.actor.actor_id)


async def test_nobody_gives_a_task_to_the_desk(office: Office) -> None:
    ruta, ona = await office.employee("front_desk", "agent"), await office.employee("manager")
    task = await office.task(None, await jone(office), "support")

    answer = await ona.asks(
        "mutation ($i: TaskAssignInput!) { taskAssign(input: $i) { userErrors { code } } }",
        i={"taskId": encode("Task", task.id), "assigneeId": encode("Employee", _employee(ruta).id)},
    )

    assert answer.data["taskAssign"]["userErrors"] == [{"code": "NOT_FOUND"}]


async def test_so_many_are_looked_up_in_a_day_and_a_miss_counts_four_times(office: Office) -> None:
    installation().instance(DeskBounds).a_day = 12
    ruta, other, customer = (
        await office.employee("front_desk"),
        await office.employee("front_desk"),
        await jone(office),
    )
    for _ in range(2):
        await looked_up(ruta, OTHERS[0])
    for _ in range(4):
        assert await looked_up(ruta, WAYS[0][0]) == [customer.number]
    office.now += timedelta(minutes=1)

    assert await looked_up(ruta, WAYS[0][0]) == ["RATE_LIMITED"]
    assert await looked_up(other, WAYS[0][0]) == [customer.number]
    office.now += timedelta(hours=24)
    assert await looked_up(ruta, WAYS[0][0]) == [customer.number]


@pytest.mark.usefixtures("sending")
async def test_who_fishes_is_told_of_to_privacy_officers_once(office: Office, inbox: Mailbox) -> None:
    await accounts.employee(
        "ona@savas.example", "Ona", [models.Role("privacy_officer")], "correct horse battery"
    )
    installation().instance(DeskBounds).a_day = 16
    ruta = await office.employee("front_desk")
    for _ in range(4):
        await looked_up(ruta, OTHERS[0])

    await tell()
    await tell()

    assert inbox.recipients == ["ona@savas.example"]
    assert await ledger.data(Event.DESK_LOOKUP_ALARMED) == [{"counted": 12}]
    assert await ledger.data(Event.DESK_LOOKUP_NOTIFIED) == [
        {"actor": str(ruta.actor.actor_id), "officers": 1}
    ]
    officer = await office.employee("privacy_officer")
    answer = await officer.asks(
        "{ deskLookups(filter: {alarm: true}) { nodes { way found counted employee { name } } } }"
    )
    assert answer.data["deskLookups"]["nodes"] == [
        {"way": "EMAIL", "found": 0, "counted": 4, "employee": {"name": _employee(ruta).name}}
    ]


def _employee(who: Someone) -> models.Employee:
    assert isinstance(who.record, models.Employee)
    return who.record
