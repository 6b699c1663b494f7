"""The pages that are made from the code say what the code says, and speak of every code that there is."""

import difflib
import re

import pytest

from docs.pages import GENERATED, WRITE, errors
from tests.docs.pages import page
from tests.house import tree

PAGES = [name for name in GENERATED if name.endswith(".md") and name.startswith("docs/")]
WORD = re.compile(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`")

#: Names that others gave: PKCS#11, and OpenSSL.
FOREIGN = {"CKM_EDDSA", "SSL_CERT_FILE"}


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_makes(name: str) -> None:
    kept, made = page(name).read_text("utf-8"), GENERATED[name]()
    diff = "\n".join(
        difflib.unified_diff(kept.splitlines(), made.splitlines(), name, "the code", lineterm="", n=0)
    )
    assert not diff, f"{diff}\n\nThe code says something else than {name}. Write it anew: {WRITE}"


def test_every_code_has_a_sentence() -> None:
    """Give it a row `CODE  sentence` in the docstring of the module that makes the error."""
    silent = [
        (code.name, code.rooms)
        for codes in errors.sections().values()
        for code in codes
        if errors.MISSING in code.meaning
    ]
    assert not silent


def test_every_code_of_the_documentation_is_one() -> None:
    """A code that was renamed, or never was, sends whoever meets it nowhere."""
    known = {word for name in PAGES for word in WORD.findall(page(name).read_text("utf-8"))}
    schema = page("schema/schema.graphql").read_text("utf-8")
    values = set(re.findall(r"^  ([A-Z][A-Z0-9_]+)$", schema, re.MULTILINE))
    assert set(WORD.findall(tree.documentation())) - known - values - FOREIGN == set()
