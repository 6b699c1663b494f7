"""What the pages show can be done, and comes out as shown."""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest

import demo
from policies.actor import utc_now
from policies.language import text
from policies.offline import complete_models
from policies.policy import HERE, Policy
from procedures.installation import Settings
from server import build_app
from tests.campaigns import Campaign
from tests.docs.pages import Block, at, blocks, looks_like, page
from tests.house.tree import ROOT
from tests.web.serving import serving

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
    "adding": "what is shown is done by a test",
    "architecture": "two walks that a test takes",
    "policies": "the files, what they may say and how they are changed belong together",
    "import": "maps, consents and the codes of refused rows belong together",
}
#: Seconds for one block; a slow machine compiles the policies three times in it.
PATIENCE = 300
#: Compiles policies for everybody there can be, or proves all of them; the short run does that once, in tests/policies.
LONG = re.compile(r"\./savas policy (table|diff|impact|prove$)", re.MULTILINE)


@dataclass
class Reader:
    """Somebody who tries everything on a page, in order."""

    office: Path
    stack: ExitStack
    answer: Any = None
    answers: dict[str, Any] = field(default_factory=lambda: {"today": f"{utc_now():%Y-%m-%d}"})
    printed: str = ""
    tokens: dict[str, str] = field(default_factory=dict)

    @cached_property
    def client(self) -> httpx.Client:
        """To the whole server, running on this office's data."""
        app = build_app(Settings(data=self.office / "data", demo=True))
        port = self.stack.enter_context(serving(app, lifespan="on"))
        return self.stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE))

    def tries(self, block: Block) -> None:
        """Do what a block says."""
        getattr(self, f"_{block.language}", self._nothing)(block)

    def _graphql(self, block: Block) -> None:
        notes = dict(block.notes)
        persona, purpose = notes.pop("as", None), notes.pop("purpose", "")
        headers = {"Purpose": purpose}
        if persona is not None:
            headers["Authorization"] = f"Bearer {self._token(persona)}"
            self.answers["persona"] = asdict(self._persona(persona))
        variables = {name: at(self.answers, path) for name, path in notes.items()}
        body = self._post({"query": block.text, "variables": variables}, headers)
        assert "errors" not in body, (str(block), body)
        assert '"userErrors": [{' not in json.dumps(body), (str(block), body)
        self.answer = body["data"]
        self.answers |= self.answer

    def _json(self, block: Block) -> None:
        assert looks_like(self.answer, json.loads(block.text)), (str(block), self.answer)

    def _sh(self, block: Block) -> None:
        done = subprocess.run(
            ["sh", "-eu", "-c", block.text], cwd=self.office, env=environment(),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.printed = done.stdout + done.stderr
        assert done.returncode == int(block.notes.get("exit", "0")), (str(block), self.printed)

    def _text(self, block: Block) -> None:
        missing = [line for line in block.text.splitlines() if line.strip() not in self.printed]
        assert not missing, (str(block), self.printed)

    def _polar(self, block: Block) -> None:
        """What is shown stands in the policies, or may be added to them as the file that its note names."""
        if "added" in block.notes:
            complete_models()
            Policy({**text.read(HERE), block.notes["added"]: block.text})
        else:
            assert block.text.strip() in policies(), str(block)

    def _nothing(self, block: Block) -> None:
        """Other languages show something that is not run."""

    def _token(self, part: str) -> str:
        if part not in self.tokens:
            persona = self._persona(part)
            sign_in = "mutation($i: SignInInput!) { signIn(input: $i) { token } }"
            given = {"i": {"login": persona.login, "password": persona.password}}
            body = self._post({"query": sign_in, "variables": given}, {})
            self.tokens[part] = body["data"]["signIn"]["token"]
        return self.tokens[part]

    def _persona(self, part: str) -> demo.Persona:
        return next(one for one in demo.stored(self.office / "data") if one.part == part)

    def _post(self, document: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        answer: dict[str, Any] = self.client.post("/graphql", json=document, headers=headers).json()
        return answer


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


def policies() -> str:
    """The text of all policy files."""
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "policies").glob("*.polar")))


def environment() -> dict[str, str]:
    """The environment of somebody who has set nothing of Savas, and whose terminal is wide and knows UTF-8."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAVAS_")}
    return {**kept, "COLUMNS": "200", "PYTHONUTF8": "1", "NO_COLOR": "1"}
