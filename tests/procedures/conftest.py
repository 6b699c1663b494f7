"""What several tests of procedures need."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from models.database import kind, sqlite_url
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


@pytest.fixture
def empty(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Any:
    """A database without any table."""
    if kind(database_url) == "sqlite":
        yield sqlite_url(tmp_path / "older" / "savas.sqlite3")
        return
    server, name = request.getfixturevalue("postgres_server"), f"test_{uuid4().hex}_older"
    yield server.create(name)
    server.drop(name)
