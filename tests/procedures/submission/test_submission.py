"""Sealed submissions: taken once, for whom and what they were sealed for, while their key lives, and no other."""

import asyncio
import base64
import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Consent, Customer, HealthRecord, PaymentCard, Submission
from models.keys import keyring, submission_key
from models.ledger import LedgerEntry
from procedures.keys import rotation
from procedures.submission import submission
from schema.reading import encode
from tests.people import Office, Someone
from tests.submissions import ALLERGY, CARD, consenting, key, later, refusal, sealed, sends, submits, taken


async def nothing_kept() -> bool:
    """Whether nothing at all was stored."""
    return (
        not await PaymentCard.exists() and not await HealthRecord.exists() and not await Submission.exists()
    )


def raw(sent: dict[str, str]) -> bytes:
    """The bytes of a submission."""
    text = sent["sealed"]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def with_raw(sent: dict[str, str], content: bytes) -> dict[str, str]:
    """A submission with other bytes."""
    return sent | {"sealed": base64.urlsafe_b64encode(content).decode().rstrip("=")}


async def told(event: str) -> list[str]:
    """The entries of an event, as the ledger holds them."""
    entries = [bytes(entry.entry).decode() for entry in await LedgerEntry.all()]
    return [entry for entry in entries if f'"event":"{event}"' in entry]


@pytest.mark.every_database
async def test_a_submission_is_taken_once(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)

    assert taken(await sends(himself, sent))
    assert refusal(await sends(himself, sent)) == "SUBMISSION_REPLAYED"
    assert await PaymentCard.all().count() == 1


@pytest.mark.every_database
async def test_of_many_that_send_one_submission_at_once_one_is_taken(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer, ALLERGY, "health_record")

    answers = await asyncio.gather(*(sends(himself, sent, "health_record") for _ in range(8)))

    codes = [error["code"] for answer in answers for error in answer.data["done"]["userErrors"]]
    assert codes == ["SUBMISSION_REPLAYED"] * 7
    assert await HealthRecord.all().count() == 1


async def test_what_was_sealed_for_one_customer_opens_for_no_other(office: Office) -> None:
    customer, himself = await consenting(office)
    other, another = await consenting(office)
    sent = await sealed(himself, customer)

    stolen = sent | {"customerId": encode("Customer", other.id)}
    assert refusal(await sends(another, stolen)) == "SUBMISSION_BROKEN"
    assert await nothing_kept()


async def test_what_was_sealed_for_one_category_opens_for_no_other(office: Office) -> None:
    customer, himself = await consenting(office)

    assert (
        refusal(await sends(himself, await sealed(himself, customer), "health_record")) == "SUBMISSION_BROKEN"
    )
    assert await nothing_kept()


async def test_what_was_sealed_to_another_key_does_not_open(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)
    await rotation.rotate(clock=office.clock)

    forged = sent | {"keyId": (await key(himself))["id"]}
    assert refusal(await sends(himself, forged)) == "SUBMISSION_BROKEN"


NOBODYS = "358e30d1-1a4c-477e-9c66-6b2822f10e0d"


@pytest.mark.parametrize("id", ["", "x", "\ud800", NOBODYS, NOBODYS.upper()])
async def test_a_key_that_never_was_is_one_that_is_gone(office: Office, id: str) -> None:
    customer, himself = await consenting(office)
    envelope = submission.Envelope(
        encode("Customer", customer.id), id, (await sealed(himself, customer))["sealed"]
    )
    from procedures.submission import payment_card

    with pytest.raises(submission.SubmissionRefused) as refused:
        await payment_card.submit(customer.id, envelope, by=himself.actor)
    assert refused.value.code == "SUBMISSION_KEY_ENDED"


async def test_no_byte_of_a_submission_can_be_changed(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)
    content = raw(sent)

    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << (place % 8)
        code = refusal(await sends(himself, with_raw(sent, bytes(flipped))))
        assert code == ("SUBMISSION_MALFORMED" if place == 0 else "SUBMISSION_BROKEN"), place
    assert await nothing_kept()


@pytest.mark.parametrize("left", [0, 1, 16, 17, 48, 64, 65, -1])
async def test_a_submission_that_was_cut_short_does_not_open(office: Office, left: int) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)

    code = refusal(await sends(himself, with_raw(sent, raw(sent)[:left])))
    assert code == ("SUBMISSION_BROKEN" if left in (65, -1) else "SUBMISSION_MALFORMED")
    assert await nothing_kept()


async def test_one_submission_has_one_spelling(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)

    for spelling in (sent["sealed"] + "=", " " + sent["sealed"], sent["sealed"] + "\n", sent["sealed"] + "ė"):
        assert refusal(await sends(himself, sent | {"sealed": spelling})) == "SUBMISSION_MALFORMED"


async def test_a_large_submission_is_refused_unread(office: Office) -> None:
    customer, himself = await consenting(office)

    code = refusal(await submits(himself, customer, CARD | {"holder": "x" * submission.LONGEST}))
    assert code == "SUBMISSION_TOO_LARGE"


SHARED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def somebody(sqlite: None) -> tuple[Customer, Someone]:
    """A customer who consents, for all examples."""
    return await consenting(Office())


@SHARED
@given(text=st.text(st.characters(codec="utf-8"), max_size=120))
async def test_any_text_is_no_submission(somebody: tuple[Customer, Someone], text: str) -> None:
    customer, himself = somebody
    sent = {
        "customerId": encode("Customer", customer.id),
        "keyId": (await key(himself))["id"],
        "sealed": text,
    }

    assert refusal(await sends(himself, sent)) == "SUBMISSION_MALFORMED"


async def test_a_key_opens_an_hour_longer_than_it_is_published(office: Office) -> None:
    customer, himself = await consenting(office)
    first, second = await sealed(himself, customer), await sealed(himself, customer)

    later(office, hours=24, minutes=59)
    assert (await key(himself))["id"] != first["keyId"]
    assert taken(await sends(himself, first))
    later(office, minutes=1)
    assert refusal(await sends(himself, second)) == "SUBMISSION_KEY_ENDED"


async def test_a_key_that_is_replaced_meanwhile_still_opens_for_an_hour(office: Office) -> None:
    customer, himself = await consenting(office)
    first, second = await sealed(himself, customer), await sealed(himself, customer)

    await rotation.rotate(clock=office.clock)
    assert (await key(himself))["id"] != first["keyId"]
    assert taken(await sends(himself, first))
    later(office, hours=1)
    assert refusal(await sends(himself, second)) == "SUBMISSION_KEY_ENDED"


async def test_the_second_rotation_destroys_a_key_whatever_the_time(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)

    await rotation.rotate(clock=office.clock)
    await rotation.rotate(clock=office.clock)

    assert refusal(await sends(himself, sent)) == "SUBMISSION_KEY_ENDED"
    assert await submission_key.live() == set()
    assert len(await told("submission_key.destroyed")) == 1


async def test_a_rotation_that_is_repeated_carries_a_key_once(office: Office) -> None:
    customer, himself = await consenting(office)
    sent = await sealed(himself, customer)
    await rotation._begin(2, office.now)

    await submission_key.carry(2, office.now)
    await submission_key.carry(2, office.now)
    await rotation.rotate(clock=office.clock)

    assert list(await keyring.epochs()) == [2]
    assert taken(await sends(himself, sent))


@pytest.mark.every_database
async def test_submissions_are_remembered_as_long_as_their_key(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))

    later(office, hours=26)
    assert taken(await submits(himself, customer))
    assert await Submission.all().count() == 1


async def test_nothing_is_taken_without_consent(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    himself = await office.himself(customer)

    assert refusal(await submits(himself, customer)) == "CONSENT_REQUIRED"
    assert refusal(await submits(himself, customer, ALLERGY, "health_record")) == "CONSENT_REQUIRED"
    assert await nothing_kept()


async def test_a_consent_for_another_purpose_or_one_that_ran_out_is_none(office: Office) -> None:
    customer = await office.customer([("payment_card", "support"), ("payment_card", "billing")], rows=False)
    himself = await office.himself(customer)
    await Consent.filter(purpose="billing").update(expires_at=office.now)

    assert refusal(await submits(himself, customer)) == "CONSENT_REQUIRED"


async def test_staff_submit_with_an_open_task_of_the_purpose(office: Office) -> None:
    customer, _ = await consenting(office)
    jonas = await office.agent("billing")
    assert (await submits(jonas, customer)).codes == ["FORBIDDEN"]
    task = await office.task(jonas, customer, "billing")

    assert taken(await submits(jonas, customer))["lastFour"] == "1111"
    task.status = task.status.__class__.CLOSED
    await task.save()
    assert (await submits(jonas, customer)).codes == ["FORBIDDEN"]


@pytest.mark.parametrize("purpose", ["support", "care"])
async def test_a_task_of_another_purpose_is_none(office: Office, purpose: str) -> None:
    customer, _ = await consenting(office)
    jonas = await office.agent(purpose, "billing")
    await office.task(jonas, customer, purpose)

    assert (await submits(jonas, customer)).codes == ["FORBIDDEN"]
    assert await nothing_kept()


async def test_nobody_submits_for_somebody_else(office: Office) -> None:
    customer, _ = await consenting(office)
    _, other = await consenting(office)
    manager = await office.employee("manager", "privacy_officer", "administrator")

    for someone in (other, manager, manager.stating("billing", "care")):
        assert (await submits(someone, customer)).codes == ["FORBIDDEN"]
    assert await nothing_kept()


async def test_a_stranger_gets_no_key(office: Office) -> None:
    answer = await office.stranger().asks("{ submissionKey { id } }")
    assert answer.codes == ["UNAUTHENTICATED"]


async def test_a_refused_submission_is_recorded_without_what_was_in_it(office: Office) -> None:
    customer, himself = await consenting(office)
    assert refusal(await submits(himself, customer, CARD | {"number": "4111 1111 1111 1112"}))

    (entry,) = await told("submission.refused")
    assert '"code":"SUBMISSION_UNFIT"' in entry
    assert json.loads(entry)["data"].keys() == {"customer", "category", "code"}


async def test_a_withdrawn_consent_takes_the_card_with_it(office: Office) -> None:
    customer, himself = await consenting(office)
    assert taken(await submits(himself, customer))
    consent = await Consent.get(category="payment_card")

    await himself.asks(
        "mutation ($id: ID!) { consentWithdraw(input: {consentId: $id}) { erasedRows } }",
        id=encode("Consent", consent.id),
    )
    assert await PaymentCard.all().count() == 0
    assert refusal(await submits(himself, customer)) == "CONSENT_REQUIRED"


async def test_a_client_tells_a_key_that_somebody_put_in_its_place(office: Office) -> None:
    from cryptography.exceptions import InvalidSignature

    from docs.seal_submission import seal
    from tests.submissions import signer
    from vault import hpke

    _, himself = await consenting(office)
    published = await key(himself)
    _, public = hpke.new()
    foreign = base64.urlsafe_b64encode(public).decode().rstrip("=")

    for name, value in (
        ("publicKey", foreign),
        ("id", str(uuid4())),
        ("expiresAt", "2030-01-01T00:00:00+00:00"),
    ):
        with pytest.raises(InvalidSignature):
            seal(published | {name: value}, signer(), "Q", "payment_card", CARD)
