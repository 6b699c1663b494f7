"""A database from before there were personal codes: it gains them, and keeps every row."""

from tortoise import BaseDBAsyncClient
from tortoise.connection import get_connection

from models import Category, Consent, Customer, Identity, PersonalCode, opened
from models.database import CONNECTION
from models.enforcement import missing
from procedures.migrate import migrate
from procedures.sealing import seal_rows
from tests.installation import at_work
from tests.models import facts

THIS, LATER = "0003_personal_code", "0006_collection"
ADDED = ("messages", "contact_codes", "intakes", "attestations", "identity_evidence")


async def older(client: BaseDBAsyncClient) -> None:
    """Make the database what it was before."""
    if client.capabilities.dialect == "sqlite":
        # Triggers speak of the new table, and SQLite drops no column that an index or a trigger knows.
        held = "SELECT type, name FROM sqlite_master WHERE type = 'trigger' OR sql LIKE '%given_name_index%' AND type = 'index'"
        for row in await client.execute_query_dict(held):
            await client.execute_query(f"DROP {row['type']} {row['name']}")
    for table in (*ADDED, "personal_codes"):
        await client.execute_query(f"DROP TABLE {table}")
    await client.execute_query("ALTER TABLE identities DROP COLUMN given_name_index")
    await client.execute_query(f"DELETE FROM tortoise_migrations WHERE name IN ('{THIS}', '{LATER}')")


async def test_a_database_from_before_keeps_every_row_and_gains_the_table(database_url: str) -> None:
    async with at_work(database_url):
        customer = await facts.customer()
        consent = await facts.consent(customer, Category.IDENTITY)
        row = await facts.personal(Category.IDENTITY, customer, consent, family_name_index="Petraitė")
        await older(get_connection(CONNECTION))

    report = await migrate(database_url)

    assert report.applied == (THIS, LATER)
    async with at_work(database_url):
        assert await missing(get_connection(CONNECTION)) == []
        kept = await Identity.get(family_name_index="Petraitė")
        assert (kept.id, kept.given_name_index) == (row.id, None)
        assert await opened(kept) == facts.VALUES[Category.IDENTITY]["content"]
        assert await Consent.all().count() == 1
        customer = await Customer.get()
        await facts.personal(
            Category.PERSONAL_CODE, customer, await facts.consent(customer, Category.PERSONAL_CODE)
        )
        assert await PersonalCode.all().count() == 1


async def test_rows_from_before_are_found_by_given_name_once_they_are_sealed(database_url: str) -> None:
    async with at_work(database_url):
        customer = await facts.customer()
        await facts.personal(Category.IDENTITY, customer, await facts.consent(customer, Category.IDENTITY))
        client = get_connection(CONNECTION)
        slot = "?" if client.capabilities.dialect == "sqlite" else "$1"
        plain = '{"given_name":"Ona","family_name":"Petraitė"}'.encode()
        await client.execute_query(f"UPDATE identities SET content = {slot}", [plain])
        await older(client)

    await migrate(database_url)

    async with at_work(database_url):
        await seal_rows()
        assert await Identity.filter(given_name_index="ONA", family_name_index="petraitė").count() == 1
