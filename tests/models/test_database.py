"""Connecting: what works, and what is said when it does not."""

from datetime import UTC, datetime

from models import Customer

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_what_is_written_is_read_again(database: str) -> None:
    customer = await Customer.create(created_at=NOW)

    assert (await Customer.get(id=customer.id)).created_at == NOW
