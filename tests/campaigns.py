"""Campaigns: what is tried on many cases is tried on a sample in the short run, and at full length with `--long`.

    async def test_what_was_told_is_done(campaign, …):
        cycles = campaign.of(short=20, long=200)
        …
        campaign.tried(cycles, "processes killed")

At the end the run prints what each campaign tried. Two marks leave tests to the long run:

    long              the test, or one of its cases, runs with `--long` only
    every_database    what it does is done by other SQL, or with other locks, on PostgreSQL: the short run takes both
                      databases; of all other tests it takes SQLite only

A test that is named (`tests/…::test_…`) runs whatever its marks.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_PROPERTY = "campaign"


@dataclass(frozen=True)
class Campaign:
    """How much a test is to try in this run.

    Attributes:
        long: whether the run is at full length.
    """

    long: bool
    _node: pytest.Item

    def of(self, *, short: int, long: int) -> int:
        """How many cases to try."""
        return long if self.long else short

    def tried(self, count: int, what: str) -> None:
        """Have the end of the run tell how many of what were tried."""
        self._node.user_properties.append((_PROPERTY, (what, count)))


def add_option(parser: pytest.Parser) -> None:
    """Declare `--long`."""
    parser.addoption(
        "--long", action="store_true", help="run every campaign at full length, on both databases"
    )


def databases(config: pytest.Config, test: pytest.Item) -> list[str]:
    """The kinds of database on which this run takes a test."""
    both = _everything(config) or test.get_closest_marker("every_database")
    return ["sqlite", "postgres"] if both else ["sqlite"]


def elsewhere(config: pytest.Config, path: Path) -> bool:
    """Whether a file holds no test of the name, or of the words of a name, that `-k` wants; then it need not be read.

    The name of a test is a sentence, and stands in its file. Fewer than three words may be in a parameter, too.
    """
    wanted = str(config.getoption("keyword")).lower()
    sentence = wanted.startswith("test_") or wanted.count("_") > 1
    if not (sentence and wanted.isidentifier() and path.name.startswith("test_") and path.suffix == ".py"):
        return False
    return wanted not in path.as_posix().lower() and wanted not in path.read_text(encoding="utf-8").lower()


def selected(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What this run takes of the tests, and what it leaves to the long one."""
    if _everything(config):
        return list(items), []
    left = [item for item in items if _long(item)]
    gone = set(left)
    return [item for item in items if item not in gone], left


def by_database(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """The tests in their order, those on PostgreSQL after all others.

    A process works with one kind of database at a time, and to turn to the other costs it as much as a small test.
    """
    return sorted(items, key=_on_postgres)


def _everything(config: pytest.Config) -> bool:
    return config.getoption("--long") or any("::" in argument for argument in config.args)


def _long(item: pytest.Item) -> bool:
    if item.get_closest_marker("long"):
        return True
    return _on_postgres(item) and not item.get_closest_marker("every_database")


def _on_postgres(item: pytest.Item) -> bool:
    parameters = getattr(item, "callspec", None)
    return parameters is not None and "postgres" in parameters.params.values()


def summary(reports: Iterable[Any]) -> list[str]:
    """What the campaigns tried, a line each, from the reports of the tests."""
    tried: Counter[tuple[str, str]] = Counter()
    for report in reports:
        for name, value in report.user_properties if report.when == "call" else ():
            if name == _PROPERTY:
                what, count = value
                tried[report.nodeid.partition("::")[0], what] += count
    return [f"{count:>9,}  {what}  ({file})" for (file, what), count in sorted(tried.items())]
