"""What several tests of procedures need."""

from collections.abc import AsyncIterator

import pytest

from tests.mailbox import Mailbox, mailbox


@pytest.fixture
async def inbox(database: str) -> AsyncIterator[Mailbox]:
    """What a mail server on this machine takes."""
    async with mailbox() as taken:
        yield taken
