"""What SQLite is asked, by whoever may be ended meanwhile."""

import asyncio
import threading
from typing import Any

import pytest
from tortoise.connection import get_connection

from tests.installation import at_work

#: Seconds after which a test gives up waiting; nothing is measured by it.
GIVE_UP = 60.0


async def test_whoever_is_ended_ends_with_the_statement_so_that_none_goes_on_for_nobody(sqlite_url: str):
    begun, let = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        let.wait(GIVE_UP)
        return 1

    async with at_work(sqlite_url):
        client: Any = get_connection("default")
        await client._connection.create_function("slow", 0, slow)
        reading = asyncio.create_task(client.execute_query_dict("SELECT slow() AS one"))
        await asyncio.to_thread(begun.wait, GIVE_UP)

        reading.cancel()
        done, _ = await asyncio.wait({reading}, timeout=0.05)
        assert not done
        let.set()

        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await client.execute_query_dict("SELECT 2 AS two") == [{"two": 2}]
