"""A demo to try the pages on: filled once, copied for each page."""

import asyncio
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import demo
from models.database import sqlite_url
from tests.docs import readied as readied_program
from tests.house.tree import ROOT
from tests.installation import at_work


@pytest.fixture(scope="session")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demo."""
    data = tmp_path_factory.mktemp("demo") / "data"
    data.mkdir()
    shutil.copyfile(sqlite_template, data / "savas.sqlite3")
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_fill(data))
    finally:
        loop.close()
    return data


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A directory that answers to the commands of the pages as a clone does, without any data."""
    launcher = tmp_path / "savas"
    command = f"exec {shlex.quote(sys.executable)} -P -m commands"
    launcher.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} {command} "$@"\n')
    launcher.chmod(0o755)
    (tmp_path / "policies").mkdir()
    for file in (ROOT / "policies").glob("*.polar"):
        shutil.copy(file, tmp_path / "policies")
    return tmp_path


@pytest.fixture
def office(clone: Path, filled: Path) -> Path:
    """The same with the demo's data."""
    shutil.copytree(filled, clone / "data")
    return clone


@pytest.fixture(scope="session")
def readied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The text of a `./savas` of which each command begins at once."""
    at = tmp_path_factory.mktemp("readied") / "socket"
    with readied_program.waiting(at, ROOT):
        yield readied_program.launcher(at)


@pytest.fixture
def quick_clone(request: pytest.FixtureRequest, clone: Path) -> Path:
    """The clone, for many commands; in the long run each begins as a user's does."""
    if not request.config.getoption("--long"):
        (clone / "savas").write_text(request.getfixturevalue("readied"))
    return clone


@pytest.fixture
def quick_office(quick_clone: Path, office: Path) -> Path:
    """The office, for many commands."""
    assert office == quick_clone
    return office


async def _fill(data: Path) -> None:
    async with at_work(sqlite_url(data / "savas.sqlite3")):
        await demo.fill(directory=data)
