"""The pages as what they hold: blocks of code, each with the comment above it.

Above a block may stand a comment that says how it is run, and that readers do not see:

    <!-- as: support.agent, purpose: support, task: tasks.nodes.0.id -->
    ```graphql      asked by that persona of the demo; the variable $task comes from the page's answers so far,
                    or from `persona`: who asks, with `login` and `password`
    ```json         what an answer looks like: these keys, these kinds of values, these words in capitals
    ```sh           run beside a demo's data directory; `<!-- exit: 3 -->` when it ends so
    ```text         lines that the command before prints
    ```polar        stands so in the policy files
    <!-- file: docs/production/savas.env -->
    ```ini          stands so in that file
    <!-- not run: the reason -->

The page on the first customer has its people in an empty installation instead:

    <!-- mailed: ona, code: mail.code -->            the code in the newest mail to that person
    <!-- telephone: officer, code: telephone.code -->  the next code of whoever has just enrolled
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.house.tree import ROOT

_BLOCK = re.compile(
    r"(?:^<!-- (?P<comment>[^\n]*?) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_WORD = re.compile(r"[A-Z][A-Z_]+")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str
    notes: dict[str, str]

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """The blocks of a page that are not marked as not run, in order."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        comment = found["comment"] or ""
        if comment.startswith("not run: "):
            continue
        notes = dict(note.split(": ", 1) for note in comment.split(", ") if note)
        line = text.count("\n", 0, found.start("language")) + 1
        yield Block(page, line, found["language"], found["text"], notes)


def at(answer: Any, path: str) -> Any:
    """What an answer holds at a path such as `tasks.nodes.0.id`, or `assignees.employee/name=Rūta.employee.id`."""
    for step in path.split("."):
        name, chosen, value = step.partition("=")
        if chosen:
            answer = next(item for item in answer if at(item, name.replace("/", ".")) == value)
        else:
            answer = answer[int(step) if step.isdecimal() else step]
    return answer


def looks_like(answer: Any, shown: Any) -> bool:
    """Whether an answer is such as a page shows: of the same keys and kinds, some item of a list like each shown."""
    if isinstance(shown, dict):
        return (
            isinstance(answer, dict)
            and answer.keys() == shown.keys()
            and all(looks_like(answer[key], value) for key, value in shown.items())
        )
    if isinstance(shown, list):
        return isinstance(answer, list) and all(
            any(looks_like(item, one) for item in answer) for one in shown
        )
    if isinstance(shown, str) and _WORD.fullmatch(shown):
        return bool(answer == shown)
    return type(answer) is type(shown)


def page(name: str) -> Path:
    """A page by its path from the top."""
    return ROOT / name
