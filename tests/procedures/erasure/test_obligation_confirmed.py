"""What a deactivated partner owes is confirmed by the privacy officer, with a reference to what it said."""

from datetime import timedelta

import pytest

from models import Obligation, ObligationKind, Partner
from models.event import Event
from policies.errors import Refused
from procedures.erasure import obligation
from procedures.erasure.obligation import AlreadyAcknowledged
from tests import ledger
from tests.people import Office


async def owed(office: Office, partner: Partner) -> Obligation:
    return await Obligation.create(
        partner_id=partner.id,
        customer_id=(await office.customer()).id,
        kind=ObligationKind.ERASE,
        created_at=office.now,
        due_at=office.now + timedelta(days=30),
    )


async def test_of_a_deactivated_partner_and_of_no_other(office: Office) -> None:
    partner = await office.partner()
    due, officer = await owed(office, partner), await office.session(await office.employee("privacy_officer"))

    with pytest.raises(Refused):
        await obligation.confirm(due.id, "Letter 7", by=officer.actor)
    await Partner.filter(id=partner.id).update(active=False)
    done = await obligation.confirm(due.id, "Letter 7", by=officer.actor)

    assert done.acknowledged_by_id == officer.actor.actor_id
    (told,) = await ledger.data(Event.OBLIGATION_CONFIRMED)
    assert len(told["evidence"]) == 64
    with pytest.raises(AlreadyAcknowledged):
        await obligation.confirm(due.id, "Letter 7", by=officer.actor)
