"""Traces end some days after they were made, and not before."""

from datetime import timedelta

import pytest

from models import Category, Disclosure, MissedLookup, Recipient
from models.event import Event
from policies.actor import utc_now
from procedures import retention
from procedures.current import installation
from procedures.retention import Retention
from tests import ledger
from tests.people import Office


async def missed(office: Office, days: int) -> MissedLookup:
    """One that was missed so many days ago."""
    actor = (await office.agent()).actor
    return await MissedLookup.create(
        actor_id=actor.actor_id, kind="Employee", at=utc_now() - timedelta(days=days), purposes="",
        lookups="node.id", asked=1, found=0, counted=1,
    )  # fmt: skip


async def disclosed(office: Office, days: int, *, told: bool) -> Disclosure:
    """One of so many days ago."""
    at = utc_now() - timedelta(days=days)
    return await Disclosure.create(
        hold_id=(await office.customer()).id, customer_id=(await office.customer()).id, category=Category.ORDER,
        recipient=Recipient.COURT, roles="privacy_officer", at=at, notify_at=at, notified_at=at if told else None,
    )  # fmt: skip


@pytest.mark.every_database
async def test_what_is_over_goes_and_the_rest_stays(office: Office) -> None:
    await missed(office, 91)
    await disclosed(office, 1_096, told=True)
    kept = [await missed(office, 89), await disclosed(office, 1_094, told=True)]
    kept.append(await disclosed(office, 3_000, told=False))

    assert await retention.expire() == 2
    assert await retention.expire() == 0

    left = [*await MissedLookup.all(), *await Disclosure.all()]
    assert {each.id for each in left} == {each.id for each in kept}
    told = await ledger.data(Event.RETENTION_ENDED)
    assert [(each["ending"], each["rows"]) for each in told] == [("missed_lookups", 1), ("disclosures", 1)]


async def test_an_installation_says_how_long_it_keeps_them(office: Office) -> None:
    installation().instance(Retention).missed_lookups = 10
    await missed(office, 11)

    assert await retention.expire() == 1
