"""Databases for tests: each test has one of its own, copied in milliseconds from a migrated one.

`database_url` and `database` run a test twice, on SQLite and on PostgreSQL; `sqlite_url` and
`postgres_url` are for what concerns one of them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import hypothesis
import pytest

# Hundreds of processes are started, and each would compile everything again; where nothing is to be written beside the
# sources, it is kept with what pytest keeps.
if sys.dont_write_bytecode:
    sys.dont_write_bytecode, sys.pycache_prefix = (
        False,
        str(Path(__file__).parents[1] / ".pytest_cache/bytecode"),
    )
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix

from models.database import connection as databases
from policies.offline import complete_models
from policies.policy import HERE
from procedures.current import Addresses
from tests import campaigns, hashes, installation, postgres, scratch, templates, words
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.judged import judged
from tests.ledger import vouched
from tests.templates import Templates

if TYPE_CHECKING:
    from tests.people import Office
    from tests.procedures.arriving import Parcel

# Files in memory, where there is enough of it: hundreds of databases a minute wait for no disk. What is proved here is
# what outlives a killed process; no test cuts the power.
MEMORY, ENOUGH = Path("/dev/shm"), 4 * 2**30  # noqa: S108 tests share no names there
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH:
    os.environ.setdefault("TMPDIR", str(MEMORY))
    # Whoever was imported before may have asked where.
    tempfile.tempdir = None

# How long an example takes is the machine's affair.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

# For this process, so that nothing is undone.
hashes.cheap(pytest.MonkeyPatch())

for name in ("tortoise", "aiosqlite", "asyncpg"):
    logging.getLogger(name).setLevel(logging.WARNING)


def pytest_addoption(parser: pytest.Parser) -> None:
    campaigns.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", {})
    if not given:
        # What a killed run left would lie in memory until the machine is started anew.
        scratch.sweep(tempfile.gettempdir(), postgres.place())
    made = Templates(given)
    config.stash[templates.KEY] = made
    config.add_cleanup(made.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Another process of this run begins."""
    node.config.stash[templates.KEY].hand(node.workerinput)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return campaigns.elsewhere(config, collection_path) or None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        kinds = campaigns.databases(metafunc.config, metafunc.definition)
        metafunc.parametrize("database_url", kinds, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    taken, left = campaigns.selected(config, items)
    items[:] = campaigns.by_database(taken)
    if left:
        config.hook.pytest_deselected(items=left)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    if lines := campaigns.summary(reports):
        length = "at full length" if config.getoption("--long") else "on a sample; --long tries all"
        terminalreporter.section(f"what was tried ({length})")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
def campaign(request: pytest.FixtureRequest) -> Campaign:
    """How much this test is to try, and where it says what it tried."""
    return Campaign(request.config.getoption("--long"), request.node)


@pytest.fixture
def real_hashes() -> Iterator[None]:
    """Passwords are hashed as the product hashes them, for a test of that."""
    with hashes.real():
        yield


@pytest.fixture(scope="session")
def sqlite_template(pytestconfig: pytest.Config) -> Path:
    """An embedded database, migrated and empty."""
    return pytestconfig.stash[templates.KEY].sqlite


@pytest.fixture(scope="session")
def installation_template(pytestconfig: pytest.Config) -> Path:
    """The directory of an installation with an embedded database, opened once and empty."""
    return pytestconfig.stash[templates.KEY].installation


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Iterator[postgres.Server]:
    """A PostgreSQL server of this test process alone."""
    rest = pytestconfig.stash[templates.KEY].postgres
    if isinstance(rest, str):
        pytest.skip(rest)
    with postgres.server(rest) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_pool(postgres_server: postgres.Server) -> postgres.Pool:
    """PostgreSQL databases, migrated and empty."""
    return postgres.Pool(postgres_server, templates.NAME)


@pytest.fixture(scope="session")
def postgres_installations(postgres_server: postgres.Server) -> postgres.Pool:
    """PostgreSQL databases of an installation that was opened once, and is empty."""
    return postgres.Pool(postgres_server, templates.OPENED)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an embedded database of this test's own."""
    path = tmp_path / installation.DATABASE
    shutil.copyfile(sqlite_template, path)
    return databases.sqlite_url(path)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_server: postgres.Server) -> Iterator[str]:
    """The address of a PostgreSQL database of this test's own; of one that was opened once, where `database` opens it."""
    begun = "database" in request.fixturenames
    pool: postgres.Pool = request.getfixturevalue("postgres_installations" if begun else "postgres_pool")
    name = pool.take()
    yield postgres_server.url(name)
    pool.give_back(name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database of this test's own; the test runs once for each kind that this run takes for it."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def place(request: pytest.FixtureRequest, database_url: str) -> Iterator[Addresses]:
    """Where an installation of this test's own keeps everything; the key database is of the database's kind."""
    if databases.kind(database_url) == "sqlite":
        yield installation.place(database_url)
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}_keys"
    yield installation.place(database_url, server.create(name))
    server.drop(name)


@pytest.fixture
async def database(
    request: pytest.FixtureRequest,
    pytestconfig: pytest.Config,
    database_url: str,
    installation_template: Path,
) -> AsyncIterator[str]:
    """An installation of this test's own, its database connected and its vault open; gives the database's address."""
    embedded = databases.kind(database_url) == "sqlite"
    installation.begin(
        database_url, installation_template if embedded else pytestconfig.stash[templates.KEY].keys
    )
    async with at_work(database_url):
        async with judged(request.node):
            yield database_url
        await _vouched(request)


@pytest.fixture
async def sqlite(
    request: pytest.FixtureRequest, sqlite_url: str, installation_template: Path
) -> AsyncIterator[None]:
    """An installation with an embedded database, for what does not depend on its kind."""
    installation.begin(sqlite_url, installation_template)
    async with at_work(sqlite_url):
        async with judged(request.node):
            yield
        await _vouched(request)


async def _vouched(request: pytest.FixtureRequest) -> None:
    """Whatever a test did, rows and ledger say the same; but for one that wrote past the program, and says so."""
    if not request.node.get_closest_marker("by_hand"):
        await vouched()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Policies that may be changed: the shipped ones, with the note that they were found whole, if there is one."""
    return shutil.copytree(HERE, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py", "*.pyc"))


@pytest.fixture(scope="session")
def proved() -> None:
    """The shipped policies are noted as tested and judged, so that of another text only what it changes is judged anew."""
    from tests.policies import compiled

    complete_models()
    compiled.proved()


@pytest.fixture(autouse=True)
def own_words() -> Iterator[None]:
    """The words that a test declares, knowingly or by loading a policy, are gone after it."""
    with words.forgotten():
        yield


@pytest.fixture
def ours(rules: Path) -> Path:
    """Policies that declare a purpose and a role more, each in one file."""
    words.add(rules)
    return rules


@pytest.fixture
def office(database: str) -> Office:
    """An office with nobody in it."""
    # Imported here: it brings the whole schema along, for which most tests need not wait.
    from tests.people import Office

    return Office()


@pytest.fixture(scope="session")
def parcel(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Parcel:
    """An archive that another installation made for a customer."""
    from tests.procedures.arriving import Parcel

    path = tmp_path_factory.mktemp("sender") / "savas.sqlite3"
    shutil.copyfile(sqlite_template, path)
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(Parcel.sent(databases.sqlite_url(path)))
    finally:
        loop.close()
