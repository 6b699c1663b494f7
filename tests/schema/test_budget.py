"""What an operation answers is counted while it is answered, and never more than was counted before."""

import asyncio
import re
from dataclasses import dataclass, field

import pytest
import strawberry
from graphql import parse
from hypothesis import given, settings
from hypothesis import strategies as st

from schema import limits
from schema.budget import TEXT, ChangedAnswerTooLarge, Counting
from schema.extensions import EXTENSIONS
from tests.campaigns import Campaign


@strawberry.type
class Person:
    name: str = "A"

    @strawberry.field
    def story(self) -> str:
        return "a" * TEXT * 30

    @strawberry.field
    def friend(self) -> "Person":
        return ONE

    @strawberry.field
    def friends(self, first: int = 3) -> list["Person"]:
        return [ONE] * first

    @strawberry.field
    def known(self) -> list["Person"]:
        """A list that is no page, of the same records again and again."""
        return [ONE] * 40

    @strawberry.field
    def numbers(self, of: int = 60_000) -> list[int]:
        return [1] * of


ONE = Person()


@strawberry.type
class Query:
    @strawberry.field
    async def person(self) -> Person:
        return ONE

    @strawberry.field
    async def people(self, first: int | None = None, last: int | None = 2) -> list[Person]:
        return [ONE] * (first or last or 2)

    @strawberry.field
    async def nodes(self, ids: list[strawberry.ID]) -> list[Person]:
        return [ONE for _ in ids]


DONE: list[int] = []


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def befriend(self) -> Person:
        DONE.append(1)
        return ONE


SCHEMA = strawberry.Schema(Query, Mutation, extensions=EXTENSIONS, execution_context_class=Counting)


async def codes(document: str, **variables: object) -> list[object]:
    result = await SCHEMA.execute(document, variable_values=variables)
    assert not result.errors or result.data is None
    return [
        getattr(error.original_error, "code", (error.extensions or {}).get("code"))
        for error in result.errors or ()
    ]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("{ person { known { known { known { known { name } } } } } }", id="a circle of lists"),
        pytest.param("{ people(first: 1000) { known { name a: name b: name } } }", id="lists under aliases"),
        pytest.param("{ people(first: 1000) { numbers } }", id="lists of values"),
        pytest.param("{ people(first: 1000) { known { story } } }", id="long texts"),
        pytest.param(
            "{ people(first: 1000) { ...K } } fragment K on Person { known { ... on Person { name friend { name } } } }",
            id="lists in fragments",
        ),
    ],
)
async def test_an_answer_that_grows_too_large_is_not_given(document: str):
    assert await codes(document) == [limits.CODE]


async def test_an_answer_of_ordinary_size_is_given():
    assert await codes("{ people(first: 100) { name story known { name } numbers(of: 3) } }") == []


async def test_a_change_is_done_though_its_answer_is_too_large():
    DONE.clear()

    assert await codes("mutation { befriend { known { known { known { known { name } } } } } }") == [
        ChangedAnswerTooLarge.code
    ]
    assert DONE == [1]


# --- what is counted before is never less than what is executed


PAGES = ["", "(first: 1)", "(first: 4)", "(first: $n0)", "(first: $n1)", "(first: $n2)"]


@dataclass
class Written:
    """A document that was made by chance, with what its variables are sent as."""

    fragments: list[str] = field(default_factory=list)
    sent: dict[str, object] = field(default_factory=dict)
    text: str = ""


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """Two operations with the same variables, of which each has its own defaults."""
    made, kinds = Written(), ["Int!", "Int! = 4", "Int! = 1", "Int = 5"]
    declared = {name: [draw(st.sampled_from(kinds)) for _ in range(3)] for name in "AB"}
    for number in range(3):
        if draw(st.booleans()) or any(kinds[number] == "Int!" for kinds in declared.values()):
            made.sent[f"n{number}"] = draw(st.sampled_from([1, 2, 3, 3.0, 7, 7.0]))
    operations = []
    for name, types in declared.items():
        variables = ", ".join(f"$n{number}: {kind}" for number, kind in enumerate(types))
        operations.append(f"query {name}({variables}) {{ {draw(roots(made))} }}")
    made.text = " ".join([*operations, *spread(operations, made.fragments)])
    return made


def spread(texts: list[str], fragments: list[str]) -> list[str]:
    """The fragments that are spread somewhere, as a document may hold no others."""
    found, met = list[str](), set[str]()
    while texts:
        for number in set(re.findall(r"\.\.\.F(\d+)", texts.pop())) - met:
            met.add(number)
            found.append(fragments[int(number)])
            texts = [*texts, found[-1]]
    return found


@st.composite
def roots(draw: st.DrawFn, made: Written) -> str:
    """Fields of the query, each under a name of its own; all variables are used."""
    below, ids = draw(selections(made, 3)), draw(st.sampled_from(['"a"', '["a"]', '["a", "b", "c"]']))
    parts = [
        f"person {{ {below} }}",
        f"b: people(last: $n1) {{ {below} }}",
        f"c: people{draw(st.sampled_from(PAGES))} {{ {below} }}",
        f"d: nodes(ids: {ids}) {{ {below} }}",
    ]
    chosen = draw(st.lists(st.sampled_from(parts), min_size=1, max_size=2, unique=True))
    used = "".join(f" u{number}: people(first: $n{number}) {{ name }}" for number in range(3))
    return " ".join(chosen) + used


@st.composite
def selections(draw: st.DrawFn, made: Written, depth: int) -> str:
    """Fields of a person, those with arguments each under a name of its own."""
    parts = ["name", "z: name", "__typename"]
    if depth:
        below, number = draw(selections(made, depth - 1)), len(made.fragments)
        made.fragments.append(f"fragment F{number} on Person {{ {below} }}")
        parts += [
            f"friend {{ {below} }}",
            f"f{number}: friends{draw(st.sampled_from(PAGES))} {{ {below} }}",
            f"g{number}: friends @include(if: {draw(st.sampled_from(['true', 'false']))}) {{ {below} }}",
            f"... on Person {{ {below} }}",
            f"...F{number}",
        ]
    return " ".join(draw(st.lists(st.sampled_from(parts), min_size=1, max_size=3, unique=True)))


def size(answer: object) -> int:
    """How many fields an answer has."""
    if isinstance(answer, dict):
        return len(answer) + sum(map(size, answer.values()))
    return sum(map(size, answer)) if isinstance(answer, list) else 0


def counted(made: Written, name: str) -> int:
    """What the operation of this name is counted as."""
    document, schema = parse(made.text), SCHEMA._schema
    run = limits._run(document, name)
    assert run is not None
    measure = limits.Measure(schema, document, dict(limits._sizes(schema, run, made.sent)))
    return next(found.cost for found, selected in measure.roots() if selected is run.selection_set)


def test_what_is_counted_is_never_less_than_what_is_executed(campaign: Campaign):
    answered = list[int]()

    @settings(max_examples=campaign.of(short=100, long=5_000), database=None, derandomize=True)
    @given(documents(), st.sampled_from("AB"))
    def is_counted(made: Written, name: str) -> None:
        execution = SCHEMA.execute(made.text, variable_values=made.sent, operation_name=name)
        result = running.run(execution)
        if result.errors:
            # It asks for too much, or its variables do not fit.
            return
        answered.append(size(result.data))
        assert counted(made, name) >= size(result.data)

    with asyncio.Runner() as running:
        is_counted()
    campaign.tried(len(answered), "documents whose answer was no larger than was counted before")
    assert len(answered) > campaign.of(short=20, long=1_000)
    assert max(answered) > 100
