"""What a request carries through the schema."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from strawberry.types import Info

from models import UserAgent
from policies.actor import Actor
from policies.policy import Policy, in_force
from policies.statements import MOST, Statement
from procedures.lookup import Lookups, Standing
from schema.reading.sample import Sample

#: The type of a record, and the fields of it that were released.
Released = tuple[str, frozenset[str]]


#: The most records that one operation reads.
ROWS: Final = 20_000


class AnswerTooLarge(Exception):
    """An answer has become larger than any may be; raised while it is executed, and ends it."""

    code = "QUERY_TOO_COMPLEX"
    message = "It asks for too many levels, fields, records or texts at once. Ask for less at a time."


@dataclass
class Context:
    """The actor, the policy in force when the request came, and what has been released and withheld so far.

    `address` is where the request came from, for throttling sign-ins; it is not kept. `reads` holds, by
    customer, the type and the released fields of every record read; its keys are the driver's (text on
    SQLite), None for records of no customer. `opened_by` has, by customer and type of record, the ids of the
    tasks and break-glass by which they were read, and as `itself` of tasks of the actor's own that were read. `broken` holds the table and id of every row that did not open.
    `narrowed` says that `policy` is without the fields that are closed; until then nothing is read.
    `sample` notes what is released if plain Oso is to be asked about this operation. `lookups` holds what was looked up
    and how much of it was found, `standing` whether look-ups are refused to the actor. `confirmed` says whether the session
    was confirmed, once something has asked; `agent` is what the request comes from, as it calls itself; `rows` is how many
    may still be read; `only_reads` says that the operation changes nothing, once it is known.
    """

    actor: Actor
    address: str = ""
    policy: Policy = field(default_factory=in_force)
    withheld: Counter[tuple[str, str]] = field(default_factory=Counter)
    reads: dict[Any, set[Released]] = field(default_factory=dict)
    opened_by: dict[Any, dict[str, set[str]]] = field(default_factory=dict)
    broken: set[tuple[str, str]] = field(default_factory=set)
    narrowed: bool = False
    sample: Sample | None = None
    lookups: Lookups = field(default_factory=Lookups)
    standing: Standing = field(default_factory=Standing)
    confirmed: bool | None = None
    agent: UserAgent = UserAgent.PROGRAM
    rows: int = ROWS
    only_reads: bool = False

    async def fetch(self, statement: Statement, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows that a statement has for the actor.

        Raises:
            AnswerTooLarge: they are more than may still be read.
        """
        rows = await statement.fetch(self.actor, {**values, MOST: self.rows + 1})
        self.rows -= len(rows)
        if self.rows < 0:
            raise AnswerTooLarge
        return rows

    def aside(self) -> "Context":
        """The same actor, for a look-up that is not part of the answer and counts nothing."""
        return replace(self, withheld=Counter(), reads={}, opened_by={}, sample=None)

    def __getitem__(self, name: str) -> Any:
        """Strawberry reads its context like a mapping in places."""
        return getattr(self, name)


#: What a resolver gets of the request: the context, and what the document asks for below the field.
ContextInfo = Info[Context, None]
