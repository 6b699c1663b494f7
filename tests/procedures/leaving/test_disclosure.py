"""What the law makes us keep is disclosed by the privacy officer, to whom the law says, and the customer is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models import Category, Disclosure, LegalHold, Message, Recipient, Secrecy, Template
from models.errors import Unfit
from models.event import Event
from policies.actor import Channel
from policies.errors import Refused
from procedures.errors import NotFound
from procedures.leaving import disclosure, legal_hold
from procedures.leaving.disclosure import Secret
from schema.reading import encode
from tests import ledger
from tests.people import Office
from tests.procedures.holds import Kept, disclosed_by, kept

LOG = "query ($id: ID!) { accessLog(customerId: $id, first: 100) { nodes { fields actorRoles } } }"


@pytest.fixture
async def who(office: Office) -> Kept:
    """A customer of whom an address is held back."""
    found = await kept(office)
    await found.withdrawn()
    return found


async def disclosures_seen(who: Kept) -> list[str]:
    """What the customer's access log says was given away, by the fields."""
    answer = await who.himself.asks(LOG, id=encode("Customer", who.customer.id))
    assert not answer.errors, answer.errors
    return [
        " ".join(each["fields"])
        for each in answer.data["accessLog"]["nodes"]
        if each["actorRoles"] == ["PRIVACY_OFFICER"]
    ]


async def test_what_is_disclosed_stands_in_the_access_log_and_a_message_says_so(who: Kept):
    assert await who.disclosed() == ["jone@example.org"]

    (seen,) = await disclosures_seen(who)
    assert "ContactPoint.value" in seen
    assert (
        await Message.filter(customer_id=who.customer.id, template=Template.HELD_DATA_DISCLOSED).count() == 1
    )
    (entry,) = await ledger.data(Event.LEGAL_HOLD_DISCLOSED)
    assert (entry["recipient"], entry["secrecy"], entry["rows"]) == ("COURT", None, 1)


async def test_what_the_law_forbids_to_tell_is_told_on_its_day(who: Kept):
    until = who.office.now + timedelta(days=60)
    at_console = replace(who.officer.actor, channel=Channel.CONSOLE)
    secret = Secret(Secrecy.INVESTIGATION, until)
    await disclosure.disclose(
        who.hold.id, Recipient.AUTHORITY, list[object]().append, by=at_console, secret=secret
    )
    messages = Message.filter(customer_id=who.customer.id, template=Template.HELD_DATA_DISCLOSED)

    assert await disclosure.keep(clock=lambda: until - timedelta(seconds=1)) == 0
    assert (await disclosures_seen(who), await messages.count()) == ([], 0)

    assert await disclosure.keep(clock=lambda: until) == 1
    assert await disclosure.keep(clock=lambda: until) == 0
    assert (len(await disclosures_seen(who)), await messages.count()) == (1, 1)


async def test_secrecy_ends_on_a_day_to_come(who: Kept):
    at_console = replace(who.officer.actor, channel=Channel.CONSOLE)
    past = Secret(Secrecy.PROCEEDINGS, who.office.now)

    with pytest.raises(Unfit):
        await disclosure.disclose(who.hold.id, Recipient.COURT, print, by=at_console, secret=past)


async def test_nobody_but_the_privacy_officer_at_the_console_discloses(who: Kept):
    told: list[dict[str, object]] = []
    for other in (
        await who.office.employee("manager"),
        await who.office.employee("administrator"),
        who.himself,
    ):
        with pytest.raises(Refused):
            await disclosed_by(other, who.hold, told.append)
    with pytest.raises(Refused):
        await disclosure.disclose(who.hold.id, Recipient.COURT, told.append, by=who.officer.actor)

    assert (told, await Disclosure.all().count()) == ([], 0)


async def test_a_hold_that_has_ended_discloses_nothing(who: Kept):
    await legal_hold.end(who.hold.id, by=who.officer.actor)

    with pytest.raises(NotFound):
        await who.disclosed()


async def test_who_has_left_is_in_the_log_although_no_message_reaches_them(who: Kept):
    hold = await LegalHold.get(id=who.hold.id)
    await type(who.customer).filter(id=hold.customer_id).update(status="WITHDRAWN")

    await who.disclosed()

    (told,) = await ledger.data(Event.DISCLOSURE_NOTIFIED)
    assert told["category"] == Category.CONTACT_POINT
    assert not await Message.filter(template=Template.HELD_DATA_DISCLOSED).exists()
