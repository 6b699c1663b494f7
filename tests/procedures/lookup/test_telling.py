"""Privacy officers are told of an account that misses too much."""

from datetime import timedelta

import pytest

import models
from models import Role
from models.event import Event
from policies.actor import utc_now
from procedures import lookup
from procedures.current import installation
from procedures.lookup import Bounds
from procedures.sending import MailError
from tests import accounts, ledger
from tests.mailbox import Mailbox
from tests.people import Office, Someone
from tests.schema.missing import NODES, somebody

PASSWORD = "correct horse battery"


async def alarmed() -> Someone:
    """An agent who has just missed too much, several times."""
    installation().instance(Bounds).a_day = 1
    office = Office(now=utc_now())
    ruta = await office.agent("support")
    for _ in range(3):
        await ruta.asks(NODES, ids=[somebody(), somebody()])
        office.now += timedelta(hours=1)
    return ruta


@pytest.mark.usefixtures("sending")
async def test_whoever_may_see_it_is_told_once_by_mail(inbox: Mailbox) -> None:
    await accounts.employee("ona@savas.example", "Ona", [Role.PRIVACY_OFFICER], PASSWORD)
    await accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT, Role.MANAGER], PASSWORD)
    ruta = await alarmed()

    await lookup.tell()
    await lookup.tell()

    assert inbox.recipients == ["ona@savas.example"]
    assert "missedLookups" in inbox.mails[0].get_content()
    assert await ledger.data(Event.LOOKUP_ALARMED) == [{"missed": 2}]
    assert await ledger.data(Event.LOOKUP_NOTIFIED) == [{"actor": str(ruta.actor.actor_id), "officers": 1}]


@pytest.mark.usefixtures("sending")
async def test_a_mail_that_is_not_taken_is_sent_again(inbox: Mailbox) -> None:
    await accounts.employee("ona@savas.example", "Ona", [Role.PRIVACY_OFFICER], PASSWORD)
    await alarmed()
    inbox.answers["DATA"] = "451 later"
    with pytest.raises(MailError):
        await lookup.tell()

    inbox.answers.clear()
    await lookup.tell()

    assert inbox.recipients == ["ona@savas.example"]
    assert (await models.MissedLookup.get(alarm=True)).notified_at is not None
