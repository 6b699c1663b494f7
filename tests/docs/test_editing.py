"""The grammar for editors knows the words of policies, and colours every sign of the files that come with Savas."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from policies.language import text
from policies.language.grammar import GRAMMAR
from policies.policy import HERE
from tests.house.tree import ROOT

EDITING = ROOT / "docs" / "editing"
#: Words and signs that policies may not use; an editor shows them as errors.
REFUSED = {"cut", "debug", "mod", "new", "print", "rem", "+", "-", "*", "/"}


def read(name: str) -> Any:
    return json.loads((EDITING / name).read_text("utf-8"))


@cache
def patterns() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("polar.tmLanguage.json")["patterns"]
    return found


def scopes(line: str) -> Iterator[tuple[str, str]]:
    """The parts of a line with their scopes, as an editor finds them: the pattern that begins first, and of several the first."""
    at = 0
    while at < len(line):
        matches = [
            (found.start(), place, found)
            for place, each in enumerate(patterns())
            if (found := _first(each, line, at))
        ]
        if not matches:
            yield line[at:], ""
            return
        start, place, found = min(matches)
        yield line[at:start], ""
        yield found[0], str(patterns()[place].get("name", ""))
        at = found.end()


def _first(pattern: dict[str, Any], line: str, at: int) -> re.Match[str] | None:
    if "begin" in pattern:
        return re.compile(r'"(?:[^"\\]|\\.)*"').search(line, at)
    return re.compile(pattern["match"]).search(line, at)


def words() -> set[str]:
    """The words of the grammar, and its signs between terms."""
    return {
        found
        for found in re.findall(r'"([^"\s\\]+)"', GRAMMAR)
        if re.fullmatch(r"[a-z]+|[-+*/=<>!:?]+", found)
    } - {":"}


def test_every_word_and_sign_of_the_grammar_has_a_colour() -> None:
    known = words()
    assert {"forall", "matches", "?=", "print", ":="} <= known

    for word in known:
        ((_, scope),) = [(part, scope) for part, scope in scopes(word) if part == word]
        assert scope.startswith(("keyword.", "constant.language.", "invalid.")), word
        assert scope.startswith("invalid.") == (word in REFUSED), word


def test_no_other_word_is_taken_for_one_of_the_grammar() -> None:
    listed = {
        word
        for each in patterns()
        for group in re.findall(r"\\b\(\?:([a-z|]+)\)\\b", each.get("match", ""))
        for word in group.split("|")
    }

    assert listed == {word for word in words() if word.isalpha()}


def test_every_sign_of_the_files_that_come_with_savas_has_a_colour_and_none_is_an_error() -> None:
    for file, source in text.read(HERE).items():
        for number, line in enumerate(source.splitlines(), 1):
            for part, scope in scopes(line):
                assert not scope.startswith("invalid."), (file, number, part)
                assert scope or not part.strip() or re.fullmatch(r":\s*\w+|\.\w+", part), (file, number, part)


def test_the_extension_names_its_files() -> None:
    contributes = read("package.json")["contributes"]

    (language,), (grammar,) = contributes["languages"], contributes["grammars"]
    assert (EDITING / language["configuration"]).is_file()
    assert (EDITING / grammar["path"]).is_file()
    assert language["id"] == grammar["language"]
    assert grammar["scopeName"] == read("polar.tmLanguage.json")["scopeName"]
