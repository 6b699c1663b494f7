"""Whatever a procedure is called: what it does to who may read, to what is kept and to what leaves, its action must be able to do."""

from contextlib import suppress
from pathlib import Path

import pytest

from models import Category, Consent, ContactPoint, Customer
from models.database import transaction
from models.event import Effect, Event
from policies.decide import require
from policies.policy import Policies, entered
from procedures import consent
from procedures.erasure import erasure
from procedures.ledger import UndeclaredEffect, note, record
from tests.people import Office


async def test_an_action_that_is_not_said_to_erase_erases_nothing(office: Office, rules: Path) -> None:
    customer = await office.customer([("contact_point", "support")])
    herself, given = await office.himself(customer), await Consent.get(customer_id=customer.id)
    file = rules / "step_up.polar"
    kept = [each for each in file.read_text("utf-8").splitlines() if '"withdraw", "Consent"' not in each]
    file.write_text("\n".join(kept), encoding="utf-8")

    with entered(Policies(rules)), pytest.raises(UndeclaredEffect):
        await consent.withdraw(given.id, by=herself.actor)

    assert (await Consent.get(id=given.id)).permits
    assert await ContactPoint.filter(customer_id=customer.id).count() == 1


async def test_a_procedure_that_asks_for_nothing_or_for_something_else_has_no_effect(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    herself = await office.himself(customer)

    with pytest.raises(UndeclaredEffect):
        async with transaction():
            await erasure.begin(customer.id, Category.CONTACT_POINT, by=herself.actor, at=office.now)

    assert await ContactPoint.filter(customer_id=customer.id).count() == 1


async def test_what_was_granted_in_one_transaction_is_not_granted_in_the_next(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    herself, given = await office.himself(customer), await Consent.get(customer_id=customer.id)
    await consent.withdraw(given.id, by=herself.actor)

    with pytest.raises(UndeclaredEffect):
        async with transaction():
            await erasure.begin(customer.id, Category.ORDER, by=herself.actor, at=office.now)


async def test_an_event_that_changes_who_may_read_says_in_which_way(office: Office) -> None:
    customer = await office.customer()

    with pytest.raises(UndeclaredEffect):
        async with transaction():
            record(Event.OWN_DATA_CHANGED, None, changed={Customer: [customer.id]}, customer=customer.id)


async def test_what_has_an_effect_is_no_mere_note(office: Office) -> None:
    customer = await office.customer()
    herself = await office.himself(customer)

    with pytest.raises(UndeclaredEffect):
        await note(Event.RESTRICTION_ENDED, herself.actor, customer=customer.id)


def test_every_effect_has_events() -> None:
    assert {event.effect for event in Event} == {None, *Effect}
    assert Event.TASK_ASSIGNED.effect is Effect.GRANT


async def test_what_was_granted_in_a_part_that_was_undone_is_granted_no_more(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    herself, given = await office.himself(customer), await Consent.get(customer_id=customer.id)

    async with transaction():
        with suppress(ValueError):
            async with transaction():
                await require(herself.actor, "withdraw", "Consent", given.id)
                raise ValueError
        with pytest.raises(UndeclaredEffect):
            await erasure.begin(customer.id, Category.CONTACT_POINT, by=herself.actor, at=office.now)


async def test_what_was_granted_to_one_is_not_granted_to_another(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    herself, given = await office.himself(customer), await Consent.get(customer_id=customer.id)
    other = await office.agent("support")

    async with transaction():
        await require(herself.actor, "withdraw", "Consent", given.id)
        with pytest.raises(UndeclaredEffect):
            await erasure.begin(customer.id, Category.CONTACT_POINT, by=other.actor, at=office.now)
