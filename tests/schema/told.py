"""What `actions` tells somebody of the record that a mutation is about, before it is run."""

from typing import Any

from models import snake
from models.errors import ProcedureError
from policies.policy import in_force
from schema.reading import actions, decode, encode
from tests.people import Someone
from tests.schema.verdict_cases import Case

ACTIONS = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Guarded { actions { mutation permitted } } } }"


async def told(case: Case, asker: Someone, sent: dict[str, Any]) -> bool | None:
    """Whether `actions` tells somebody that the mutation is permitted.

    None where they do not see all that the mutation is about, or it depends on what is given.
    """
    question = actions.asked(snake(case.mutation), in_force().actions)
    ids = [value for value in sent.values() if isinstance(value, str) and _type(value)]
    if question is not None and question[1] == "Customer":
        ids.insert(0, encode("Customer", case.customer.id))
    answer = await asker.asks(ACTIONS, ids=ids) if question and ids else None
    if answer is None or answer.codes or None in answer.data["nodes"]:
        return None
    about = [each for each in answer.data["nodes"] if decode(each["id"])[0] == (question or ("", ""))[1]]
    # Without a word about it, it is not permitted.
    found = {each["mutation"]: each["permitted"] for node in about for each in node["actions"]}
    permitted: bool | None = found.get(case.mutation, False)
    return permitted


def _type(identifier: str) -> str | None:
    try:
        return decode(identifier)[0]
    except ProcedureError:
        return None
