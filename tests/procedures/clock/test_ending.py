"""What ends by time needs a permission, of which there is one kind for all."""

from datetime import timedelta
from typing import Any

import pytest

from models import ClockDoubt, Consent, DoubtKind, Export, Intake, LegalHold
from models.database import transaction
from models.event import Event
from policies.actor import Actor
from procedures import clock, retention
from procedures.clock import Ending, ending
from procedures.errors import ClockDoubted
from procedures.installation.clock_care import ENDINGS, foreseen
from tests import ledger
from tests.clocks import at, ran_until
from tests.house import tree
from tests.procedures import records
from tests.procedures.records import DAY, NOON


def holds(**more: Any) -> Ending:
    return Ending("holds", LegalHold.all, "until", **more)


async def holding(count: int, until=NOON + DAY) -> None:
    """Holds of a customer that end then."""
    customer, officer = await records.customer(), await records.employee()
    for _ in range(count):
        await LegalHold.create(
            customer_id=customer.id, category="identity", reason="LEGAL_OBLIGATION", basis="VAT act",
            placed_by_id=officer.id, placed_at=NOON, until=until,
        )  # fmt: skip


async def permitted(kind: Ending, now=NOON + DAY) -> int:
    """How many of a kind may be ended, after a server has run until then."""
    await ran_until(now)
    return await (await clock.permit(kind, clock=at(now))).due().count()


@pytest.mark.every_database
async def test_what_is_over_may_be_ended_and_what_is_not_may_not(database: str):
    await holding(2)
    await holding(3, NOON + DAY + timedelta(microseconds=1))

    assert await permitted(holds()) == 2


@pytest.mark.every_database
async def test_time_in_which_no_server_ran_ends_nothing_at_once(database: str):
    """After a weekend, what ran out meanwhile ends in the course of the week."""
    await holding(1)
    await ran_until(NOON)

    assert await (await clock.permit(holds(), clock=at(NOON + 3 * DAY))).due().count() == 0
    assert await permitted(holds(), NOON + 3 * DAY) == 1


@pytest.mark.every_database
async def test_more_than_a_tenth_at_once_is_doubted_for_that_kind_alone(database: str):
    await holding(ending.FEW + 1)

    with pytest.raises(ClockDoubted) as refused:
        await permitted(holds())

    assert refused.value.code == "CLOCK_DOUBTED"
    (doubt,) = await ClockDoubt.all()
    assert (doubt.kind, doubt.ending, doubt.due, doubt.standing) == (DoubtKind.MANY, "holds", 11, 11)
    (told,) = await ledger.data(Event.CLOCK_DOUBTED)
    assert (told["ending"], told["due"]) == ("holds", 11)
    assert await permitted(Ending("exports", Export.all, "expires_at")) == 0


async def test_that_doubt_stands_until_somebody_has_looked(database: str):
    await holding(ending.FEW + 1)
    with pytest.raises(ClockDoubted):
        await permitted(holds())
    for each in await LegalHold.all().limit(5):
        await each.delete()

    with pytest.raises(ClockDoubted):
        await permitted(holds())
    assert await ClockDoubt.all().count() == 1

    await _confirmed(NOON + DAY)
    assert await permitted(holds()) == 6


async def test_what_was_due_when_somebody_looked_is_not_asked_about_again(database: str):
    await holding(ending.FEW + 1)
    await _confirmed(NOON + DAY)
    assert await permitted(holds(), NOON + 2 * DAY) == 11

    await holding(ending.FEW + 1, NOON + 2 * DAY)
    with pytest.raises(ClockDoubted):
        await permitted(holds(), NOON + 2 * DAY)


async def test_a_few_and_a_small_share_need_nobody(database: str):
    await holding(ending.FEW)
    assert await permitted(holds()) == ending.FEW
    await holding(ending.FEW * 12, NOON + 9 * DAY)
    await holding(1)

    assert await permitted(holds()) == ending.FEW + 1


async def test_of_what_strangers_begin_many_may_end_at_once(database: str):
    """Nobody outside can have everything stopped."""
    (intakes,) = [each for each in ENDINGS if each.name == "intakes"]
    await Intake.bulk_create(
        Intake(key_digest=bytes([number]) * 32, content=None, begun_at=NOON, expires_at=NOON + DAY)
        for number in range(50)
    )

    assert await permitted(intakes) == 50


async def test_what_would_last_longer_than_it_can_was_made_by_a_clock_ahead_and_ends_with_the_rest(
    database: str,
):
    await holding(1, NOON + 3653 * DAY)
    await holding(1, NOON + 2 * DAY)

    assert await permitted(holds(lifetime=DAY), NOON) == 1
    assert await permitted(holds(), NOON) == 0


async def test_while_the_time_is_doubted_nothing_of_any_kind_is_permitted(database: str):
    await ran_until(NOON)
    await clock.look(clock=at(NOON + 3653 * DAY))

    for kind in (*ENDINGS, *retention.endings()):
        with pytest.raises(ClockDoubted):
            await clock.permit(kind, clock=at(NOON + DAY))


async def test_foreseeing_changes_nothing(database: str):
    await holding(3)
    await clock.foreseen(holds(), NOON + DAY, NOON + DAY)

    assert (await clock.foreseen(holds(), NOON + DAY, NOON + DAY)).due == 3
    assert await LegalHold.all().count() == 3
    assert not await ClockDoubt.exists()


async def test_consents_that_permit_are_what_expires(database: str):
    (consents,) = [each for each in ENDINGS if each.name == "consents"]
    given = await records.consent((await records.customer()).id)
    assert await permitted(consents) == 1
    await Consent.filter(id=given.id).update(state="WITHDRAWN", permits=False)

    assert await permitted(consents) == 0


async def _confirmed(now) -> None:
    await ran_until(now)
    looked = await records.employee()
    async with transaction():
        await clock.confirm(by=Actor("Employee", looked.id, clock=at(now)))


async def test_every_kind_is_shown_to_whoever_confirms_the_clock(database: str):
    """What ends unseen would be destroyed by a confirmation that nobody meant for it."""
    made = sum(path.read_text("utf-8").count("clocks.Ending(") for path in tree.product())
    shown = [each.ending for each in await foreseen(clock=at(NOON))]
    assert made == len(shown) == len(set(shown))
