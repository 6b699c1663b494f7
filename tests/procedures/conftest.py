"""What several tests of procedures need."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from procedures import current
from tests.mailbox import Mailbox, mailbox
from tests.procedures.channels import way


@pytest.fixture
async def inbox(database: str) -> AsyncIterator[Mailbox]:
    """What a mail server on this machine takes."""
    async with mailbox() as taken:
        yield taken


@pytest.fixture
def sending(inbox: Mailbox) -> None:
    """This installation sends by mail."""
    current.installation().addresses = replace(current.addresses(), smtp=way(inbox.port).server)
