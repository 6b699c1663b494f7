"""Everything that a customer may read of the own data, asked for as any caller asks: through the guard, and recorded.

What is asked for is taken from the schema itself, so that no category and no field can be forgotten; what a customer
may never read is left out.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from models.errors import ProcedureError
from policies.actor import Actor
from policies.policy import in_force
from procedures.export import Progress
from schema.reading import FIXED, Context, encode, names, shape
from schema.types import Schema, types_of

#: How many readings a page of the access log holds.
PAGE: Final = 1_000

_OWN: Final = "query ($id: ID!) {{ customer(id: $id) {{ {} }} }}"
_LOG: Final = """query ($id: ID!, $after: String) {{ accessLog(customerId: $id, first: {}, after: $after) {{
nodes {{ {} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
_RECIPIENTS: Final = "query ($id: ID!) {{ recipients(customerId: $id) {{ {} }} }}"


class ExportIncomplete(ProcedureError):
    """Something could not be read; an incomplete archive is not handed out."""

    code = "EXPORT_INCOMPLETE"
    message = "Not all of the data could be read. The export is tried again."


async def read(built: Schema, by: Actor, tell: Progress) -> dict[str, Any]:
    """What the customer may read, by field of `Customer`, with the recipients and the access log.

    Args:
        built: the schema.
        by: the customer.
        tell: gets the progress, in percent.

    Raises:
        ExportIncomplete: an answer had an error.
    """
    types = {kind.name: kind for kind in types_of(built)}
    documents = dict(_documents(types, by))
    content: dict[str, Any] = {}
    for count, (name, document) in enumerate(documents.items(), start=1):
        customer = (await _execute(built, by, document))["customer"]
        if customer is None:
            raise ExportIncomplete
        content |= customer if name else {"customer": customer}
        await tell(100 * count // (len(documents) + 2))
    content |= await _execute(built, by, _RECIPIENTS.format(_fields(types, "Recipient", by)))
    return {**content, "accessLog": await _readings(built, by, types)}


async def _readings(built: Schema, by: Actor, types: dict[str, Any]) -> list[Any]:
    entries: list[Any] = []
    document, after, more = _LOG.format(PAGE, _fields(types, "Access", by)), None, True
    while more:
        log = (await _execute(built, by, document, after=after))["accessLog"]
        entries += log["nodes"]
        more, after = log["pageInfo"]["hasNextPage"], log["pageInfo"]["endCursor"]
    return entries


async def _execute(built: Schema, by: Actor, document: str, **variables: Any) -> Any:
    assert by.customer_id is not None  # noqa: S101 a customer has one
    values = {"id": encode("Customer", by.customer_id), **variables}
    result: Any = await built.execute(document, variable_values=values, context_value=Context(by))
    if result.errors or result.data is None:
        raise ExportIncomplete
    return result.data


def _documents(types: dict[str, Any], by: Actor) -> Iterator[tuple[str, str]]:
    """What to ask for: the anchor first, under no name, then each kind of data."""
    edges = shape("Customer").edges
    yield "", _OWN.format(_fields(types, "Customer", by, frozenset(edges)))
    for name in edges:
        below = _fields(types, edges[name].target, by, frozenset({"customer"}))
        yield name, _OWN.format(f"{name} {{ {below} }}")


def _fields(types: dict[str, Any], type_name: str, by: Actor, without: frozenset[str] = frozenset()) -> str:
    """All fields of a type, and of what lies below, that the customer may ever read."""
    plan = in_force().plan(by, type_name) if type_name in names() else None
    written = []
    for name, field in types[type_name].fields.items():
        never = plan is not None and name not in FIXED and plan.grant(name).never
        if name in without or never or name == "actions":
            continue
        kind = get_named_type(field.type)
        if is_leaf_type(kind):
            written.append(name)
        elif isinstance(kind, GraphQLObjectType):
            written.append(f"{name} {{ {_fields(types, kind.name, by, without | {'customer'})} }}")
    return " ".join(written)
