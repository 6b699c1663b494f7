"""A query with masks, ready to run: its text once, its values at every execution."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tortoise.connection import get_connection
from tortoise.queryset import AwaitableQuery

from policies.actor import Actor
from policies.ir import Param
from policies.sql import Slot, bind


@dataclass(frozen=True)
class Statement:
    """SQL text with its values, some of them slots for the actor's parameters."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, query: AwaitableQuery[Any], *, limited: bool = False) -> "Statement":
        """The statement a Tortoise query would run; `limited` leaves its LIMIT open, as `limit`."""
        query._choose_db_if_not_chosen()
        query._make_query()
        sql, values = query.query.get_parameterized_sql()
        if limited:
            # LIMIT comes last in every statement, and so does its value.
            values[-1] = Slot(Param("limit"))
        return cls(sql, tuple(values))

    async def fetch(self, actor: Actor, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run it for an actor, in the transaction under way if there is one.

        Args:
            actor: whose parameters the slots are filled with.
            values: the values of all other slots, by name.
        """
        connection = get_connection("default")
        bound = bind(list(self.values), actor, connection.capabilities.dialect, values or {})
        return list(await connection.execute_query_dict(self.sql, bound))
