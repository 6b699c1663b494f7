"""A personal code: one a customer and country, found however it is written, and its country told by nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from models import Category, Consent, Customer, PersonalCode, compact
from models.database import CONNECTION
from tests.models import facts

pytestmark = pytest.mark.every_database

CODE = st.from_regex(r"[0-9A-Z]{1,20}", fullmatch=True)


async def keep(customer: Customer, code: str = "49001010001", country: str = "LT") -> PersonalCode:
    """Keep a code of a customer."""
    consent = await Consent.filter(customer_id=customer.id).first() or await facts.consent(
        customer, Category.PERSONAL_CODE
    )
    content = PersonalCode.Content(code, country)
    row = await facts.personal(
        Category.PERSONAL_CODE, customer, consent, content=content, code_index=code, country_digest=country
    )
    assert isinstance(row, PersonalCode)
    return row


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("country", ["LT", "lt", " L.T. "])
async def test_a_second_code_of_a_country_is_refused_by_the_database(country: str) -> None:
    customer = await facts.customer()
    await keep(customer)

    with pytest.raises(IntegrityError):
        await keep(customer, "38001010002", country)
    assert await PersonalCode.all().count() == 1


@pytest.mark.usefixtures("database")
async def test_a_second_code_in_one_statement_is_refused_too() -> None:
    customer = await facts.customer()
    consent = await facts.consent(customer, Category.PERSONAL_CODE)
    rows = [
        PersonalCode(customer=customer, consent=consent, source="form", collected_at=facts.NOW, **values)
        for values in [facts.VALUES[Category.PERSONAL_CODE]] * 2
    ]

    with pytest.raises(IntegrityError):
        await PersonalCode.bulk_create(rows)
    assert await PersonalCode.all().count() == 0


@pytest.mark.usefixtures("database")
async def test_codes_of_two_countries_and_of_two_customers_are_kept() -> None:
    one, other = await facts.customer(), await facts.customer()

    await keep(one)
    await keep(one, "010190-00017", "LV")
    await keep(other)
    assert await PersonalCode.all().count() == 3


@pytest.mark.usefixtures("database")
async def test_a_code_without_its_country_is_refused() -> None:
    customer = await facts.customer()

    with pytest.raises((IntegrityError, ValueError)):
        await facts.personal(
            Category.PERSONAL_CODE,
            customer,
            await facts.consent(customer, Category.PERSONAL_CODE),
            country_digest=None,
        )


@pytest.mark.usefixtures("database")
async def test_the_database_does_not_tell_whose_countries_are_the_same() -> None:
    for _ in range(5):
        await keep(await facts.customer())

    digests = {bytes(row.country_digest) for row in await PersonalCode.all()}
    assert {len(digest) for digest in digests} == {32}
    assert len(digests) == 5


@pytest.mark.usefixtures("database")
async def test_a_row_saved_again_keeps_its_place() -> None:
    row = await keep(await facts.customer())
    held = await PersonalCode.get(id=row.id)
    digest = held.country_digest

    held.source = "letter"
    held.content = PersonalCode.Content("49001010002", "LT")
    await held.save()

    assert (await PersonalCode.get(id=row.id)).country_digest == digest


@pytest.mark.usefixtures("database")
async def test_a_country_is_written_by_saving_its_row() -> None:
    with pytest.raises(TypeError):
        await PersonalCode.all().update(country_digest="LT")


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "sought", ["010190-00017", "010190 00017", "01019000017", " 010190\N{EN DASH}00017 "]
)
async def test_a_code_is_found_in_whatever_spelling(sought: str) -> None:
    row = await keep(await facts.customer(), "010190-00017", "LV")

    assert await PersonalCode.get(code_index=sought) == row
    assert await PersonalCode.filter(code_index="01019000018").count() == 0


@pytest.mark.usefixtures("database")
async def test_neither_the_code_nor_its_country_is_in_the_table() -> None:
    await keep(await facts.customer(), "49001010001", "Lithuania")

    (row,) = await get_connection(CONNECTION).execute_query_dict("SELECT * FROM personal_codes")
    stored = b" ".join(value if isinstance(value, bytes) else str(value).encode() for value in row.values())
    assert b"49001010001" not in stored
    assert b"lithuania" not in stored.lower()


@given(text=st.text(st.characters()))
def test_any_text_is_some_code(text: str) -> None:
    assert compact(text) == compact(f" {text}- ")


@given(code=CODE, separators=st.lists(st.sampled_from(["", " ", "-", "/", "."]), min_size=20, max_size=20))
def test_separators_and_case_make_no_other_code(code: str, separators: list[str]) -> None:
    written = "".join(character + between for character, between in zip(code, separators, strict=False))

    assert compact(written) == compact(written.lower()) == code


@given(one=CODE, other=CODE)
def test_different_codes_differ(one: str, other: str) -> None:
    assert (compact(one) == compact(other)) == (one == other)
