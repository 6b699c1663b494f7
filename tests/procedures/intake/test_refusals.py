"""What is not taken in leaves nothing behind."""

from dataclasses import replace

import pytest

from models import (
    Account,
    AddressKind,
    Consent,
    ContactKind,
    Intake,
    Message,
    Purpose,
)
from models.errors import ProcedureError
from policies.errors import Refused
from procedures import current
from procedures.access import Allowance, Throttle
from procedures.intake import intake
from tests.mailbox import Mailbox
from tests.procedures import records
from tests.procedures.channels import way
from tests.procedures.intakes import (
    ALL,
    HERE,
    KEY,
    address,
    begun,
    code,
    confirmed,
    error_of,
    events,
    given,
    kept,
    names,
    personal_code,
    point,
    visitor,
)
from tests.procedures.ledgers import sql


@pytest.fixture(autouse=True)
def sending(inbox: Mailbox) -> None:
    """This installation sends by mail."""
    current.installation().addresses = replace(current.addresses(), smtp=way(inbox.port).server)


@pytest.mark.parametrize("lacking", ALL)
async def test_data_without_their_consent_are_refused_and_not_kept(inbox, lacking):
    content = await given(*(each for each in ALL if each is not lacking))

    assert await error_of(begun(content)) == "CONSENT_REQUIRED"
    assert (await kept(), await Intake.all().count(), await Message.all().count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([names("O\u202ena")], "NAME_INVALID"),
        ([point(ContactKind.EMAIL, "ona")], "EMAIL_INVALID"),
        ([point(ContactKind.PHONE, "+37060000000")], "EMAIL_REQUIRED"),
        ([point(ContactKind.PHONE, "8600")], "PHONE_INVALID"),
        ([personal_code("38703181746", "LT")], "PERSONAL_CODE_INVALID"),
        ([personal_code("38703181745", "LT"), personal_code("49001010023", "LT")], "BAD_USER_INPUT"),
        ([address(AddressKind.HOME, country="LT")], "BAD_USER_INPUT"),
        ([address(AddressKind.HOME, street="a", country="XX")], "COUNTRY_INVALID"),
        ([point(ContactKind.EMAIL, f"ona{n}@example.org") for n in range(21)], "BAD_USER_INPUT"),
    ],
)
async def test_what_is_unfit_is_refused_before_anything_is_kept(inbox, rows, error):
    assert await error_of(begun(await given(rows=rows))) == error
    assert (await Intake.all().count(), await events()) == (0, [])


@pytest.mark.parametrize("key", ["", "short", "k" * 201, "ž" * 22, "k" * 21 + "\n"])
async def test_a_key_that_could_be_guessed_is_refused(inbox, key):
    assert await error_of(begun(key=key)) == "KEY_UNFIT"


async def test_a_notice_of_another_purpose_is_refused_at_once(inbox):
    content = await given()
    moved = tuple(replace(each, purpose=Purpose.SALES) for each in content.consents)

    assert await error_of(begun(replace(content, consents=moved))) == "NOTICE_MISMATCH"


@pytest.mark.parametrize(("change", "error"), [({"attested": False}, "ATTESTATION_REQUIRED")])
async def test_without_the_word_that_it_is_right_there_is_no_customer(inbox, change, error):
    await begun()
    assert await error_of(confirmed(await code(), **change)) == error
    assert await kept() == 0


async def test_a_password_that_is_too_short_costs_no_try(inbox):
    await begun()
    with pytest.raises(ProcedureError) as caught:
        await intake.confirm(
            KEY, await code(), "short", attested=True, by=visitor(), address=HERE, throttle=Throttle()
        )
    assert (caught.value.code, (await Intake.get()).tries) == ("PASSWORD_UNFIT", 0)


async def test_beginning_without_end_is_slowed_down_from_there_and_not_from_elsewhere(inbox):
    throttle = Throttle(of_login=Allowance(free=2), of_address=Allowance(free=100))
    for number in range(2):
        await begun(key=f"{number}" * 22, throttle=throttle)
    assert await error_of(begun(key="x" * 22, throttle=throttle)) == "RATE_LIMITED"

    await begun(key="y" * 22, throttle=throttle, address="198.51.100.7")


async def test_who_is_somebody_already_does_not_register(inbox):
    by = await records.manager()
    with pytest.raises(Refused):
        await begun(by=by)
    assert await Intake.all().count() == 0


async def test_an_installation_that_sends_no_mails_says_so(inbox):
    current.installation().addresses = replace(current.addresses(), smtp=None)

    assert await error_of(begun()) == "CHANNEL_UNAVAILABLE"


@pytest.mark.every_database
async def test_a_fault_in_the_middle_leaves_nothing_behind(inbox):
    await begun()
    sent = await code()
    await sql("ALTER TABLE attestations RENAME TO elsewhere")
    with pytest.raises(Exception, match="attestations"):
        await confirmed(sent)
    await sql("ALTER TABLE elsewhere RENAME TO attestations")

    assert (await kept(), await Account.all().count(), await Consent.all().count()) == (0, 0, 0)
    assert (await confirmed(sent)).number
