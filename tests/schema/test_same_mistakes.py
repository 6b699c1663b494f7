"""The same mistake is the same error in every operation, and names the argument."""

from typing import Any
from uuid import uuid4

import pytest
from graphql import get_named_type

from schema.reading import encode
from tests.people import Office
from tests.schema.missing import SCHEMA, Asking, looks_up, unbounded

QUERIES, MUTATIONS = (looks_up(kind, "ID") for kind in (SCHEMA.query_type, SCHEMA.mutation_type))
PAGES = [name for name, field in SCHEMA.query_type.fields.items() if "after" in field.args]
#: What stands where an identifier is asked for, and what it is.
WRONG = {"ID_MALFORMED": "42", "ID_OF_ANOTHER_TYPE": encode("Receipt", uuid4())}
#: They take identifiers of any type.
ANY = {"node", "nodes"}


class Mistaken(Asking):
    """Writes an operation of which every identifier is this one."""

    def identifier(self, name: str) -> str:
        """The identifier."""
        return f'["{self.id}"]' if name == "ids" else f'"{self.id}"'


def names(kind: Any) -> set[str]:
    """The arguments or members that take identifiers, within inputs, too."""
    found = set[str]()
    for name, each in kind.items():
        named = get_named_type(each.type)
        found |= names(named.fields) if hasattr(named, "fields") else {name} if str(named) == "ID" else set()
    return found


@pytest.mark.parametrize("code", WRONG)
async def test_a_wrong_identifier_is_told_by_its_argument(office: Office, code: str):
    unbounded()
    roles = ("manager", "privacy_officer", "administrator", "agent")
    someone = await office.session(await office.employee(*roles))
    for name in set(QUERIES) - (ANY if code == "ID_OF_ANOTHER_TYPE" else set()):
        described = SCHEMA.query_type.fields[name]
        below = "{ __typename }" if hasattr(get_named_type(described.type), "fields") else ""
        given = Mistaken(True, WRONG[code]).given(described.args)
        (error,) = (await someone.asks(f"{{ {name}({given}) {below} }}")).errors
        assert error.original_error.code == code, name
        assert error.original_error.field.partition(".")[0] in names(described.args), name
    for name in MUTATIONS:
        described = SCHEMA.mutation_type.fields[name]
        given = Mistaken(False, WRONG[code]).given(described.args)
        answer = await someone.asks(f"mutation {{ {name}({given}) {{ userErrors {{ code field path }} }} }}")
        told = answer.data[name]["userErrors"]
        assert {each["code"] for each in told} == {code}, name
        assert {each["path"][-1] for each in told} <= names(described.args), name


@pytest.mark.parametrize(
    ("given", "code"),
    [("first: 0", "PAGE_TOO_LARGE"), ("first: 1001", "PAGE_TOO_LARGE"), ('after: "x"', "CURSOR_STALE")],
)
async def test_a_page_that_is_none(office: Office, given: str, code: str):
    unbounded()
    someone = await office.employee("manager", "privacy_officer", "administrator")
    customer = encode("Customer", (await office.customer()).id)
    for name in PAGES:
        needed = f'customerId: "{customer}", ' if "customerId" in SCHEMA.query_type.fields[name].args else ""
        answer = await someone.asks(f"{{ {name}({needed}{given}) {{ __typename }} }}")
        told = [(each.original_error.code, each.original_error.field) for each in answer.errors]
        assert told == [(code, given.partition(":")[0])], name
