"""Queries ready to run: their text once, their values at every execution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pypika_tortoise.context import SqlContext
from pypika_tortoise.enums import Dialects
from pypika_tortoise.terms import Parameter, Parameterizer
from tortoise.connection import get_connection
from tortoise.queryset import AwaitableQuery, QuerySet

from policies.actor import Actor
from policies.conditions import Condition, Grant, Param, ir
from policies.registry import Resource
from policies.statements.looks import Looks
from policies.statements.sql import Slot, bind

#: The slot for the most rows that an answer may have.
MOST: Final = "most"


class Numbered(Parameterizer):
    """Numbers the values of a statement; a slot has one number, however often it is used."""

    def __init__(self, sign: str) -> None:
        super().__init__()
        self.sign = sign

    def create_param(self, value: Any) -> Parameter:
        """A place for a value."""
        if not isinstance(value, Slot) or value not in self.values:
            self.values.append(value)
            return Parameter(f"{self.sign}{len(self.values)}")
        return Parameter(f"{self.sign}{self.values.index(value) + 1}")


@dataclass(frozen=True)
class Page:
    """Records to be read with what policies say of each.

    Attributes:
        query: the records, in order if they are limited.
        resource: their type.
        columns: what is selected of each.
        opening: by type of record, a condition: its records by which the condition holds are a column of that name, as
            ids separated by blanks.
        verdicts: by column, a grant: 0 where it is given, else the number (from 1) of the step that fails.
        shown: what must hold of a record besides; asked where verdicts are, beside each record of the query.
        order: columns by which the answer is sorted, `-` before those that descend.
        limited: whether the query has a limit, which stays open as `limit`.
        bounded: whether the answer has one, which stays open as `most`.
    """

    query: QuerySet[Any]
    resource: Resource
    columns: Sequence[str] = ("id",)
    verdicts: Mapping[str, Grant] = field(default_factory=dict)
    opening: Mapping[str, Condition] = field(default_factory=dict)
    shown: Condition = ir.TRUE
    order: Sequence[str] = ("id",)
    limited: bool = False
    bounded: bool = False


@dataclass(frozen=True)
class Statement:
    """SQL text with its values, some of them slots for the actor's parameters."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, query: AwaitableQuery[Any], *, limited: bool = False) -> Statement:
        """The statement a Tortoise query would run; `limited` leaves its LIMIT open, as `limit`."""
        sql, context = _written(query, limited=limited)
        return cls(sql, tuple(context.parameterizer.values))

    @classmethod
    def page(cls, page: Page) -> Statement:
        """The statement that reads a page with its verdicts."""
        conditions = list(dict.fromkeys(_conditions(page)))
        needed = dict.fromkeys(
            [
                *page.columns,
                *(name.lstrip("-") for name in page.order),
                *_needed(page, [*conditions, *page.opening.values()]),
            ]
        )
        query, context = _written(page.query.values(*needed), limited=page.limited)
        scope = {ir.THIS: ("page", page.resource)}
        source = Looks(context).beside(f'({query}) "page"', scope, conditions, opening=page.opening)
        expressions = dict(zip(conditions, source.said, strict=True))
        columns = [f'"page"."{name}" "{name}"' for name in (*page.columns, *page.opening)]
        verdicts = {name: _verdict(grant, expressions) for name, grant in page.verdicts.items()}
        source, said = source.once("page", list(verdicts.values()))
        columns += [f'{said[verdict]} "{name}"' for name, verdict in verdicts.items()]
        where = "" if page.shown == ir.TRUE else f" WHERE {expressions[page.shown]}"
        order = ", ".join(
            f'"page"."{name.lstrip("-")}"{" DESC" * name.startswith("-")}' for name in page.order
        )
        most = f" LIMIT {context.parameterizer.create_param(Slot(Param(MOST)))}" if page.bounded else ""
        sql = f"{source.select(', '.join(columns))}{where} ORDER BY {order}{most}"
        return cls(sql, tuple(context.parameterizer.values))

    async def fetch(self, actor: Actor, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run it for an actor, in the transaction under way if there is one.

        Args:
            actor: whose parameters the slots are filled with.
            values: the values of all other slots, by name.
        """
        connection = get_connection("default")
        bound = bind(list(self.values), actor, connection.capabilities.dialect, values or {})
        return list(await connection.execute_query_dict(self.sql, bound))


def _written(query: AwaitableQuery[Any], *, limited: bool) -> tuple[str, Any]:
    """A query's text, and the context it was written in, with its values."""
    query._choose_db_if_not_chosen()
    query._make_query()
    context: SqlContext = query.query.QUERY_CLS.SQL_CONTEXT
    slots = Numbered("?" if context.dialect == Dialects.SQLITE else "$")
    context = context.copy(parameterizer=slots)
    sql = query.query.get_sql(context)
    if limited:
        # LIMIT comes last in every query, and so does its value.
        slots.values[-1] = Slot(Param("limit"))
    return sql, context


def _conditions(page: Page) -> list[Condition]:
    """All that is asked of each record."""
    steps = [step for grant in page.verdicts.values() for _, step in grant.steps[:-1]]
    return [page.shown, *(grant.condition for grant in page.verdicts.values()), *steps]


def _needed(page: Page, conditions: Sequence[Condition]) -> list[str]:
    """The columns that conditions use of the records themselves."""
    fields, relations = page.resource.fields, page.resource.relations
    steps = [path.steps[0] for each in conditions for path in ir.paths(each) if path.var == ir.THIS]
    return [fields[step].column if step in fields else relations[step].key for step in steps]


def _verdict(grant: Grant, expressions: Mapping[Condition, str]) -> str:
    arms = [f"WHEN {expressions[grant.condition]} THEN 0"]
    for number, (_, step) in enumerate(grant.steps[:-1], 1):
        arms.append(f"WHEN NOT ({expressions[step]}) THEN {number}")
    return f"CASE {' '.join(arms)} ELSE {max(len(grant.steps), 1)} END"
