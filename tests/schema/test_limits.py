import pytest
import strawberry
from graphql import get_introspection_query, parse

from schema import limits
from schema.extensions import EXTENSIONS


@strawberry.type
class Person:
    name: str = "A"

    @strawberry.field
    def friend(self) -> "Person":
        return Person()

    @strawberry.field
    def friends(self, first: int = 50) -> list["Person"]:
        return [Person()][:first]


@strawberry.type
class Query:
    @strawberry.field
    def person(self) -> Person:
        return Person()

    @strawberry.field
    def people(self, first: int | None = None, last: int | None = None) -> list[Person]:
        return [Person()]

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Person]:
        return [Person() for _ in ids]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, login: str) -> Person:
        return Person()


SCHEMA = strawberry.Schema(Query, Mutation, extensions=EXTENSIONS)


async def verdict(document: str, **variables: object) -> str:
    """The code of the first error, or `ok`."""
    result = await SCHEMA.execute(document, variable_values=variables)
    if not result.errors:
        return "ok"
    error = result.errors[0]
    return str((error.extensions or {}).get("code", error.message))


def doubling(levels: int, selection: str) -> str:
    """A document whose fragments each spread the next one twice, as `selection` says."""
    inner = "".join(
        f"fragment F{level} on Person {{ {selection.replace('NEXT', f'...F{level + 1}')} }} "
        for level in range(levels)
    )
    return f"{{ person {{ ...F0 }} }} {inner} fragment F{levels} on Person {{ name }}"


def nested(depth: int) -> str:
    return "{ person " + "{ friend " * (depth - 2) + "{ name }" + " }" * (depth - 1)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(doubling(25, "NEXT NEXT"), id="doubling fragments"),
        pytest.param(
            doubling(25, "a: friend { NEXT } b: friend { NEXT }"), id="doubling fragments under aliases"
        ),
        pytest.param(doubling(49, "...{ NEXT } ...{ NEXT }"), id="doubling inline fragments"),
        pytest.param("{ person { " + " ".join(f"a{n}: name" for n in range(201)) + " } }", id="aliases"),
        pytest.param("{ person { " + "name " * 2_001 + "} }", id="fields"),
        pytest.param("{" + "person { friend { name } } " * 150 + "}", id="the same field again and again"),
        pytest.param(nested(13), id="depth"),
        pytest.param(" ".join(f"query Q{n} {{ person {{ name }} }}" for n in range(11)), id="operations"),
        pytest.param(doubling(50, "NEXT"), id="fragments"),
        pytest.param(
            "{ person { name } } " + doubling(25, "NEXT NEXT")[21:], id="fragments that nobody spreads"
        ),
        pytest.param("{ people(first: 1000) { friends(first: 1000) { name } } }", id="cost of literals"),
        pytest.param("{ people(last: 99999999999999) { name } }", id="cost of a number without end"),
        pytest.param(
            "{ people(first: 10) { friends { friends { friends { name } } } } }", id="cost of defaults"
        ),
        pytest.param(
            "{ nodes(ids: [" + '"a" ' * 300 + "]) { friends(first: 500) { name } } }", id="cost of ids"
        ),
        pytest.param(
            'mutation { signIn(login: "a") { name } b: signIn(login: "b") { name } }', id="two sign-ins"
        ),
        pytest.param(
            'mutation { ...S ... on Mutation { ...S } } fragment S on Mutation { signIn(login: "a") { name } }',
            id="sign-ins in fragments",
        ),
    ],
)
async def test_a_document_that_asks_for_too_much_is_refused(document: str):
    assert await verdict(document) == limits.CODE


@pytest.mark.parametrize(
    "document",
    [
        get_introspection_query(input_value_deprecation=True, specified_by_url=True, schema_description=True),
        nested(12),
        doubling(49, "NEXT"),
        "{ person { " + " ".join(f"a{n}: name" for n in range(200)) + " } }",
        "{ people(first: 1000) { name friend { name } friends(first: 10) { name } } }",
        'mutation { signIn(login: "a") { name } }',
    ],
)
async def test_a_document_of_ordinary_size_passes(document: str):
    assert await verdict(document) == "ok"


@pytest.mark.parametrize("document", ["{" + "a " * 5_000 + "}", "{" + "a{" * 2_000 + "a" + "}" * 2_000 + "}"])
async def test_a_document_is_not_even_parsed_to_its_end_when_it_is_too_long_or_too_deep(document: str):
    assert "Document" in await verdict(document)


async def test_the_variables_that_were_sent_count_and_not_the_defaults_they_replace():
    document = "query($n: Int! = 1) { people(first: $n) { friends(first: $n) { name } } }"

    assert await verdict(document) == "ok"
    assert await verdict(document, n=1_000) == limits.CODE
    assert await verdict(document, n=2) == "ok"


async def test_fragments_that_form_a_cycle_are_measured_and_left_to_validation():
    document = "{ person { ...A } } fragment A on Person { ...B } fragment B on Person { friend { ...A } }"
    assert "within itself" in await verdict(document)


async def test_one_of_several_operations_must_be_named():
    document = "query A { person { name } } query B { person { name } }"

    assert await verdict(document) == "BAD_USER_INPUT"
    assert not (await SCHEMA.execute(document, operation_name="B")).errors


async def test_unknown_fields_types_and_fragments_are_left_to_validation():
    assert "Cannot query" in await verdict("{ nobody { name } }")
    assert "Unknown type" in await verdict("{ ... on Nobody { name } }")
    assert "Unknown fragment" in await verdict("{ ...Nobody }")


async def test_a_refused_document_stays_refused_when_it_is_asked_again():
    document = nested(13)
    assert [await verdict(document) for _ in range(3)] == [limits.CODE] * 3


async def test_an_invalid_document_stays_invalid_when_it_is_asked_again():
    assert [await verdict("{ person { nothing } }") for _ in range(3)] == [
        "Cannot query field 'nothing' on type 'Person'."
    ] * 3


def test_a_page_multiplies_what_is_selected_on_it():
    graphql_schema = SCHEMA._schema
    document = parse("{ people(first: 10) { name friend { name } } }")

    ((size, _),) = limits.Measure(graphql_schema, document, {}).roots()

    assert size == limits.Size(depth=3, fields=4, aliases=0, cost=1 + 10 * 3, sign_ins=0)


def test_sums_end_somewhere():
    plenty = limits.Size(fields=10**9, cost=10**9)
    assert plenty.beside(plenty) == plenty
