"""What the database refuses, through the records and through plain SQL, on both kinds."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from models import (
    PERMITTING,
    PERSONAL,
    AccountKind,
    Agreement,
    Category,
    Consent,
    ConsentEvent,
    ConsentState,
    ContactPoint,
    Customer,
    Partner,
    Purpose,
    Session,
)
from models.constraints.enforcement import missing, present_indexes, records
from models.database import CONNECTION, dialect
from tests.models import facts

NOT_PERMITTING = sorted(set(ConsentState) - PERMITTING)
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.every_database]


def client() -> BaseDBAsyncClient:
    """The open database, for plain SQL."""
    return get_connection(CONNECTION)


async def sql(statement: str, *values: Any) -> None:
    """Run plain SQL, written with question marks."""
    if dialect() == "postgres":
        for number in range(1, len(values) + 1):
            statement = statement.replace("?", f"${number}", 1)
        await client().execute_query(statement, list(values))
    else:
        await client().execute_query(statement, [str(value) for value in values])


async def test_every_declared_rule_and_index_is_in_the_catalogue() -> None:
    assert await missing(client()) == []


async def test_every_foreign_key_is_indexed() -> None:
    leading = {(table, columns[0]) for table, columns, _ in await present_indexes(client())}
    keys = {
        (record._meta.db_table, record._meta.fields_map[name].source_field)
        for record in records()
        for name in record._meta.fk_fields | record._meta.o2o_fields
    }

    assert len(keys) > 2 * len(PERSONAL)
    assert keys <= leading


async def kept(category: Category, customer: Customer, on: Consent) -> str:
    """What comes of putting a row of a category in."""
    try:
        row = await facts.personal(category, customer, on)
    except IntegrityError as refused:
        return "CONSENT_REQUIRED" if "CONSENT_REQUIRED" in str(refused) else str(refused)
    return "kept" if await PERSONAL[category].get(id=row.id) == row else "lost"


async def test_a_consent_that_permits_lets_a_row_in() -> None:
    customer = await facts.customer()
    found = {each: await kept(each, customer, await facts.consent(customer, each)) for each in Category}
    assert found == dict.fromkeys(Category, "kept")


async def test_another_customers_consent_lets_no_row_in() -> None:
    customer, other = await facts.customer(), await facts.customer()
    found = {each: await kept(each, other, await facts.consent(customer, each)) for each in Category}
    assert found == dict.fromkeys(Category, "CONSENT_REQUIRED")


async def test_a_consent_for_another_category_lets_no_row_in() -> None:
    customer = await facts.customer()
    given = {each: await facts.consent(customer, each) for each in Category}
    found = {
        (each, other): await kept(each, customer, consent)
        for each in Category
        for other, consent in given.items()
        if other is not each
    }
    assert found == dict.fromkeys(found, "CONSENT_REQUIRED")


async def test_a_consent_that_does_not_permit_lets_no_row_in() -> None:
    found = {}
    for state in NOT_PERMITTING:
        customer = await facts.customer()
        found[state] = await kept(
            Category.CONTACT_POINT, customer, await facts.consent(customer, state=state)
        )
    assert found == dict.fromkeys(NOT_PERMITTING, "CONSENT_REQUIRED")


async def test_a_refusal_tells_no_value() -> None:
    customer = await facts.customer()
    consent = await facts.consent(customer, state=ConsentState.REFUSED)

    with pytest.raises(IntegrityError) as refused:
        await facts.personal(Category.CONTACT_POINT, customer, consent)

    assert "ona" not in str(refused.value)
    assert str(customer.id) not in str(refused.value)


async def test_a_row_never_moves_to_a_consent_that_does_not_permit() -> None:
    customer = await facts.customer()
    row = await facts.personal(Category.CONTACT_POINT, customer, await facts.consent(customer))
    refused = await facts.consent(customer, state=ConsentState.REFUSED)

    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await ContactPoint.filter(id=row.id).update(consent_id=refused.id)
    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await sql("UPDATE contact_points SET consent_id = ? WHERE id = ?", refused.id, row.id)


async def test_a_row_never_moves_to_another_customer() -> None:
    customer = await facts.customer()
    row = await facts.personal(Category.CONTACT_POINT, customer, await facts.consent(customer))

    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await sql("UPDATE contact_points SET customer_id = ?", (await facts.customer()).id)

    assert (await ContactPoint.get(id=row.id)).customer_id == customer.id


async def test_many_rows_at_once_are_refused_whole_when_one_has_no_consent() -> None:
    customer = await facts.customer()
    given = await facts.consent(customer)
    refused = await facts.consent(customer, state=ConsentState.REFUSED)
    shared = {"customer": customer, "source": "form", "collected_at": facts.NOW}
    values = facts.VALUES[Category.CONTACT_POINT]
    rows = [ContactPoint(consent=consent, **shared, **values) for consent in (given, given, refused)]

    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await ContactPoint.bulk_create(rows)

    assert await ContactPoint.all().count() == 0


async def test_a_consent_is_not_withdrawn_while_rows_rest_on_it() -> None:
    customer = await facts.customer()
    gone = []
    for category in Category:
        consent = await facts.consent(customer, category)
        row = await facts.personal(category, customer, consent)
        withdrawn = Consent.filter(id=consent.id).update(state=ConsentState.WITHDRAWN, permits=False)

        with suppress(IntegrityError):
            gone += [category] * await withdrawn
        await row.delete()
        assert await withdrawn == 1, category
    assert gone == []


async def test_a_consent_with_rows_may_be_renewed() -> None:
    customer = await facts.customer()
    consent = await facts.consent(customer)
    await facts.personal(Category.CONTACT_POINT, customer, consent)

    renewed = await Consent.filter(id=consent.id).update(state=ConsentState.RENEWED_CONSENT_GIVEN)

    assert renewed == 1


async def test_a_consent_never_changes_whose_it_is_or_what_for() -> None:
    consent = await facts.consent(await facts.customer())
    changes: list[dict[str, Any]] = [
        {"customer_id": (await facts.customer()).id},
        {"category": Category.ORDER},
        {"purpose": Purpose.MARKETING},
    ]

    for change in changes:
        with pytest.raises(IntegrityError, match="CONSENT_FIXED"):
            await Consent.filter(id=consent.id).update(**change)


async def test_a_consent_with_rows_cannot_be_deleted() -> None:
    customer = await facts.customer()
    consent = await facts.consent(customer)
    await facts.personal(Category.CONTACT_POINT, customer, consent)

    with pytest.raises(IntegrityError):
        await sql("DELETE FROM consents WHERE id = ?", consent.id)


async def test_whether_a_consent_permits_follows_from_its_state() -> None:
    for state in ConsentState:
        consent = await facts.consent(await facts.customer(), state=state)

        with pytest.raises(IntegrityError, match="consents_permits"):
            await Consent.filter(id=consent.id).update(permits=state not in PERMITTING)


async def test_one_consent_permits_for_a_category_and_a_purpose() -> None:
    customer = await facts.customer()
    await facts.consent(customer, state=ConsentState.WITHDRAWN)
    await facts.consent(customer, state=ConsentState.WITHDRAWN)
    await facts.consent(customer)
    await facts.consent(customer, purpose=Purpose.SALES)

    with pytest.raises(IntegrityError):
        await facts.consent(customer, state=ConsentState.RENEWED_CONSENT_GIVEN)


@pytest.mark.parametrize(
    "statement", ["UPDATE consent_events SET state = 'GIVEN'", "DELETE FROM consent_events"]
)
async def test_what_happened_to_a_consent_is_never_edited(statement: str) -> None:
    await facts.event(await facts.consent(await facts.customer()))

    with pytest.raises(IntegrityError, match="CONSENT_EVENTS_APPEND_ONLY"):
        await sql(statement)

    assert await ConsentEvent.all().count() == 1


async def test_what_happened_to_a_consent_is_neither_replaced_nor_truncated() -> None:
    event = await facts.event(await facts.consent(await facts.customer()))
    attack = "TRUNCATE consent_events"
    if dialect() == "sqlite":
        attack = f"INSERT OR REPLACE INTO consent_events SELECT * FROM consent_events WHERE id = '{event.id}'"

    with pytest.raises(IntegrityError, match="CONSENT_EVENTS_APPEND_ONLY"):
        await sql(attack)


async def test_a_customers_way_in_names_the_customer_and_nobody_elses_does() -> None:
    customer = await facts.customer()

    with pytest.raises(IntegrityError, match="accounts_customer"):
        await facts.actor(kind=AccountKind.CUSTOMER)
    with pytest.raises(IntegrityError, match="accounts_customer"):
        await facts.actor(kind=AccountKind.EMPLOYEE, customer=customer)

    assert (await facts.actor(kind=AccountKind.CUSTOMER, customer=customer)).customer_id == customer.id


async def test_an_agreement_ends_after_it_begins_and_tells_when_it_was_signed() -> None:
    partner = await Partner.create(name="Kurjeris", created_at=facts.NOW)
    terms: dict[str, Any] = {
        "partner": partner,
        "from_at": facts.NOW,
        "until_at": facts.NOW + timedelta(days=1),
    }
    terms["created_at"] = facts.NOW
    wrong: list[dict[str, Any]] = [{"until_at": facts.NOW}, {"signed": True}, {"signed_at": facts.NOW}]

    for change in wrong:
        with pytest.raises(IntegrityError, match="agreements_term"):
            await Agreement.create(**{**terms, **change})

    assert await Agreement.create(**terms, signed=True, signed_at=facts.NOW)


async def test_a_token_opens_one_session() -> None:
    actor = await facts.actor()
    times: dict[str, Any] = {"created_at": facts.NOW, "expires_at": facts.NOW}
    await Session.create(actor=actor, token_hash=b"0" * 32, **times)

    with pytest.raises(IntegrityError):
        await Session.create(actor=actor, token_hash=b"0" * 32, **times)
