"""The first query of the README works as it is pasted."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.docs.pages import Block, blocks, looks_like, page

README = page("README.md")
PATIENCE = 300


@pytest.mark.skipif(shutil.which("curl") is None, reason="the first query is asked with curl")
def test_the_first_query_works_as_pasted(clone: Path) -> None:
    query, shown = first_query()
    with served(clone) as port:
        text = query.text.replace(":8000/", f":{port}/")
        asked = subprocess.run(
            ["sh", "-eu", "-c", text], cwd=clone, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
    answer = json.loads(asked.stdout)
    assert "errors" not in answer
    assert looks_like(answer, json.loads(shown.text))


def first_query() -> tuple[Block, Block]:
    """The block that asks, and the one that shows the answer."""
    found = list(blocks(README))
    place = next(place for place, block in enumerate(found) if "curl" in block.text)
    return found[place], found[place + 1]


@contextmanager
def served(clone: Path) -> Iterator[str]:
    """`./savas serve`, with the demo that it offers; gives the port."""
    process = subprocess.Popen(
        ["./savas", "serve", "--demo", "--port", "0"],
        cwd=clone,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "120"},
    )
    assert process.stderr is not None
    try:
        said = ""
        for line in process.stderr:
            said += line
            if started := re.search(r"serving at http://127\.0\.0\.1:(\d+)/", line):
                yield started[1]
                return
        raise AssertionError(said)
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
