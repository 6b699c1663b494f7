"""A note of the policies that were compiled whole before, so that a process compiles only the plans it needs.

Compiling everything shows what cannot be compiled, and which fields some rule opens. Both follow from the
text, from this code and from Oso alone; so once found, they are noted beside the policies, where Python
keeps what it compiles. A note is no permission: plans are compiled from the text by whoever needs them, and
with a false note a mistake is refused later, by the question that meets it.

What plain Oso has judged is noted by question, and which tests passed: of another text, or with other records, only those are
judged and run again that meet another rule or lead to another record.
"""

import contextlib
import json
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from policies import registry
from policies.compiler import Rules
from policies.conditions import Kind
from policies.language import Rule
from policies.testing import expectations

NOTE = Path("__pycache__") / "checked.json"
ROOT = Path(__file__).parent.parent

#: The fields that some rule opens to somebody, by type of record.
Classified = Mapping[str, frozenset[str]]


def read(directory: Path, sources: Mapping[str, str]) -> Classified | None:
    """The classified fields noted for this text and this code; None where there is no such note."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        noted = json.loads((directory / NOTE).read_text("utf-8"))
        if noted["of"] == _fingerprint(sources):
            return {record: frozenset(fields) for record, fields in noted["classified"].items()}
    return None


def judged(*directories: Path) -> frozenset[str]:
    """The digests of the questions that are noted as judged, and of the tests that passed, whatever the text around them was."""
    found: set[str] = set()
    for directory in directories:
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            found.update(map(str, json.loads((directory / NOTE).read_text("utf-8"))["judged"]))
    return frozenset(found)


def questions(
    rules: Rules, kinds: Iterable[Kind], asked: Collection[tuple[str, str]], zone: str
) -> dict[str, tuple[Kind, str, str]]:
    """What kinds of actor may ask to do to which types of record, each question by a digest of it and of what decides it.

    That is the rules it meets, and the type of record with those that it leads to.
    """
    return {
        digest(
            rules.met(kind, action, record),
            (kind.name, sorted(kind.roles), action, record, zone, registry.described(record)),
        ): (kind, action, record)
        for kind in kinds
        for action, record in asked
    }


def tests(
    read: Iterable[expectations.Test], given: Rules, questions: Mapping[str, tuple[Kind, str, str]]
) -> dict[expectations.Test, str]:
    """Tests, each with a digest of its text, of its fixtures and all that these ask, and of its questions."""
    digests = {(kind.name, *asked): question for question, (kind, *asked) in questions.items()}
    return {
        test: digest(given.with_asked(test.givens), (test.line.text, *map(digests.get, test.questions)))
        for test in read
    }


def digest(rules: Iterable[Rule], question: tuple[object, ...]) -> str:
    """What tells one question, the rules that it may meet and the code that answers from all others."""
    texts = sorted(rule.text for rule in rules)
    return sha256(repr((question, texts, _code())).encode()).hexdigest()[:32]


def write(
    directory: Path, sources: Mapping[str, str], classified: Classified, judged: Iterable[str] = ()
) -> None:
    """Note that a text compiled whole; where nothing can be written, it is compiled whole the next time."""
    note = directory / NOTE
    fields = {record: sorted(names) for record, names in classified.items()}
    noted = {"of": _fingerprint(sources), "classified": fields, "judged": sorted(judged)}
    temporary = note.with_name(f"{note.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        note.parent.mkdir(exist_ok=True)
        temporary.write_text(json.dumps(noted), "utf-8")
        temporary.replace(note)


def _fingerprint(sources: Mapping[str, str]) -> str:
    return sha256(repr((sorted(sources.items()), _code(), _files("models"))).encode()).hexdigest()


@cache
def _code() -> tuple[str, ...]:
    """What a compiled policy depends on besides its text and the records: the compiler, Oso, lark and Python."""
    return _files("policies"), version("oso"), version("lark"), sys.version


@cache
def _files(room: str) -> str:
    """What tells the code of a room from any other."""
    digests = (
        file.relative_to(ROOT).as_posix().encode() + sha256(file.read_bytes()).digest()
        for file in sorted((ROOT / room).rglob("*.py"))
    )
    return sha256(b"".join(digests)).hexdigest()
