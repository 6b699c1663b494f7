"""Mutations that make rows, found by trying each of them: which takes a client's key, and what a repeat comes to."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, get_nullable_type
from tortoise.connection import get_connection

import models
from models.database import CONNECTION
from tests.people import Answer, Someone
from tests.schema.inputs import MUTATIONS, given
from tests.schema.verdict_cases import Case
from tests.schema.verdicts import TABLE, Desk, read

#: What is written beside what a mutation makes or changes: of every change, every transition of a consent, every message.
BESIDE = frozenset({
    models.LedgerEntry, models.LedgerHead, models.Access, models.Checkpoint, models.ConsentEvent, models.Receipt,
    models.Message, models.Obligation, models.Attestation, models.ClientKey, models.MissedLookup, models.FormerAddress, models.Erasure, models.Dictation,
})  # fmt: skip
#: What makes something and takes no key, with the reason.
WITHOUT = {
    "deskLookupMake": "its own record; asked again, it is answered anew, and counted",
    "exportBegin": "again, it makes nothing; and whoever did not get the token needs another one",
    "withdrawalBegin": "the account ends with it, and nobody is there to ask again",
}


def takes_key(mutation: str) -> bool:
    """Whether a mutation takes a client's key, beside its input or in it."""
    arguments = MUTATIONS[mutation].args
    input = arguments.get("input")
    return "key" in arguments or (input is not None and "key" in get_nullable_type(input.type).fields)


def done_by() -> dict[str, tuple[str, str]]:
    """By mutation, somebody and a state of the customer's word in which the table says that it is done."""
    found: dict[str, tuple[str, str]] = {}
    for cell, verdict in sorted(read(TABLE.read_text(encoding="utf-8")).items(), key=_first):
        if verdict == "done":
            found.setdefault(cell.mutation, (cell.person, cell.state))
    return found


def _first(item: Any) -> tuple[bool, str, str]:
    """Staff first: what they ask for waits for a second person, and so makes a row."""
    cell, _ = item
    return ("agent" not in cell.person, cell.person, cell.state)


async def counts() -> dict[str, int]:
    """By table, how many rows there are of what is not written beside."""
    tables = [
        str(record._meta.db_table)
        for record in vars(models).values()
        if isinstance(record, type)
        and issubclass(record, models.Record)
        and record not in BESIDE
        and record._meta.db_table
    ]
    text = " UNION ALL ".join(f"SELECT '{name}' t, COUNT(*) n FROM {name}" for name in sorted(set(tables)))
    rows = await get_connection(CONNECTION).execute_query_dict(text)
    return {row["t"]: row["n"] for row in rows}


@dataclass
class Trial:
    """One mutation as somebody asks for it who may."""

    case: Case
    asker: Someone
    input: dict[str, Any]

    @classmethod
    async def set_up(cls, desk: Desk, mutation: str, person: str, state: str) -> "Trial":
        """Everything that the mutation is about."""
        case = await Case.made(desk.office, desk.people, desk.colleague, mutation, state)
        asker, sent = await case.asker(person), await given(case)
        await case.comes_to(state)
        return cls(case, asker, sent)

    async def asks(self, key: str | None = None, by: Someone | None = None, **changed: Any) -> Answer:
        """Ask for it, under a key or without."""
        name, arguments = self.case.mutation, MUTATIONS[self.case.mutation].args
        beside = "key" in arguments
        head = f"$input: {arguments['input'].type}" + (", $key: String" if beside else "")
        given_key = ", key: $key" if beside else ""
        text = f"mutation ({head}) {{ done: {name}(input: $input{given_key}) {{ {shown(name)} }} }}"
        within = {} if beside or key is None else {"key": key}
        variables = {"input": self.input | within | changed} | ({"key": key} if beside else {})
        return await (by or self.asker).asks(text, **variables)

    async def at_once(self, key: str) -> list[Answer]:
        """Ask for it twice at a time."""
        return list(await asyncio.gather(self.asks(key), self.asks(key)))

    def changed(self) -> dict[str, Any]:
        """One member of the input, otherwise than it was."""
        kind: Any = get_nullable_type(MUTATIONS[self.case.mutation].args["input"].type)
        texts = (name for name in sorted(self.input) if str(get_named_type(kind.fields[name].type)) in TEXTS)
        name = next(texts)
        return {name: f"{self.input[name]}x"}


TEXTS = ("String", "ID")


def shown(mutation: str) -> str:
    """What is asked of a payload: the records by their identifiers, and what is not shown."""
    kind = get_named_type(MUTATIONS[mutation].type)
    assert isinstance(kind, GraphQLObjectType)
    return " ".join(_fields(kind))


def _fields(kind: GraphQLObjectType) -> Iterator[str]:
    yield "notShown { field id reason } userErrors { code field }"
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if isinstance(below, GraphQLObjectType) and "id" in below.fields and name != "notShown":
            yield f"{name} {{ id }}"


def records(answer: Answer) -> dict[str, Any]:
    """By field of a payload, the identifiers of the records that it shows, or says that it does not show."""
    assert not answer.errors, answer.errors
    payload = answer.data["done"]
    assert payload["userErrors"] == []
    told = {
        name: value for name, value in payload.items() if name not in ("notShown", "userErrors") and value
    }
    hidden = {each["field"]: {"id": each["id"]} for each in payload["notShown"] if each["id"]}
    return told | hidden


def codes(answer: Answer) -> list[str]:
    """What the answer refuses with."""
    return answer.codes or [each["code"] for each in answer.data["done"]["userErrors"]]


def has_input(mutation: str) -> bool:
    """Whether a mutation has an input with members."""
    given = MUTATIONS[mutation].args.get("input")
    return given is not None and isinstance(get_nullable_type(given.type), GraphQLInputObjectType)
