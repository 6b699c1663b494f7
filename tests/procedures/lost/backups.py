"""Backups of a whole database of either kind, made and brought back while nobody has it open."""

import asyncio
from urllib.parse import urlsplit

from models.database import kind
from procedures.current import Addresses
from tests import installation, postgres
from tests.procedures.installed import Copies


class Backup:
    """A backup of the database; the keys and the witness stay as they are."""

    def __init__(self, place: Addresses, server: postgres.Server | None) -> None:
        self.place, self.server = place, server
        self.embedded = kind(place.database) == "sqlite"
        self.copies: Copies | None = None
        self.name = urlsplit(place.database).path[1:]

    async def make(self) -> None:
        """Make it of the present database."""
        if self.embedded:
            self.copies = Copies(self.place)
        else:
            await self._copy(self.name, f"{self.name}_backup")

    async def back(self) -> None:
        """Put it in the place of the database."""
        if self.copies is not None:
            self.copies.back("database")
        else:
            await self._copy(f"{self.name}_backup", self.name)

    async def remove(self) -> None:
        """Remove what was made beside the database."""
        if self.server is not None:
            await asyncio.to_thread(self.server.drop, f"{self.name}_backup")

    async def _copy(self, of: str, to: str) -> None:
        assert self.server is not None
        await asyncio.to_thread(self.server.drop, to)
        await asyncio.to_thread(lambda: self.server and self.server.create(to, template=of))


def backed(url: str) -> tuple[Addresses, Backup]:
    """Where an embedded installation keeps everything, and its backup."""
    place = installation.place(url)
    return place, Backup(place, None)
