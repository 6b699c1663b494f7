"""Where a message may go."""

import pytest

from models import ContactKind, Customer, Message, MessageChannel, MessageState, Purpose, Template, opened
from procedures.errors import NotFound
from procedures.message import outbox
from procedures.message.delivery import deliver
from tests.procedures import records
from tests.procedures.channels import ways
from tests.procedures.outbox import point, queued, reachable
from tests.procedures.records import NOON, Clock

EMAIL, SMS, ACCOUNT = MessageChannel.EMAIL, MessageChannel.SMS, MessageChannel.ACCOUNT


async def test_without_a_confirmed_contact_point_it_is_kept_to_be_read_here(inbox):
    customer, _ = await reachable(verified_at=None)
    message = await queued(customer)

    assert await deliver(clock=Clock(), through=ways(inbox)) == 0

    kept = await Message.get(id=message.id)
    assert (kept.channel, kept.state) == (ACCOUNT, MessageState.KEPT)
    assert (await opened(kept)).address is None


async def test_an_address_whose_confirmation_has_run_out_is_not_used(inbox):
    customer, _ = await reachable(verification_expires_at=NOON)

    assert (await queued(customer)).channel is ACCOUNT


async def test_a_code_goes_to_the_contact_point_that_is_to_be_confirmed(inbox):
    customer, _ = await reachable("old@example.org")
    fresh = await point(customer, "new@example.org", verified_at=None)
    await queued(customer, contact_point_id=fresh.id)

    await deliver(clock=Clock(), through=ways(inbox))

    assert [mail["To"] for mail in inbox.mails] == ["new@example.org"]


async def test_somebody_elses_contact_point_is_not_written_to(inbox):
    customer, _ = await reachable()
    _, others = await reachable("jonas@example.org")

    with pytest.raises(NotFound):
        await queued(customer, contact_point_id=others.id)
    assert await Message.all().count() == 0


@pytest.mark.every_database
async def test_an_email_address_is_preferred_to_a_telephone(inbox):
    customer, _ = await reachable("+37060000000", kind=ContactKind.PHONE)
    assert (await queued(customer)).channel is SMS
    await point(customer, "ona@example.org")

    assert (await queued(customer)).channel is EMAIL


async def test_a_message_for_a_purpose_needs_the_consent_for_it_also_when_it_leaves(inbox):
    customer, _ = await reachable()
    assert (await queued(customer, purpose=Purpose.MARKETING)).channel is ACCOUNT
    await records.consent(customer.id, Purpose.MARKETING)
    message = await queued(customer, purpose=Purpose.MARKETING)
    assert message.channel is EMAIL
    await Customer.filter(id=customer.id).update(restricted=True)

    assert await deliver(clock=Clock(), through=ways(inbox)) == 0
    assert (await Message.get(id=message.id)).code == "CONSENT_WITHDRAWN"


def test_each_text_tells_of_others_or_is_about_what_the_customer_asked() -> None:
    """What tells of others goes to former addresses, too; so it names neither values nor anything that one confirms by."""
    asked = {
        Template.ARCHIVE_CODE,
        Template.ARCHIVE_LINK,
        Template.CONSENT_CODE,
        Template.CONTACT_CODE,
        Template.INTAKE_CODE,
        Template.INTAKE_COMPLETED,
        Template.PASSWORD_CODE,
        Template.REQUEST_EXTENDED,
        Template.REQUEST_GRANTED,
        Template.REQUEST_RECEIVED,
        Template.REQUEST_REFUSED,
    }
    everywhere = {Template.CONTACT_POINT_CHANGED, Template.PASSWORD_SET}
    assert outbox.OF_OTHERS | asked | everywhere == set(Template)
    assert not outbox.OF_OTHERS & asked
