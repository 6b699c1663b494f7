"""What commands show: whole on every terminal, and as JSON."""

import asyncio
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import demo
from commands.__main__ import main
from commands.exits import Exit
from commands.shown import table
from docs.pages import tree
from models import Category, Identity, LegalHold, Role, Template, Withdrawal, WithdrawalStep
from models.database import transaction
from policies.actor import utc_now
from procedures.message.outbox import queue
from tests import canary_commands, installation
from tests.procedures import records

#: Commands without `--json`, and why.
DOES = "it does something, and says so in a sentence"
WITHOUT: dict[str, str] = {
    "policy fmt": "it changes files, and names them",
    "policy table": "it writes a document, in Markdown",
    "notice diff": "it writes a document, a unified diff",
    "ledger prove": "it writes a document, which is JSON",
} | dict.fromkeys(
    [
        "serve",
        "migrate",
        "test",
        "import employees",
        "import customers",
        "import orders",
        "import archive",
        "user add",
        "user invite",
        "user add-partner",
        "user add-partner-client",
        "user deactivate",
        "user activate",
        "user role-give",
        "user role-take",
        "user totp-reset",
        "partner deactivate",
        "partner activate",
        "agreement add",
        "agreement sign",
        "agreement end",
        "task open",
        "withdrawal finish",
        "suppression lift",
        "legal-hold expire",
        "legal-hold disclose",
        "consent expire",
        "consent receipt",
        "notice add",
        "notice ship",
        "ledger checkpoint",
        "ledger export",
        "clock confirm",
        "message send",
        "vault rotate",
        "vault recovery",
        "vault replay",
    ],
    DOES,
)
#: Lists that are empty in an installation where nothing went wrong.
EMPTY = {"policy differences", "vault lost"}
STYLE = re.compile(r"\x1b\[[0-9;]*m")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+Z")

cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(categories=("L", "N", "P")), max_size=90)
)


def with_json() -> list[str]:
    return [
        each.words for each in tree.commands() if any(one.spelling == "--json" for one in each.parameters)
    ]


def test_each_command_that_shows_something_shows_it_to_programs_too() -> None:
    assert {each.words for each in tree.commands()} - {""} - set(with_json()) == WITHOUT.keys()


@given(
    rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=4),
    width=st.integers(1, 200),
    piped=st.booleans(),
)
def test_no_cell_of_a_table_is_cut(rows: list[tuple[Any, ...]], width: int, piped: bool) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLUMNS", str(width))
        patched.setenv("TTY_COMPATIBLE", "0" if piped else "1")
        told = shown(rows)
    assert [cell for row in rows for cell in row if isinstance(cell, str) and cell not in told] == []


def shown(rows: list[tuple[Any, ...]]) -> str:
    from contextlib import redirect_stdout
    from io import StringIO

    with redirect_stdout(StringIO()) as told:
        table(("ID", "Login", "What it is for"), rows).print()
    return STYLE.sub("", told.getvalue())


def texts(plain: Any) -> set[str]:
    """Each text in a list for programs; moments and truths read otherwise for people."""
    if isinstance(plain, dict | list):
        return set().union(*map(texts, plain.values() if isinstance(plain, dict) else plain))
    return {plain} if isinstance(plain, str) and plain and not MOMENT.fullmatch(plain) else set()


def keys(plain: Any) -> set[str]:
    inner = plain.values() if isinstance(plain, dict) else plain if isinstance(plain, list) else []
    return set(plain if isinstance(plain, dict) else ()).union(*map(keys, inner))


async def filled(url: str) -> None:
    """The people of the demo, and a row more for each list that is empty there."""
    async with installation.at_work(url):
        await demo.fill(customers=12)
        agent = await records.employee(Role.AGENT)
        customer = await records.customer()
        soon = utc_now() + timedelta(days=2)
        given = await records.consent(customer.id, category=Category.ORDER, expires_at=soon)
        order = await records.order(given)
        await records.request(order)
        await records.instruction(order, agent.id)
        await records.task_review(await records.task(customer.id), agent.id, agent.id)
        await records.break_glass(customer, agent, (await records.employee(Role.MANAGER)).id)
        await Identity.filter(customer__restricted=False).update(verification_expires_at=utc_now())
        until = utc_now() + timedelta(days=9)
        await LegalHold.create(
            customer_id=customer.id, category="order", reason="LEGAL_CLAIMS", placed_at=utc_now(), until=until
        )
        await Withdrawal.create(
            customer_id=customer.id, step=WithdrawalStep.COMPLETED, at=utc_now(), counts="{}"
        )
        async with transaction():
            await queue(customer.id, Template.BREAK_GLASS_OPENED)


def test_what_is_listed_is_whole_at_80_columns_and_the_same_as_json(
    database_url: str, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says(*words: str) -> str:
        line = [*installation.words(database_url), *words, "--database", database_url]
        assert main(line) in (Exit.OK, Exit.REFUSED, Exit.FAILED), (words, capsys.readouterr())
        told = capsys.readouterr()
        assert told.out, told.err
        return STYLE.sub("", told.out)

    asyncio.run(filled(database_url))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    empty = set[str]()
    for words in (
        each for each in canary_commands.alone() if " ".join(each).removesuffix(" --all") in with_json()
    ):
        name = " ".join(words).removesuffix(" --all")
        plain = json.loads(says(*words, "--json"))
        assert [key for key in keys(plain) if not re.fullmatch("[a-z][A-Za-z0-9]*", key)] == [], name
        if isinstance(plain, list):
            empty |= {name} if plain == [] else set()
            told = says(*words)
            assert [text for text in texts(plain) if text not in told] == [], name
    assert empty == EMPTY
