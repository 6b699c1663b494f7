"""What several tests of procedures need."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.database import sqlite_url
from tests.mailbox import Mailbox, mailbox
from tests.procedures.arriving import Parcel


@pytest.fixture
async def inbox(database: str) -> AsyncIterator[Mailbox]:
    """What a mail server on this machine takes."""
    async with mailbox() as taken:
        yield taken


@pytest.fixture(scope="session")
def parcel(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Parcel:
    """An archive that another installation made."""
    path = tmp_path_factory.mktemp("sender") / "savas.sqlite3"
    shutil.copyfile(sqlite_template, path)
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(Parcel.sent(sqlite_url(path)))
    finally:
        loop.close()
