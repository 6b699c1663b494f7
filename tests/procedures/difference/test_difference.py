"""Differences between what was decided and what plain Oso says: kept once, and told to whoever may settle them."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from models import Difference, Role
from models.event import Event
from procedures import difference, staff
from procedures.difference import Seen
from procedures.sending import MailError
from tests import accounts, ledger
from tests.mailbox import Mailbox

PASSWORD = "correct horse battery"
SEEN = Seen("Identity.familyName", True, "0" * 16, UUID(int=7), None)

pytestmark = pytest.mark.unjudged


@pytest.mark.every_database
async def test_one_that_many_see_at_once_is_recorded_once(database: str) -> None:
    await asyncio.gather(*(difference.record_found(SEEN) for _ in range(5)))
    await difference.record_found(replace(SEEN, row=UUID(int=8)))
    await difference.record_found(replace(SEEN, granted=False))

    assert len(await ledger.data(Event.DIFFERENCE_FOUND)) == 2
    assert sorted(each.granted for each in await difference.listed()) == [False, True]
    assert await difference.closed_fields() == {"Identity.familyName"}


@pytest.mark.usefixtures("sending")
async def test_whoever_may_settle_it_is_told_once_by_mail(inbox: Mailbox) -> None:
    await accounts.employee("ona@savas.example", "Ona", [Role.PRIVACY_OFFICER], PASSWORD)
    await accounts.employee("ruta@savas.example", "Rūta", [Role.AGENT, Role.MANAGER], PASSWORD)
    await accounts.employee("gone@savas.example", "Gone", [Role.PRIVACY_OFFICER], PASSWORD)
    await staff.deactivate_by_login("gone@savas.example")
    await difference.record_found(SEEN)

    await difference.tell()
    await difference.tell()

    assert inbox.recipients == ["ona@savas.example"]
    assert "Identity.familyName" in str(inbox.mails[0]["Subject"])
    assert "closed to everybody" in inbox.mails[0].get_content()
    (told,) = await ledger.data(Event.DIFFERENCE_NOTIFIED)
    assert told["officers"] == 1


@pytest.mark.usefixtures("sending")
async def test_a_mail_that_is_not_taken_is_sent_again(inbox: Mailbox) -> None:
    await accounts.employee("ona@savas.example", "Ona", [Role.PRIVACY_OFFICER], PASSWORD)
    await difference.record_found(SEEN)
    inbox.answers["DATA"] = "451 later"
    with pytest.raises(MailError):
        await difference.tell()

    inbox.answers.clear()
    await difference.tell()

    assert inbox.recipients == ["ona@savas.example"]
    assert (await Difference.get()).notified_at is not None


async def test_without_a_mail_server_or_an_officer_it_waits_to_be_looked_at(sqlite: None) -> None:
    await difference.record_found(SEEN)

    await difference.tell()

    assert [each.notified_at for each in await difference.listed()] == [None]
