"""The page from an empty server to the first customer is followed from top to bottom, and everybody gets codes by mail."""

import asyncio
import re
import secrets
import shlex
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import httpx
import pyotp
import pytest

import demo
from tests.docs.pages import Block, blocks, page
from tests.docs.reader import PATIENCE, Reader
from tests.house.tree import ROOT
from tests.mailbox import Mailbox, mailbox
from tests.served import Served, served, until

PAGE = page("docs/first-customer.md")
SETTINGS = page("docs/production/savas.env")
#: Who gets a login on the page, and where mail reaches them.
PEOPLE = {
    **{name: f"{name}@shop.example" for name in ("officer", "admin", "manager", "ruta", "desk")},
    "ona": "ona@example.org",
}
SET_PASSWORD = """mutation ($login: String!, $code: String!, $password: String!) {
  passwordCodeUse(input: {login: $login, code: $code, password: $password}) { userErrors { code } } }"""
CODE = re.compile(r"\b(?:[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}|\d{6})\b")
SHOWN_AT = "http://127.0.0.1:8000"


@dataclass
class Newcomer(Reader):
    """An operator with an empty server, and everybody who works there, each with a mailbox."""

    box: Mailbox = field(default_factory=Mailbox)

    def __post_init__(self) -> None:
        self.answers |= {
            "people": {
                name: {"login": login, "password": secrets.token_urlsafe(12)}
                for name, login in PEOPLE.items()
            },
            "chance": {"visitor": secrets.token_urlsafe(24), "counter": secrets.token_urlsafe(24)},
        }
        for place in ("etc/savas", "var/lib/savas", "srv/backup-data", "srv/backup-keys"):
            (self.office / place).mkdir(parents=True)

    @cached_property
    def settings(self) -> dict[str, str]:
        """Those of the page, at places that this machine has."""
        lines = (shlex.split(self.here(line), comments=True) for line in SETTINGS.read_text().splitlines())
        return dict(word.split("=", 1) for words in lines for word in words)

    @cached_property
    def server(self) -> Served:
        """`./savas serve` with these settings."""
        return self.stack.enter_context(served(settings=self.settings))

    @cached_property
    def client(self) -> httpx.Client:
        return self.stack.enter_context(httpx.Client(base_url=self.server.address, timeout=PATIENCE))

    def here(self, text: str) -> str:
        """A text of the page with the places, the mail server and the address that this machine has."""
        text = re.sub(r"(?<![\w.])/(etc|var|srv)/", rf"{self.office}/\1/", text)
        # What goes no further than this machine needs neither password nor TLS.
        text = re.sub(r"crm@mail\.shop\.example:587\?.*?&", f"127.0.0.1:{self.box.port}?", text)
        return text.replace(SHOWN_AT, self.server.address) if SHOWN_AT in text else text

    def environment(self) -> dict[str, str]:
        return super().environment() | self.settings

    def tries(self, block: Block) -> None:
        if block.language == "sh":
            block = Block(block.page, block.line, block.language, self.here(block.text), block.notes)
        notes = dict(block.notes)
        if mailed := notes.pop("mailed", None):
            self.answers["mail"] = {"code": self.code_to(mailed)}
        if notes.pop("telephone", None):
            secret = self.answers["totpEnrol"]["secret"]
            self.answers["telephone"] = {"code": pyotp.TOTP(secret).now()}
        super().tries(Block(block.page, block.line, block.language, block.text, notes))
        if "intakeConfirm" in self.answers:
            self.answers["people"]["ona"]["login"] = self.answers["intakeConfirm"]["customerNumber"]

    def code_to(self, name: str) -> str:
        """The code in the newest mail to somebody; waits for it."""
        found: list[str] = []

        def arrived() -> bool:
            mails = [mail for mail in self.box.mails if mail["To"] == PEOPLE[name]]
            found[:] = [code for mail in mails for code in CODE.findall(mail.get_content())]
            return bool(found)

        assert until(arrived), (name, [mail["Subject"] for mail in self.box.mails])
        return found[-1]

    def subjects_to(self, name: str) -> list[str]:
        """What the mails to somebody are about."""
        return [str(mail["Subject"]) for mail in self.box.mails if mail["To"] == PEOPLE[name]]

    def _token(self, part: str) -> str:
        if part not in self.tokens and part not in ("officer", "ona"):
            # Everybody does what the page shows of the officer.
            given = {**self.answers["people"][part], "code": self.code_to(part)}
            body = self._post({"query": SET_PASSWORD, "variables": given}, {})
            assert body["data"]["passwordCodeUse"] == {"userErrors": []}, part
        return super()._token(part)

    def _persona(self, part: str) -> demo.Persona:
        person = self.answers["people"][part]
        return demo.Persona(part, part, "", person["login"], person["password"], None, ())


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page asks with curl whether it is well")
async def test_an_operator_comes_from_an_empty_server_to_the_first_customer(quick_clone: Path) -> None:
    example = Path("procedures/notice/controller.example.toml")
    (quick_clone / example).parent.mkdir(parents=True)
    shutil.copy(ROOT / example, quick_clone / example)
    shown = list(blocks(PAGE))
    async with mailbox() as box:

        def follow() -> bool:
            with ExitStack() as stack:
                reader = Newcomer(quick_clone, stack, box=box)
                for block in shown:
                    reader.tries(block)
                return until(lambda: "Savas: role given" in reader.subjects_to("officer"))

        assert await asyncio.to_thread(follow)
