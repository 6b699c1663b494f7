"""Who may do what in each state of the customer's word: every mutation about a customer, asked by everybody.

    python -m tests.schema.verdicts

writes `verdicts.md`. The schema says which mutations there are and what they are given, so that a new one is in the table
by itself.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import pytest
from rich.progress import track

from models.database import sqlite_url
from procedures.installation import migrate
from tests import hashes
from tests.installation import at_work
from tests.people import Answer, Office, Someone
from tests.schema.inputs import MUTATIONS, given
from tests.schema.told import told
from tests.schema.verdict_cases import HERSELF, STATES, Case, people

TABLE = Path(__file__).with_name("verdicts.md")
HEAD = """\
<!-- Made by `python -m tests.schema.verdicts`; do not edit. -->

# What comes of each mutation

By whom asks, and by the customer's word on contact points for support: `done`, or the code of the error. Everybody is in a
confirmed session and states the purpose of their task; what a mutation is about besides is there, and its input is as plain
as can be, so that a code other than FORBIDDEN says that this actor might, and the input or the state is at fault.
"""
#: Nobody's word has to do with these.
APART = frozenset({
    "signIn", "signOut", "sessionConfirm", "passwordChange", "totpConfirm", "totpEnrol", "totpRemove", "noticeAdd",
    "differenceSettle", "intakeBegin", "intakeConfirm", "intakeOpen", "employeeAdd", "employeeRename", "employeeRoleGive",
    "employeeRoleTake", "employeeDeactivate", "employeeActivate", "employeeSessionsEnd", "partnerSecretRenew",
    "partnerSecretReplace", "suppressionLift", "sessionEnd", "otherSessionsEnd",
    "passwordCodeRequest", "passwordCodeUse",
})  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One mutation, asked by one person about a customer of whose word it is so."""

    mutation: str
    person: str
    state: str


@dataclass(frozen=True)
class Desk:
    """Where cells are tried; `told` has what `actions` said of the record before, where there is one that the person sees."""

    office: Office
    people: dict[str, Someone]
    colleague: Someone
    told: dict[Cell, bool] = field(default_factory=dict)

    @classmethod
    async def set_up(cls, office: Office) -> "Desk":
        """Everybody, and no customer yet."""
        return cls(office, await people(office), await office.agent())

    async def verdict(self, cell: Cell) -> str:
        """What comes of it, for a customer made for it."""
        case = await Case.made(self.office, self.people, self.colleague, cell.mutation, cell.state)
        asker, sent = await case.asker(cell.person), await given(case)
        await case.comes_to(cell.state)
        permitted = await told(case, asker, sent)
        if permitted is not None:
            self.told[cell] = permitted
        kind = MUTATIONS[cell.mutation].args["input"].type
        text = f"mutation ($input: {kind}) {{ done: {cell.mutation}(input: $input) {{ userErrors {{ code }} }} }}"
        return outcome(await asker.asks(text, input=sent))


def outcome(answer: Answer) -> str:
    """What came of a mutation, in one word."""
    if answer.errors:
        return answer.codes[0]
    codes = [error["code"] for error in answer.data["done"]["userErrors"]]
    return str(codes[0]) if codes else "done"


def cells() -> Iterator[Cell]:
    """Every cell, in the order of the table."""
    asked = sorted(MUTATIONS.keys() - APART), [HERSELF, *PERSONS], STATES
    return (Cell(mutation, person, state) for mutation, person, state in product(*asked))


#: Who asks besides the customer.
PERSONS = (
    "another customer", "a stranger", "an agent without a task", "an agent at work", "an agent who verifies",
    "a manager", "the privacy officer", "an administrator", "a partner at work", "somebody at the front desk",
)  # fmt: skip


def table(verdicts: Mapping[Cell, str]) -> str:
    """The table as Markdown."""
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for cell, verdict in verdicts.items():
        rows.setdefault(cell.mutation, {}).setdefault(cell.person, {})[cell.state] = verdict
    parts = [HEAD]
    for mutation, persons in rows.items():
        parts += [f"## {mutation}\n", "| who | what comes of it |", "| --- | --- |"]
        alike: dict[str, list[str]] = {}
        for person, by_state in persons.items():
            alike.setdefault(_row(by_state), []).append(person)
        parts += [*(f"| {', '.join(who)} | {row} |" for row, who in alike.items()), ""]
    return "\n".join(parts)


def _row(verdicts: Mapping[str, str]) -> str:
    """The verdicts of one person, the most frequent first, with the states of the others."""
    by_verdict: dict[str, list[str]] = {}
    for state, verdict in verdicts.items():
        by_verdict.setdefault(verdict, []).append(state)
    usual, *others = sorted(by_verdict, key=lambda verdict: -len(by_verdict[verdict]))
    return "; ".join([usual, *(f"{verdict} if {', '.join(by_verdict[verdict])}" for verdict in others)])


def read(text: str) -> dict[Cell, str]:
    """The verdicts of a table."""
    found: dict[Cell, str] = {}
    for part in text.split("\n## ")[1:]:
        mutation, *rows = part.rstrip().splitlines()
        for row in rows[3:]:
            persons, verdicts = row.strip("| ").split(" | ")
            usual, *others = verdicts.split("; ")
            by_state = dict.fromkeys(STATES, usual)
            for verdict, states in (other.split(" if ") for other in others):
                by_state |= dict.fromkeys(states.split(", "), verdict)
            for person in persons.split(", "):
                found |= {Cell(mutation, person, state): verdict for state, verdict in by_state.items()}
    return found


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    """A desk in an installation of its own."""
    with tempfile.TemporaryDirectory() as directory:
        url = sqlite_url(Path(directory) / "savas.sqlite3")
        await migrate(url)
        async with at_work(url):
            yield await Desk.set_up(Office())


async def made(wanted: Iterable[Cell]) -> dict[Cell, str]:
    """The verdicts of some cells."""
    async with desk() as here:
        return {cell: await here.verdict(cell) for cell in wanted}


if __name__ == "__main__":
    hashes.cheap(pytest.MonkeyPatch())
    TABLE.write_text(table(asyncio.run(made(track(list(cells()), "Asking")))), encoding="utf-8")
