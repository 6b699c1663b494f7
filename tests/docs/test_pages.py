"""What the pages show can be done, and comes out as shown."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.campaigns import Campaign
from tests.docs.pages import Block, blocks, page
from tests.docs.reader import Reader
from tests.house.tree import ROOT

PAGES = [
    "api",
    "customer",
    "employee",
    "people",
    "tasks",
    "front-desk",
    "privacy-officer",
    "partner",
    "operator",
    "policies",
    "policy-tools",
    "policy-proofs",
    "ledger",
    "keys",
    "restore",
    "upkeep",
    "consent",
    "instructions",
    "dictated",
    "double-opt-in",
    "recorded-consents",
    "submission",
    "signing-in",
    "break-glass",
    "intake",
    "leaving",
    "rights",
    "rights-on-paper",
    "requests",
    "export",
]
#: Pages of more than 80 lines, and why.
LONGER = {
    "settings": "generated: looked up, not read",
    "commands": "generated: looked up, not read",
    "errors": "generated: looked up, not read",
    "glossary": "a line for each term: looked up, not read",
    "first-customer": "one way, from top to bottom",
    "adding": "what is shown is done by a test",
    "architecture": "two walks that a test takes",
    "policies": "the files, what they may say and how they are changed belong together",
    "import": "maps, consents and the codes of refused rows belong together",
}
#: Compiles policies for everybody there can be, or proves all of them; the short run does that once, in tests/policies.
LONG = re.compile(r"\./savas policy (table|diff|impact|prove$)", re.MULTILINE)


def tried(blocks: Iterable[Block], *, long: bool) -> Iterator[Block]:
    """The blocks that a run tries; one that is left for the long run takes along what it prints."""
    left = False
    for block in blocks:
        left = left if block.language == "text" else not long and LONG.search(block.text) is not None
        if not left:
            yield block


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_shows_comes_out_as_shown(name: str, quick_office: Path, campaign: Campaign) -> None:
    shown = list(tried(blocks(page(f"docs/{name}.md")), long=campaign.long))
    with ExitStack() as stack:
        reader = Reader(quick_office, stack)
        for block in shown:
            reader.tries(block)
    assert shown
    campaign.tried(len(shown), "blocks of pages")


def test_a_page_is_short() -> None:
    """What does not fit on a page is two subjects, or nobody's reading."""
    pages = sorted((ROOT / "docs").glob("*.md"))
    lengths = {path.stem: len(path.read_text("utf-8").splitlines()) for path in pages}
    assert {name: length for name, length in lengths.items() if length > 80 and name not in LONGER} == {}


def test_the_readme_fits_on_two_screens() -> None:
    assert len(page("README.md").read_text("utf-8").splitlines()) <= 115


def test_every_decision_is_in_the_index_under_its_title() -> None:
    index = page("docs/decisions/README.md").read_text("utf-8")
    listed = re.findall(r"^- \[(\d+)\]\(([^)]+)\) (.+)$", index, re.MULTILINE)
    kept = [
        (str(int(path.name[:4])), path.name, path.read_text("utf-8").partition("\n")[0].removeprefix("# "))
        for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")
    ]
    assert sorted(listed) == sorted(kept)


def test_a_decision_says_why_and_at_what_price() -> None:
    for path in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        text = path.read_text("utf-8")
        assert text.startswith("# "), path.stem
        assert "**Why.**" in text, path.stem
        assert "**Price.**" in text, path.stem
        assert len(text.splitlines()) <= 25, path.stem


def test_a_link_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "benchmarks" / "README.md"]
    targets = [
        (path.name, path.parent / target)
        for path in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if "://" not in target
    ]
    assert targets
    assert [(name, str(target)) for name, target in targets if not target.resolve().exists()] == []
