"""What two connections do to each other: a withdrawal and a row being written wait for one another.

Only PostgreSQL has two writers at once; the embedded database lets one wait from its first word on.
"""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from models import Category, Consent, ContactPoint
from models.database import transaction
from tests.installation import at_work
from tests.models import facts

WITHDRAW = "UPDATE consents SET state = 'WITHDRAWN', permits = false WHERE id = $1"
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
async def other(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Another process's connection to the database that is open."""
    async with at_work(postgres_url):
        connection = await asyncpg.connect(postgres_url)
        try:
            yield connection
        finally:
            await connection.close()


@pytest.fixture
async def observer(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that takes part in nothing."""
    connection = await asyncpg.connect(postgres_url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_a_withdrawal_under_way_keeps_new_rows_out(
    other: asyncpg.Connection, observer: asyncpg.Connection
) -> None:
    customer = await facts.customer()
    consent = await facts.consent(customer)
    async with other.transaction():
        await other.execute(WITHDRAW, consent.id)
        writing = asyncio.create_task(facts.personal(Category.CONTACT_POINT, customer, consent))
        await somebody_waits(observer)

    with pytest.raises(IntegrityError, match="CONSENT_REQUIRED"):
        await writing
    assert await ContactPoint.all().count() == 0


async def test_a_row_under_way_keeps_its_consent_from_being_withdrawn(
    other: asyncpg.Connection, observer: asyncpg.Connection
) -> None:
    customer = await facts.customer()
    consent = await facts.consent(customer)
    async with transaction():
        await facts.personal(Category.CONTACT_POINT, customer, consent)
        withdrawing = asyncio.create_task(other.execute(WITHDRAW, consent.id))
        await somebody_waits(observer)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="CONSENT_IN_USE"):
        await withdrawing
    assert (await Consent.get(id=consent.id)).permits


async def test_a_withdrawal_that_locks_its_consent_first_takes_a_row_under_way_along(
    other: asyncpg.Connection, observer: asyncpg.Connection
) -> None:
    customer = await facts.customer()
    consent = await facts.consent(customer)
    async with transaction():
        await facts.personal(Category.CONTACT_POINT, customer, consent)
        withdrawing = asyncio.create_task(withdraw(other, consent))
        await somebody_waits(observer)

    await withdrawing
    assert not (await Consent.get(id=consent.id)).permits
    assert await ContactPoint.all().count() == 0


async def withdraw(connection: asyncpg.Connection, consent: Consent) -> None:
    """Withdraw as a procedure does: lock, delete, change."""
    async with connection.transaction():
        await connection.execute("SELECT 1 FROM consents WHERE id = $1 FOR UPDATE", consent.id)
        await connection.execute("DELETE FROM contact_points WHERE consent_id = $1", consent.id)
        await connection.execute(WITHDRAW, consent.id)


async def somebody_waits(observer: asyncpg.Connection) -> None:
    """Return once somebody waits for a lock."""
    async with asyncio.timeout(300):
        while not await observer.fetch(WAITING):  # noqa: ASYNC110 the database cannot call us
            await asyncio.sleep(0.01)
