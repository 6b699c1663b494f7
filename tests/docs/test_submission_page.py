"""The Python of the page on submissions does what it says, against a real server."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import demo
from models import Customer
from models.database import sqlite_url
from procedures.installation import Settings
from schema.reading import encode
from server import build_app
from tests.docs.pages import blocks, page
from tests.house.tree import ROOT
from tests.installation import at_work
from tests.submissions import signer
from tests.web.serving import serving

PATIENCE = 300
#: What the page takes for granted: somebody signed in, and how to ask.
BEFORE = """
import json, sys, urllib.request
url, login, password, customer, signer = sys.argv[1:]
signer, token = bytes.fromhex(signer), ""
def ask(query, **variables):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = json.dumps({"query": query, "variables": variables}).encode()
    return json.load(urllib.request.urlopen(urllib.request.Request(url, body, headers)))["data"]
token = ask("mutation ($l: String!, $p: String!) { signIn(input: {login: $l, password: $p}) { token } }",
            l=login, p=password)["signIn"]["token"]
"""
AFTER = "\nprint(json.dumps(done))\n"


async def test_the_example_in_python_submits_a_card(office: Path) -> None:
    (persona,) = [one for one in demo.stored(office / "data") if one.part == "customer"]
    async with at_work(sqlite_url(office / "data" / "savas.sqlite3")):
        customer = encode("Customer", (await Customer.get(number=persona.login)).id)
        key = signer().hex()
    (example,) = [block for block in blocks(page("docs/submission.md")) if block.language == "python"]
    with serving(build_app(Settings(data=office / "data")), lifespan="on") as port:
        words = [f"http://127.0.0.1:{port}/graphql", persona.login, persona.password, customer, key]
        asked = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", BEFORE + example.text + AFTER, *words],
            cwd=ROOT / "docs", capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    card = json.loads(asked.stdout)["paymentCardSubmit"]
    assert card == {
        "paymentCard": {"brand": "VISA", "lastFour": "1111", "expiry": "2029-07"},
        "userErrors": [],
    }
