"""What the databases of all tests are copied from: made once in a run.

Where tests run in several processes, the one that leads them makes it before they begin, and tells each of the others
where it lies. Where they run in one, it is made for the first test that needs it, so that a single test ends soon.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Coroutine, Mapping, MutableMapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from models.database import sqlite_url
from policies import checked
from policies.language import text
from policies.language.text import HERE
from policies.offline import complete_models
from policies.policy import Policy
from procedures.installation import migrate
from tests import installation, postgres, scratch

_SQLITE, _POSTGRES, _REASON = "savas_sqlite", "savas_postgres", "savas_no_postgres"
_INSTALLATION = "savas_installation"
#: The migrated database of a PostgreSQL server, and that of an installation which was opened once.
NAME, OPENED = "savas_template", "savas_opened"
#: Where the keys of the latter lie, beside the server's data.
_KEYS = "keys"


class Templates:
    """Migrated databases with nothing in them, each made when it is first asked for."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given, self._stack = given, ExitStack()

    @cached_property
    def sqlite(self) -> Path:
        """An embedded database."""
        if _SQLITE in self._given:
            return Path(self._given[_SQLITE])
        path = self._stack.enter_context(scratch.directory("template")) / "template.sqlite3"
        _migrate(sqlite_url(path))
        return path

    @cached_property
    def installation(self) -> Path:
        """The directory of an installation with an embedded database: migrated and empty, but for what its keys are."""
        if _INSTALLATION in self._given:
            return Path(self._given[_INSTALLATION])
        directory = self._stack.enter_context(scratch.directory("installation")) / "data"
        directory.mkdir()
        shutil.copyfile(self.sqlite, directory / installation.DATABASE)
        _done(_opened_once(sqlite_url(directory / installation.DATABASE)))
        return directory

    @cached_property
    def postgres(self) -> postgres.AtRest | str:
        """What PostgreSQL servers start from, or why there are none here."""
        if _REASON in self._given:
            return str(self._given[_REASON])
        if _POSTGRES in self._given:
            binaries, data = self._given[_POSTGRES]
            return postgres.AtRest(Path(binaries), Path(data))
        try:
            return self._stack.enter_context(postgres.at_rest(_fill))
        except (OSError, KeyError, subprocess.SubprocessError) as error:
            if os.environ.get("CI") == "true":
                raise
            return f"PostgreSQL cannot start here: {error}"

    @property
    def keys(self) -> Path:
        """The directory with the keys of the installation on PostgreSQL; there must be one."""
        assert not isinstance(self.postgres, str)
        return self.postgres.data.with_name(_KEYS)

    def hand(self, to: MutableMapping[str, Any]) -> None:
        """Tell another process where they lie."""
        # What was found whole is noted, so that no other process begins with compiling all of it, or having it judged.
        complete_models()
        sources = text.read(HERE)
        if checked.read(HERE, sources) is None:
            checked.write(HERE, sources, Policy(sources).all_classified)
        to[_SQLITE], to[_INSTALLATION] = str(self.sqlite), str(self.installation)
        if isinstance(self.postgres, str):
            to[_REASON] = self.postgres
        else:
            to[_POSTGRES] = str(self.postgres.binaries), str(self.postgres.data)

    def close(self) -> None:
        """Delete those that were made here."""
        self._stack.close()


KEY = pytest.StashKey[Templates]()


def _fill(server: postgres.Server) -> None:
    _migrate(server.create(NAME))
    url = server.create(OPENED, template=NAME)
    _done(_opened_once(url))
    shutil.copytree(installation.directory(url), server.directory / _KEYS)


def _migrate(url: str) -> None:
    _done(migrate(url))


async def _opened_once(url: str) -> None:
    async with installation.at_work(url):
        pass


def _done(work: Coroutine[Any, Any, object]) -> None:
    # A loop of its own: asyncio.run would take away the one that the tests use.
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()
