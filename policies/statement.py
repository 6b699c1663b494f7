"""A query with masks, ready to run: its text once, its values at every execution."""

from dataclasses import dataclass
from typing import Any

from tortoise.connection import get_connection
from tortoise.queryset import AwaitableQuery

from policies.asker import Asker
from policies.sql import bind


@dataclass(frozen=True)
class Statement:
    """SQL text with its values, some of them slots for the asker's parameters."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, query: AwaitableQuery[Any]) -> "Statement":
        """The statement a Tortoise query would run."""
        query._choose_db_if_not_chosen()
        query._make_query()
        sql, values = query.query.get_parameterized_sql()
        return cls(sql, tuple(values))

    async def fetch(self, asker: Asker) -> list[dict[str, Any]]:
        """Run it for an asker, in the transaction under way if there is one."""
        connection = get_connection("default")
        values = bind(list(self.values), asker, connection.capabilities.dialect)
        return list(await connection.execute_query_dict(self.sql, values))
