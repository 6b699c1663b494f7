"""What every query and mutation does alike, whatever it is about."""

from typing import Any
from uuid import uuid4

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLScalarType,
    Undefined,
    get_named_type,
    get_nullable_type,
)

from policies.actor import Actor
from schema.reading import CustomerId, encode, query
from schema.reading.roots import mutation
from tests.people import BUILT, Office

TYPES = BUILT._schema
#: A value of each scalar that an input may have, with which no procedure is reached when an identifier is wrong.
VALUES = {
    "String": "text",
    "Int": 1,
    "Boolean": True,
    "Float": 1.0,
    "DateTime": "2031-01-01T00:00:00Z",
    "Date": "2031-01-01",
    "Decimal": "1",
}


#: Whose identifiers those are that are not called after the type.
TYPES_OF = {
    "assigneeId": "Employee",
    "recordId": "HealthRecord",
    "from": "Notice",
    "to": "Notice",
    "id": "Task",
    "ids": "Task",
}


def identifier(name: str) -> str:
    """An identifier of the type that an argument or a member is called after, and of no record."""
    return encode(TYPES_OF.get(name, name[0].upper() + name.removesuffix("Id")[1:]), uuid4())


def value(kind: Any, name: str = "") -> Any:
    """A value that an input's type takes."""
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        return [value(kind.of_type, name)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        required = {each: one.type for each, one in kind.fields.items() if str(one.type).endswith("!")}
        return {each: value(type_, each) for each, type_ in required.items()}
    return identifier(name) if str(kind) == "ID" else VALUES[str(kind)]


def identified() -> list[tuple[str, str, dict[str, Any]]]:
    """Each mutation with an identifier in its input: its name, the identifier's, and an input."""
    root = TYPES.mutation_type
    assert root is not None
    found = []
    for name, field in root.fields.items():
        kind = get_nullable_type(field.args["input"].type) if "input" in field.args else None
        # Submissions are sealed for a customer, and opened as a whole.
        if isinstance(kind, GraphQLInputObjectType) and kind.name != "SubmissionInput":
            ids = [each for each, one in kind.fields.items() if str(get_nullable_type(one.type)) == "ID"]
            found += [(name, each, value(kind)) for each in ids]
    return found


def test_there_are_mutations_with_identifiers() -> None:
    """Else the next test would prove nothing."""
    assert len(identified()) > 30


async def test_a_wrong_identifier_is_told_by_its_field_in_every_mutation(office: Office) -> None:
    manager, told = await office.employee("manager"), {}
    for mutation_, field, given in identified():
        document = f"""mutation ($input: {mutation_[0].upper()}{mutation_[1:]}Input!) {{
            {mutation_}(input: $input) {{ userErrors {{ code field }} }} }}"""
        answer = await manager.asks(document, input={**given, field: "42"})
        told[mutation_, field] = answer.codes or answer.data[mutation_]["userErrors"]

    expected = {
        (mutation_, field): [{"code": "ID_MALFORMED", "field": field}] for mutation_, field, _ in identified()
    }
    assert told == expected


async def test_a_wrong_identifier_is_an_error_of_every_query(office: Office) -> None:
    manager, root = await office.employee("manager"), TYPES.query_type
    assert root is not None
    asked = {
        name: argument
        for name, field in root.fields.items()
        for argument, described in field.args.items()
        if str(described.type) == "ID!"
    }
    assert len(asked) > 9
    for name, wrong in asked.items():
        ids = [each for each, one in root.fields[name].args.items() if str(one.type) == "ID!"]
        head = ", ".join(f"${each}: ID!" for each in ids)
        arguments = ", ".join(f"{each}: ${each}" for each in ids)
        leaf = "" if name == "noticeDifference" else "{ __typename }"
        given = {each: "42" if each == wrong else identifier(each) for each in ids}
        answer = await manager.asks(f"query ({head}) {{ {name}({arguments}) {leaf} }}", **given)
        assert answer.codes == ["ID_MALFORMED"], name


async def test_only_who_registers_or_signs_in_may_change_anything_without_a_session(office: Office) -> None:
    stranger, root = office.stranger(), TYPES.mutation_type
    assert root is not None
    for name, field in sorted(root.fields.items()):
        if name in ("signIn", "intakeBegin", "intakeConfirm", "passwordCodeRequest", "passwordCodeUse"):
            continue
        kind = field.args["input"].type if field.args else None
        head, input = (f"($input: {kind})", "(input: $input)") if kind else ("", "")
        document = f"mutation {head} {{ {name}{input} {{ userErrors {{ code }} }} }}"
        given = {"input": value(kind)} if kind else {}
        assert (await stranger.asks(document, **given)).codes == ["UNAUTHENTICATED"], name


async def test_only_what_says_nothing_of_anybody_is_answered_without_a_session(office: Office) -> None:
    stranger, root, answered = office.stranger(), TYPES.query_type, set()
    assert root is not None
    for name, field in root.fields.items():
        required = {each: one.type for each, one in field.args.items() if str(one.type).endswith("!")}
        required = {
            each: kind for each, kind in required.items() if field.args[each].default_value is Undefined
        }
        head = ", ".join(f"${each}: {kind}" for each, kind in required.items())
        given = ", ".join(f"{each}: ${each}" for each in required)
        document = (
            f"query {f'({head})' if head else ''} {{ {name}{f'({given})' if given else ''} {_leaf(field)} }}"
        )
        answer = await stranger.asks(document, **{each: value(kind, each) for each, kind in required.items()})
        if answer.codes != ["UNAUTHENTICATED"]:
            answered.add(name)

    assert answered == {
        *("me", "node", "nodes", "notices", "noticeDifference", "withdrawalCertificate"),
        # Records by identifier: none is there for a stranger.
        *("breakGlass", "customer", "dictation", "instruction", "request", "scan", "task", "taskReview"),
    }


def _leaf(field: Any) -> str:
    """What is selected below a field, where there is something."""
    return "" if isinstance(get_named_type(field.type), GraphQLScalarType) else "{ __typename }"


async def test_nobody_is_asked_for_an_identifier_before_signing_in(office: Office) -> None:
    document = "mutation ($id: ID!) { taskClose(input: {taskId: $id}) { userErrors { code } } }"

    assert (await office.stranger().asks(document, id="42")).codes == ["UNAUTHENTICATED"]


def test_a_parameter_without_a_description_is_refused_at_start() -> None:
    with pytest.raises(TypeError, match="name"):

        @query
        async def nameless(name: str, *, by: Actor) -> str:
            """A query."""
            return name + str(by)


def test_a_root_without_a_description_is_refused_at_start() -> None:
    with pytest.raises(TypeError, match="mute"):

        @mutation("The outcome.")
        async def mute(customer_id: CustomerId, *, by: Actor) -> None:
            pass
