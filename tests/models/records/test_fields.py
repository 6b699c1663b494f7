"""Contents and their indexes hold any text, and give it back as it came."""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection

from models import (
    PERSONAL,
    Category,
    Consent,
    ContactPoint,
    Customer,
    HealthRecord,
    Identity,
    IdentityEvidence,
    Interaction,
    Order,
    OrderLine,
    PaymentCard,
    PersonalCode,
    PostalAddress,
    Preference,
    folded,
    opened,
    reachable,
)
from models.database import CONNECTION
from models.records import Content
from tests.models import facts

#: Any text at all: quotes, zero characters, emoji, halves of surrogate pairs.
TEXT = st.text(st.characters(), max_size=40)
MAYBE = st.none() | TEXT
LINES = st.lists(st.builds(OrderLine, product=TEXT, quantity=st.integers(), unit_price=TEXT), max_size=3)
CONTENTS: dict[Category, st.SearchStrategy[Any]] = {
    Category.IDENTITY: st.builds(Identity.Content, given_name=MAYBE, family_name=MAYBE, company_name=MAYBE),
    Category.IDENTITY_EVIDENCE: st.builds(IdentityEvidence.Content, issuer=TEXT, number_tail=TEXT),
    Category.PERSONAL_CODE: st.builds(PersonalCode.Content, code=TEXT, country=TEXT),
    Category.CONTACT_POINT: st.builds(ContactPoint.Content, value=TEXT),
    Category.POSTAL_ADDRESS: st.builds(
        PostalAddress.Content, street=MAYBE, city=MAYBE, region=MAYBE, postal_code=MAYBE
    ),
    Category.PREFERENCE: st.builds(Preference.Content, topic=TEXT, monthly_limit=st.integers(), hours=MAYBE),
    Category.INTERACTION: st.builds(Interaction.Content, subject=TEXT, body=MAYBE),
    Category.ORDER: st.builds(
        Order.Content, number=TEXT, total=TEXT, currency=TEXT, billing_address=MAYBE, lines=LINES.map(tuple)
    ),
    Category.PAYMENT_CARD: st.builds(
        PaymentCard.Content, token=TEXT, brand=TEXT, last_four=TEXT, expiry=TEXT, holder=MAYBE
    ),
    Category.HEALTH_RECORD: st.builds(
        HealthRecord.Content, kind=TEXT, description=TEXT, code=MAYBE, onset_on=MAYBE
    ),
}
# One database for all examples: each writes its own row.
SHARED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.every_database]


async def held(category: Category) -> tuple[Customer, Consent]:
    """A customer and a consent for rows of a category."""
    customer = await Customer.first() or await facts.customer()
    consent = await Consent.filter(category=category).first() or await facts.consent(customer, category)
    return customer, consent


@pytest.mark.parametrize("category", Category)
@SHARED
@given(data=st.data())
async def test_a_content_comes_back_as_it_was_written(category: Category, data: st.DataObject) -> None:
    content = data.draw(CONTENTS[category])
    await PERSONAL[category].all().delete()
    row = await facts.personal(category, *await held(category), content=content)

    assert await opened(await PERSONAL[category].get(id=row.id)) == content


@SHARED
@given(name=TEXT)
async def test_a_name_is_found_in_whatever_spelling(name: str) -> None:
    await Identity.all().delete()
    row = await facts.personal(Category.IDENTITY, *await held(Category.IDENTITY), family_name_index=name)

    assert await Identity.get(family_name_index=folded(name)) == row
    assert await Identity.get(family_name_index=f"  {name} ") == row


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("Ona.Petraitė@Example.ORG", "ona.petraitė@example.org"),
        ("+370 (600) 12-345", "+37060012345"),
        ("O'Brien@example.org", "o'brien@EXAMPLE.org"),
    ],
)
async def test_a_contact_value_is_found_in_whatever_spelling(written: str, sought: str) -> None:
    row = await facts.personal(
        Category.CONTACT_POINT, *await held(Category.CONTACT_POINT), value_index=written
    )

    assert await ContactPoint.get(value_index=sought) == row
    assert reachable(written) == reachable(sought)


async def test_a_content_of_another_category_is_refused() -> None:
    with pytest.raises(TypeError, match="ContactPointContent"):
        await facts.personal(
            Category.CONTACT_POINT,
            *await held(Category.CONTACT_POINT),
            content=PostalAddress.Content(city="Vilnius"),
        )


async def test_no_personal_value_is_a_column_of_its_own() -> None:
    for category, record in PERSONAL.items():
        content = facts.VALUES[category]["content"]
        assert is_dataclass(content)
        assert not {field.name for field in fields(content)} & record._meta.db_fields


async def test_a_value_sent_as_sql_stays_a_value() -> None:
    nasty = "'); DROP TABLE contact_points; --"
    row = await facts.personal(
        Category.CONTACT_POINT,
        *await held(Category.CONTACT_POINT),
        content=ContactPoint.Content(value=nasty),
        value_index=nasty,
    )

    assert (await ContactPoint.get(value_index=nasty)).id == row.id
    await get_connection(CONNECTION).execute_query("SELECT 1 FROM contact_points")


@dataclass(frozen=True)
class Told:
    name: str


@dataclass(frozen=True, repr=False)
class Around:
    several: tuple[Told, ...] = ()


@pytest.mark.parametrize("shape", [Told, Around])
def test_a_content_of_which_a_text_would_show_values_cannot_be_declared(shape: type):
    with pytest.raises(TypeError, match="Told would print values: say repr=False"):
        Content(shape)


def test_no_text_of_a_content_shows_a_value():
    assert "ona" not in repr(ContactPoint.Content(value="ona@example.org"))
