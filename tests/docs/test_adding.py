"""What the page on adding says is done in a copy of the tree, and comes out as it says."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from tests.docs.pages import page
from tests.house.tree import ROOT, texts

_MARKED = re.compile(
    r"^<!-- (?P<what>file|patch|stat): (?P<step>\w+)(?: (?P<path>\S+))? -->\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
#: How many files a step may touch by hand, and of a category with its migration; a purpose has a notice a language.
FILES = {"field": 2, "role": 1, "purpose": 3, "category": 3}
#: How many lines a category takes at most, its migration included.
LINES = 60


@dataclass(frozen=True)
class Part:
    """A marked block: a file to write, a patch to apply, or what `git diff --stat` shows afterwards."""

    what: str
    step: str
    path: str
    text: str


PARTS = [
    Part(found["what"], found["step"], found["path"] or "", found["text"])
    for found in _MARKED.finditer(page("docs/adding.md").read_text("utf-8"))
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, as a repository of its own."""
    there = tmp_path_factory.mktemp("adding")
    for path in texts():
        to = there / path.relative_to(ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to)
        # Compiled as it is: a copy keeps its time, and so what was made of it is good for it as well.
        if (compiled := Path(cache_from_source(path))).exists():
            made = Path(cache_from_source(to))
            made.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(compiled, made)
    git(there, "init", "--quiet")
    commit(there)
    return there


def run(there: Path, *words: str, given: str | None = None) -> str:
    """What a command prints; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(there), "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        words,
        cwd=there,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def git(there: Path, *words: str, given: str | None = None) -> str:
    return run(
        there, "git", "-c", "user.name=nobody", "-c", "user.email=nobody@example.org", *words, given=given
    )


def commit(there: Path) -> None:
    git(there, "add", "--all")
    git(there, "commit", "--quiet", "--message", "so far")


def python(there: Path, *words: str) -> str:
    return run(there, sys.executable, "-m", *words)


def added(there: Path, step: str) -> None:
    """Do what the page shows for a step."""
    for part in (part for part in PARTS if part.step == step):
        if part.what == "file":
            (there / part.path).write_text(part.text, encoding="utf-8")
        if part.what == "patch":
            git(there, "apply", given=part.text)


def stat(there: Path) -> str:
    """What `git diff --stat` shows of files that are new or were changed."""
    git(there, "add", "--all")
    return git(there, "diff", "--cached", "--stat=80")


def shown(step: str) -> str:
    return next(part.text for part in PARTS if (part.what, part.step) == ("stat", step))


def table(text: str) -> list[tuple[str, str]]:
    """The files and counts of a `--stat`, however wide it is."""
    return re.findall(r"^ (\S+) +\| +(\d+)", text, re.MULTILINE)


def test_each_thing_takes_as_many_files_as_the_page_shows_and_is_in_the_api(copy: Path) -> None:
    """One test: its steps need each other, and tests of a file may run in several processes."""
    for step, files in FILES.items():
        added(copy, step)
        by_hand = table(stat(copy))
        commit(copy)
        if step == "category":
            # The rest of what the command writes is compared where it lies, in the tree itself.
            python(copy, "docs.pages", "models/migrations")
        migrations = [row for row in table(stat(copy)) if re.search(r"/\d{4}_\w+\.py$", row[0])]

        counts = sorted([*by_hand, *migrations])
        assert counts == sorted(table(shown(step)))
        assert len(counts) == files
        assert sum(int(lines) for _, lines in counts) <= LINES

    assert "passed" in python(
        copy, "pytest", "tests/schema/added.py", "-q", "-p", "no:cacheprovider", "-n", "0"
    )
