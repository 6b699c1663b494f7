"""What an account missed counts against it, and slows its look-ups down."""

from datetime import timedelta

import pytest

import models
from models.event import Event
from procedures.current import installation
from procedures.lookup import Bounds
from schema.reading import encode
from tests import ledger
from tests.people import Office, Someone
from tests.schema.missing import BY_EMAIL, CUSTOMER, NODES, somebody


async def _guesses(someone: Someone, count: int) -> list[str]:
    """The codes that guessing at so many customers is answered with."""
    answers = [await someone.asks(NODES, ids=[somebody() for _ in range(50)]) for _ in range(count // 50)]
    return [code for answer in answers for code in answer.codes]


@pytest.mark.every_database
async def test_whoever_misses_too_much_waits_longer_with_each_look_up_that_finds_nothing(
    office: Office,
) -> None:
    rival, customer = await office.agent("support"), await office.customer([("contact_point", "support")])
    await office.task(rival, customer, "support")
    mine = encode("Customer", customer.id)
    assert await _guesses(rival, 500) == []
    assert (await rival.asks(CUSTOMER, id=mine)).errors == []

    await rival.asks(CUSTOMER, id=somebody())
    (error,) = (await rival.asks(CUSTOMER, id=mine)).errors
    assert (error.original_error.code, error.original_error.retry_after) == ("RATE_LIMITED", 60)

    office.now += timedelta(seconds=60)
    assert (await rival.asks(CUSTOMER, id=mine)).data["customer"]["number"]
    await rival.asks(BY_EMAIL, email="nobody@example.org")
    (error,) = (await rival.asks(BY_EMAIL, email="jone@example.org")).errors
    assert error.original_error.retry_after == 120


async def test_what_is_hidden_counts_like_what_is_not_there(office: Office) -> None:
    installation().instance(Bounds).a_day = 3
    one, other = await office.agent("support"), await office.agent("support")
    hidden = [encode("Customer", (await office.customer()).id) for _ in range(4)]

    told = [
        [(await asker.asks(CUSTOMER, id=id)).codes for id in ids]
        for asker, ids in ((one, [*hidden, hidden[0]]), (other, [somebody() for _ in range(5)]))
    ]

    assert told[0] == told[1] == [[], [], [], [], ["RATE_LIMITED"]]
    rows = [
        await models.MissedLookup.filter(actor_id=each.actor.actor_id).order_by("refused_until")
        for each in (one, other)
    ]
    assert [[(row.counted, row.refused_until) for row in each] for each in rows] == [
        [(row.counted, row.refused_until) for row in rows[0]]
    ] * 2


async def test_asking_again_for_what_was_missed_counts_once(office: Office) -> None:
    installation().instance(Bounds).a_day = 100
    ruta, erased = await office.agent("support"), [somebody() for _ in range(5)]

    for _ in range(50):
        assert (await ruta.asks(NODES, ids=erased)).errors == []

    assert sum([row.counted for row in await models.MissedLookup.all()]) == 5
    assert len(await ledger.data(Event.LOOKUP_MISSED)) == 50


async def test_whoever_is_slowed_down_reads_lists_and_acts_as_before(office: Office) -> None:
    installation().instance(Bounds).a_day = 1
    customer = await office.customer([("contact_point", "support")])
    herself = await office.himself(customer)
    await herself.asks(NODES, ids=[somebody(), somebody()])
    assert (await herself.asks(NODES, ids=[somebody()])).codes == ["RATE_LIMITED"]

    consent = await models.Consent.get(customer_id=customer.id)
    withdraw = "mutation ($id: ID!) { consentWithdraw(input: {consentId: $id}) { userErrors { code } } }"

    assert (await herself.asks(CUSTOMER, id=encode("Customer", customer.id))).data["customer"]
    assert (await herself.asks("{ customers { nodes { number } } }")).data["customers"]["nodes"]
    answer = await herself.asks(withdraw, id=encode("Consent", consent.id))
    assert answer.data["consentWithdraw"]["userErrors"] == []


async def test_nobody_else_waits_for_it(office: Office) -> None:
    installation().instance(Bounds).a_day = 1
    rival, ruta = await office.agent("support"), await office.agent("support")
    await rival.asks(NODES, ids=[somebody(), somebody()])

    assert (await rival.asks(CUSTOMER, id=somebody())).codes == ["RATE_LIMITED"]
    assert (await ruta.asks(CUSTOMER, id=somebody())).codes == []


async def test_what_was_missed_a_day_ago_counts_no_more(office: Office) -> None:
    installation().instance(Bounds).a_day = 2
    ruta = await office.agent("support")
    await ruta.asks(NODES, ids=[somebody(), somebody()])
    office.now += timedelta(days=1)

    assert (await ruta.asks(CUSTOMER, id=somebody())).codes == []
    assert (await ruta.asks(CUSTOMER, id=somebody())).codes == []
