"""Processes that are started with a wrong clock destroy nothing, and leave no damage once it is right."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from models import ClockDoubt, Consent, ContactPoint, Customer, Employee, Export, Intake, LegalHold, Task
from models.database import transaction
from models.keys import keyring
from policies.actor import utc_now
from procedures import current
from procedures.audit import daily
from procedures.current import Addresses
from procedures.export import export
from procedures.installation import clock_care
from procedures.leaving import legal_hold
from tests import ledger
from tests.clocks import ran_until, works
from tests.people import Office
from tests.procedures.channels import way
from tests.procedures.holds import VALUE, Kept, kept
from tests.procedures.installed import at_work
from tests.procedures.intakes import begun, code, error_of
from tests.procedures.intakes import confirmed as came_back
from tests.procedures.records import DAY, Clock

YEARS = 3653 * DAY
#: What waits while the time is doubted.
WAITING = [
    "client keys",
    "consent",
    "dictations",
    "disclosures",
    "exports",
    "instructions",
    "intakes",
    "legal hold",
    "requests",
    # Traces: missed look-ups, and disclosures that were told.
    "retention",
    "rotation",
    "scans",
    "verification",
]


@dataclass
class House:
    """An installation in which something of each kind ends by time: in a day, in two years, or in nine."""

    place: Addresses
    held: Kept
    customer: Customer

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Look at what became of it, with the right clock."""
        async with at_work(self.place):
            yield

    async def whole(self) -> None:
        """Make sure that nothing was destroyed."""
        assert await Consent.filter(permits=True, customer_id=self.customer.id).count() == 1
        assert await ContactPoint.filter(customer_id=self.customer.id).count() == 1
        assert await LegalHold.filter(ended_at=None).count() == 1
        assert await self.held.disclosed() == [VALUE]
        assert await Export.all().count() == await Intake.all().count() == 1
        rings = [self.customer.id, (await Intake.get()).id]
        assert set(await keyring.rings(rings)) == {str(each) for each in rings}
        assert await Task.all().count() == 0
        await ledger.sound()


async def house(place: Addresses) -> House:
    """It has just been closed, after its server ran all the time."""
    async with at_work(place):
        office = Office(now=utc_now())
        held = await kept(office)
        await held.withdrawn()
        await LegalHold.all().update(until=office.now + 9 * 365 * DAY)
        customer = await office.customer([("contact_point", "support")])
        himself = await office.session(await office.himself(customer))
        await export.begin(customer.id, by=himself.actor)
        current.installation().addresses = replace(current.addresses(), smtp=way(1).server)
        await begun(clock=Clock(office.now))
        await vouch()
        await ran_until(office.now)
    return House(place, held, customer)


async def vouch() -> None:
    """Tell the ledger of rows that the test has written: the daily audit is one of the jobs."""
    async with transaction():
        await ledger.adopt()


async def confirmed() -> None:
    """Somebody looks at the clock, which is right, and says so."""
    looked = await Employee.all().prefetch_related("actor").first()
    assert looked is not None
    await clock_care.confirm(looked.actor.login, utc_now().date())
    await vouch()


@pytest.mark.every_database
async def test_a_server_started_ten_years_ahead_destroys_nothing_however_often(place: Addresses):
    there = await house(place)

    assert works(place, YEARS) == WAITING
    assert works(place, YEARS + DAY) == WAITING

    async with there.open():
        await there.whole()
        assert [each.kind for each in await ClockDoubt.all()] == ["AHEAD"]


@pytest.mark.every_database
async def test_small_steps_do_not_get_there_either(place: Addresses):
    there = await house(place)

    waited = [works(place, 20 * steps * DAY) for steps in (1, 2, 3)]

    assert waited == [[], WAITING, WAITING]
    async with there.open():
        await there.whole()


@pytest.mark.every_database
async def test_once_the_clock_is_right_and_confirmed_everything_goes_on(place: Addresses):
    there = await house(place)
    works(place, YEARS)
    # The doubt is not ended by a clock that is right again; nobody is erased before anybody has looked.
    assert works(place, timedelta(0)) == WAITING

    async with there.open():
        await confirmed()
    assert works(place, timedelta(0)) == []

    async with there.open():
        await there.whole()
        await daily.keep()
        await LegalHold.all().update(until=utc_now() - DAY)
        assert await legal_hold.expire() == 1


@pytest.mark.every_database
async def test_what_is_really_over_is_ended_after_somebody_has_confirmed_the_clock(place: Addresses):
    """A server that was off for two years."""
    there = await house(place)
    async with there.open():
        await ran_until(utc_now() - 2 * 365 * DAY)
        await Consent.filter(customer_id=there.customer.id).update(expires_at=utc_now() - DAY)
        await vouch()
    assert works(place, timedelta(0)) == WAITING

    async with there.open():
        assert await ContactPoint.all().count() == 1
        await confirmed()
    works(place, timedelta(0))

    async with there.open():
        assert await ContactPoint.all().count() == 0


@pytest.mark.every_database
async def test_an_archive_and_an_intake_that_were_begun_ten_years_ahead_do_not_last_ten_years(
    place: Addresses,
):
    there = await house(place)
    async with there.open():
        for record in (Export, Intake):
            await record.all().update(begun_at=utc_now() + YEARS, expires_at=utc_now() + YEARS + DAY)
        visitor = (await Intake.get()).id
    works(place, timedelta(0))

    async with there.open():
        assert await Export.all().count() == await Intake.all().count() == 0
        assert await keyring.rings([visitor]) == {}


async def test_a_visitor_whose_code_comes_back_while_the_clock_is_doubted_is_told_so_and_waits(
    place: Addresses,
):
    there = await house(place)
    works(place, YEARS)

    async with there.open():
        assert await error_of(came_back(await code(), clock=Clock(utc_now()))) == "CLOCK_DOUBTED"
        assert (await Intake.get()).tries == 0
