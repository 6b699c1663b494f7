"""Searching and sorting by what the actor may see: a cell that is not granted behaves as absent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pypika_tortoise.context import SqlContext
from pypika_tortoise.terms import Criterion
from pypika_tortoise.utils import format_alias_sql
from tortoise.expressions import Expression, ResolveContext, ResolveResult
from tortoise.fields import CharField, DatetimeField, IntField

from policies.conditions import (
    And,
    Compare,
    Condition,
    Exists,
    ForAll,
    Or,
    Param,
    Path,
    Plan,
    ir,
    negated,
    renamed,
)
from policies.registry import searchable
from policies.statements.sql import Writer

KEYS = "keys"


def among(field: str) -> Condition:
    """Records whose field is one of the parameter `keys`."""
    return Compare("in", Path(ir.THIS, (field,)), Param(KEYS))


def equals(plan: Plan, field: str, name: str) -> Condition:
    """Records whose field the actor may see, and equals the parameter `name`."""
    return ir.conjunction([plan.grant(field).condition, Compare("=", Path(ir.THIS, (field,)), Param(name))])


def indexed(field: str, name: str) -> Condition:
    """Rows whose blind index is the parameter `name`, or `name.former` while indexes are made anew."""
    index = Path(ir.THIS, (field,))
    return Or((Compare("=", index, Param(name)), Compare("=", index, Param(f"{name}.former"))))


def holding(customers: Plan, edge: str, rows: Plan, fields: Mapping[str, Condition]) -> Condition:
    """Customers with a row of personal data in which the actor may see all of some fields, and they fit.

    Args:
        customers: the plan for customers.
        edge: the customer's field that leads to such rows.
        rows: the plan for the rows.
        fields: by field, a condition on the row.
    """
    grants = [rows.grant(field).condition for field in fields]
    where = moved(ir.conjunction([*grants, *fields.values()]), "row")
    row = Exists("row", Path(ir.THIS, (rows.record,)), where)
    return ir.conjunction([customers.grant(edge).condition, row])


def moved(condition: Condition, to: str) -> Condition:
    """The same condition about the variable `to` instead of the record asked about."""
    bound = [node.var for node in ir.nodes(condition) if isinstance(node, Exists | ForAll)]
    return renamed(condition, {ir.THIS: to, **{var: f"x{var}" for var in bound}})


@dataclass(frozen=True)
class Order:
    """A sort key: a plain column of records as far as the actor may see it; absent cells come last."""

    field: str
    descending: bool = False

    def after(self, plan: Plan, value: Any) -> Condition:
        """Records that come after one with this value (parameter `after`) and id (parameter `after.id`)."""
        grant = visible(plan, self.field)
        cell, key = Path(ir.THIS, (self.field,)), Path(ir.THIS, ("id",))
        later = Compare(">", key, Param("after.id"))
        absent = negated(grant)
        if value is None:
            return ir.conjunction([absent, later])
        ahead = Compare("<" if self.descending else ">", cell, Param("after"))
        same = And((Compare("=", cell, Param("after")), later))
        # Said once more without the tie, so that an index finds where to begin.
        near = Compare("<=" if self.descending else ">=", cell, Param("after"))
        return ir.disjunction([ir.conjunction([grant, near, Or((ahead, same))]), absent])

    def plain(self, plan: Plan) -> bool:
        """Whether every record that is there has a value the actor may see: then an index can sort."""
        nullable = searchable()[plan.record].fields[self.field].nullable
        return not nullable and visible(plan, self.field) == ir.TRUE


def visible(plan: Plan, field: str) -> Condition:
    """When a cell is granted in a record that is there: always, if the record is there for no other reason."""
    condition = plan.grant(field).condition
    return ir.TRUE if condition == plan.row else condition


class Cell(Expression):
    """A plain column's value where it is granted, NULL elsewhere; `missing` gives 1 for NULL and 0 else."""

    def __init__(self, plan: Plan, field: str, *, missing: bool = False) -> None:
        self.plan, self.field, self.missing = plan, field, missing

    def resolve(self, resolve_context: ResolveContext) -> ResolveResult:
        """The cell as a term over the query's table."""
        column = searchable()[self.plan.record].fields[self.field]
        output = (
            IntField() if self.missing else DatetimeField() if column.type is datetime else CharField(200)
        )
        table = str(resolve_context.table.alias or resolve_context.table.get_table_name())
        return ResolveResult(term=_Cell(self, table, column.column), output_field=output)


class _Cell(Criterion):
    def __init__(self, cell: Cell, table: str, column: str) -> None:
        super().__init__(None)
        self.cell, self.table, self.column = cell, table, column

    def get_sql(self, ctx: SqlContext) -> str:
        resource = searchable()[self.cell.plan.record]
        condition = visible(self.cell.plan, self.cell.field)
        granted = Writer(ctx).condition(condition, {ir.THIS: (self.table, resource)})
        name = f'"{self.table}"."{self.column}"'
        values = (
            f"CASE WHEN {granted} THEN 0 ELSE 1 END"
            if self.cell.missing
            else f"CASE WHEN {granted} THEN {name} END"
        )
        return format_alias_sql(values, self.alias if ctx.with_alias else None, ctx)
