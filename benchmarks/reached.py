"""Which tests execute which lines, for `benchmarks.mutants`: a plugin of pytest, which needs the package `coverage`.

    REACHED=/tmp/reached .venv/bin/python -m pytest -p benchmarks.reached -n 2 tests/policies tests/schema

Writes a file for each process into the directory that REACHED names; `read` puts them together.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

#: By file and line, the tests that execute it, the quickest first.
Reached = dict[str, dict[int, list[str]]]


class Watching:
    """Measures each test for itself; what is executed between them belongs to none."""

    def __init__(self, directory: Path, root: Path) -> None:
        import coverage  # noqa: PLC0415 only whoever measures has it

        self._directory, self._root = directory, root
        self._lines = coverage.Coverage(data_file=None, include=["policies/*", "schema/*"])
        self._took: dict[str, float] = {}
        self._lines.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test executes, its fixtures included, and how much of the processor it takes."""
        self._lines.switch_context(item.nodeid)
        began = time.process_time()
        try:
            return (yield)
        finally:
            self._took[item.nodeid] = time.process_time() - began
            self._lines.switch_context("")

    def pytest_sessionfinish(self) -> None:
        """Write what was found."""
        self._lines.stop()
        data = self._lines.get_data()
        found = {
            str(Path(file).relative_to(self._root)): {
                line: [test for test in tests if test]
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        self._directory.mkdir(parents=True, exist_ok=True)
        to = self._directory / f"{os.getpid()}.json"
        to.write_text(json.dumps({"lines": found, "took": self._took}), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Watch from the beginning, in each process that runs tests."""
    if not config.option.collectonly and getattr(config.option, "dist", "no") == "no":
        config.pluginmanager.register(Watching(Path(os.environ["REACHED"]), config.rootpath))


def read(directory: Path) -> Reached:
    """What all processes found."""
    lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    took: dict[str, float] = {}
    for file in directory.glob("*.json"):
        part: dict[str, Any] = json.loads(file.read_text("utf-8"))
        took |= part["took"]
        for name, found in part["lines"].items():
            for line, tests in found.items():
                lines[name][int(line)].update(tests)
    return {
        name: {line: sorted(tests, key=took.__getitem__) for line, tests in found.items()}
        for name, found in lines.items()
    }
