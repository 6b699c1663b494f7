"""Somebody who tries everything on a page, in order, against a real server."""

import json
import os
import subprocess
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

import demo
from policies.actor import utc_now
from policies.language import text
from policies.offline import complete_models
from policies.policy import HERE, Policy
from procedures.installation import Settings
from server import build_app
from tests.docs.pages import Block, at, looks_like, page
from tests.house.tree import ROOT
from tests.web.serving import serving

#: Seconds for one block; a slow machine compiles the policies three times in it.
PATIENCE = 300


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
        if "file" in block.notes:
            assert block.text == page(block.notes["file"]).read_text("utf-8"), str(block)
            return
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
            ["sh", "-eu", "-c", block.text], cwd=self.office, env=self.environment(),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        self.printed = done.stdout + done.stderr
        assert done.returncode == int(block.notes.get("exit", "0")), (str(block), self.printed)

    def environment(self) -> dict[str, str]:
        """The environment of somebody who has set nothing of Savas, and whose terminal is wide and knows UTF-8."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAVAS_")}
        return {**kept, "COLUMNS": "200", "PYTHONUTF8": "1", "NO_COLOR": "1"}

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


def policies() -> str:
    """The text of all policy files."""
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "policies").glob("*.polar")))
