"""Conditions as SQL, for Tortoise: the cells of a row are decided where the row is read.

Statements hold no values of the question but slots, filled in at execution, so that one statement
serves every actor of a kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pypika_tortoise.context import SqlContext
from pypika_tortoise.enums import Dialects
from pypika_tortoise.terms import Criterion
from pypika_tortoise.utils import format_alias_sql
from tortoise.expressions import Expression, ResolveContext, ResolveResult
from tortoise.fields import BooleanField

from policies.actor import Actor
from policies.conditions import (
    Compare,
    Condition,
    Const,
    Exists,
    ForAll,
    Param,
    Path,
    Term,
    answerable,
    holds,
    ir,
)
from policies.conditions import field as field_of
from policies.errors import Undecided
from policies.registry import Field, Relation, Resource
from policies.registry import searchable as resources


@dataclass(frozen=True)
class Slot:
    """A place in a statement for a parameter's value, or for the answer to what no record is asked for."""

    of: Param | Compare


def values_of(actor: Actor) -> dict[str, Any]:
    """The parameters of a question; read once for each statement, so that its clock is the statement's."""
    purposes = sorted(purpose.value for purpose in actor.purposes)
    return {
        "actor.id": actor.actor_id,
        "actor.customerId": actor.customer_id,
        "actor.partnerId": actor.partner_id,
        "actor.purpose": purposes,
        "actor.purposes": purposes,
        "actor.purposeCount": len(purposes),
        "actor.channel": actor.channel.value,
        "actor.now": actor.now,
    }


def bind(slots: list[Any], actor: Actor, dialect: str, more: Mapping[str, Any]) -> list[Any]:
    """The statement's values with every slot filled, in the form the database's driver takes.

    Args:
        slots: the statement's values, some of them slots.
        actor: whose parameters fill them.
        dialect: "sqlite" or "postgres".
        more: values of parameters that are not the actor's, such as what is searched for.

    Raises:
        Undecided: the actor has no such value; a condition on it cannot be asked.
    """
    parameters = {**values_of(actor), **more}
    return [_driver(_filled(slot, parameters), dialect) if isinstance(slot, Slot) else slot for slot in slots]


def _filled(slot: Slot, parameters: Mapping[str, Any]) -> Any:
    """A parameter's value, or whether a comparison of known values holds, as Python decides it."""
    if isinstance(slot.of, Param):
        known = parameters[slot.of.name]
        return known if slot.of.moment is None else slot.of.moment.of(known)
    answerable(slot.of, parameters)
    return holds(slot.of, {}, parameters)


def _driver(value: Any, dialect: str) -> Any:
    if value is None:
        raise Undecided("read")
    if dialect == "postgres":
        return value
    if isinstance(value, list):
        # Purposes are plain words and keys are identifiers, so this is JSON.
        return "[" + ",".join(f'"{item}"' for item in value) + "]"
    if isinstance(value, UUID):
        return str(value)
    return value


class Holds(Expression):
    """Whether a condition holds for the row: for WHERE."""

    def __init__(self, condition: Condition, record: str) -> None:
        self.condition, self.record = condition, record

    def resolve(self, resolve_context: ResolveContext) -> ResolveResult:
        """The condition as a boolean term over the query's table."""
        return ResolveResult(
            term=_Condition(self.condition, self.record, _name(resolve_context)), output_field=BooleanField()
        )


def _name(context: ResolveContext) -> str:
    return str(context.table.alias or context.table.get_table_name())


class _Condition(Criterion):
    """A condition as a pypika term, aliased like any other."""

    def __init__(self, condition: Condition, record: str, table: str) -> None:
        super().__init__(None)
        self.condition, self.record, self.table = condition, record, table

    def get_sql(self, ctx: SqlContext) -> str:
        writer = Writer(ctx)
        sql = writer.condition(self.condition, {ir.THIS: (self.table, resources()[self.record])}, rows=True)
        return format_alias_sql(f"({sql})", self.alias if ctx.with_alias else None, ctx)

    def eq(self, other: Any) -> Any:
        """A filter `holds=True` is the condition itself, so that the database can use its indexes."""
        if getattr(other, "value", other) is not True:
            raise Undecided("read")
        return self

    def __eq__(self, other: Any) -> Any:
        return self.eq(other)

    __hash__ = Criterion.__hash__


Scope = dict[str, tuple[str, Resource]]


@dataclass
class Writer:
    """Writes conditions in one dialect into one statement."""

    ctx: SqlContext
    depth: int = field(default=0)

    @property
    def sqlite(self) -> bool:
        """Whether the statement is for SQLite."""
        return self.ctx.dialect == Dialects.SQLITE

    def condition(self, condition: Condition, scope: Scope, rows: bool = False) -> str:
        """One condition; `rows` asks for the form that lets an index find the rows."""
        match condition:
            case Compare():
                return self._compare(condition, scope)
            case ir.And(parts):
                return self._join(" AND ", parts, scope, rows) or self._truth(True)
            case ir.Or(parts):
                return self._either(parts, scope, rows) or self._truth(False)
            case ir.Not(part):
                return f"NOT ({self.condition(part, scope)})"
            case Exists():
                return self._exists(condition, scope, rows)
            case ForAll(var, over, where):
                return "NOT " + self._exists(Exists(var, over, ir.Not(where)), scope, False)

    def _join(self, operator: str, parts: tuple[Condition, ...], scope: Scope, rows: bool) -> str:
        return operator.join(f"({self.condition(part, scope, rows)})" for part in parts)

    def _either(self, parts: tuple[Condition, ...], scope: Scope, rows: bool) -> str:
        """Alternatives; rows that several relations lead to are one list, so that the database begins with it."""
        lists: dict[str, list[str]] = {}
        others: list[str] = []
        for part in parts:
            if rows and isinstance(part, Exists) and ir.variables(part.where) <= {part.var}:
                key, listed = self._list(part, scope)
                lists.setdefault(key, []).append(listed)
            else:
                others.append(self.condition(part, scope, rows))
        found = [f"{key} IN ({' UNION '.join(each)})" for key, each in lists.items()]
        return " OR ".join(f"({each})" for each in [*found, *others])

    def _truth(self, value: bool) -> str:
        return ("1=1" if value else "1=0") if self.sqlite else str(value).upper()

    def _exists(self, look: Exists, scope: Scope, rows: bool) -> str:
        if rows and ir.variables(look.where) <= {look.var}:
            key, listed = self._list(look, scope)
            return f"{key} IN ({listed})"
        there, key, source, inner = self._looked(look, scope)
        return f"EXISTS (SELECT 1 {source}{there}={key} AND ({inner}))"

    def _list(self, look: Exists, scope: Scope) -> tuple[str, str]:
        """A column, and the query of the values that it has where something in a relation meets a condition."""
        there, key, source, inner = self._looked(look, scope)
        return key, f"SELECT {there} {source}{inner}"

    def _looked(self, look: Exists, scope: Scope) -> tuple[str, str, str, str]:
        """The two columns that a relation equates, the relation as FROM has it, and the condition there."""
        self.depth += 1
        alias = f"{look.var}_{self.depth}"
        relation, target, column = self._target(look.over, scope)
        inner = self.condition(look.where, {**scope, look.var: (alias, target)})
        there = f'"{alias}"."{relation.target_key}"'
        return there, column(relation.key), f'FROM "{target.table}" "{alias}" WHERE ', inner

    def _target(self, over: Path, scope: Scope) -> tuple[Relation, Resource, Callable[[str], str]]:
        """A relation to many, the type of record it leads to, and how to write a column of what it leads from."""
        holder, column = self._holder(Path(over.var, over.steps[:-1]), scope)
        relation = holder.relations[over.steps[-1]]
        return relation, resources()[relation.target], column

    def _holder(self, path: Path, scope: Scope) -> tuple[Resource, Callable[[str], str]]:
        """The record at the end of a path of single relations, and how to write a column of it."""
        if not path.steps:
            alias, resource = scope[path.var]
            return resource, lambda name: f'"{alias}"."{name}"'
        before, key = self._holder(Path(path.var, path.steps[:-1]), scope)
        relation = before.relations[path.steps[-1]]

        def column(name: str) -> str:
            # The key that leads to a record is that record's own.
            own = name == relation.target_key
            return key(relation.key) if own else self._behind(path, name, relation, key(relation.key), scope)

        return resources()[relation.target], column

    def _behind(self, path: Path, name: str, relation: Relation, key: str, scope: Scope) -> str:
        """A column of the record at the end of a path, which a key leads to."""
        del path, scope
        self.depth += 1
        alias, table = f"r_{self.depth}", resources()[relation.target].table
        return f'(SELECT "{alias}"."{name}" FROM "{table}" "{alias}" WHERE "{alias}"."{relation.target_key}"={key})'

    def _compare(self, compare: Compare, scope: Scope) -> str:
        if not isinstance(compare.left, Path):
            return self._known(compare)
        kinds = {name: resource for name, (_, resource) in scope.items()}
        left = field_of(compare.left, kinds)
        sql = self._value(compare.left, scope)
        if compare.right == ir.PURPOSE:
            stated = self._one_of(sql, "in", compare.right, left)
            if not left.nullable:
                return stated
            return f"({stated} OR {sql} IS NULL AND {self._known(Compare('=', Const(None), ir.PURPOSE))})"
        if compare.op in ("in", "not in"):
            return self._one_of(sql, compare.op, compare.right, left)
        if isinstance(compare.right, Path):
            right, missing = self._value(compare.right, scope), field_of(compare.right, kinds).nullable
        elif isinstance(compare.right, Param):
            right, missing = self._slot(compare.right), False
        else:
            right, missing = self._constant(compare.right.value), compare.right.value is None
        return self._compared(sql, compare.op, right, left.nullable, missing)

    def _compared(self, left: str, op: str, right: str, left_missing: bool, right_missing: bool) -> str:
        """A comparison that is true or false whatever is missing, in a form that an index serves."""
        if not (left_missing or right_missing):
            return f"{left} {'<>' if op == '!=' else op} {right}"
        if op not in ("=", "!="):
            return self._ordered(left, op, right, left_missing, right_missing)
        if right_missing:
            same, other = ("IS", "IS NOT") if self.sqlite else ("IS NOT DISTINCT FROM", "IS DISTINCT FROM")
            return f"{left} {same if op == '=' else other} {right}"
        if op == "=":
            return f"({left} IS NOT NULL AND {left} = {right})"
        return f"({left} IS NULL OR {left} <> {right})"

    def _ordered(self, left: str, op: str, right: str, left_missing: bool, right_missing: bool) -> str:
        """A comparison by order; what is missing is neither less nor more than anything."""
        there = [side for side, missing in ((left, left_missing), (right, right_missing)) if missing]
        return "(" + " AND ".join([*(f"{side} IS NOT NULL" for side in there), f"{left} {op} {right}"]) + ")"

    def _value(self, path: Path, scope: Scope) -> str:
        resource, column = self._holder(Path(path.var, path.steps[:-1]), scope)
        return column(resource.fields[path.steps[-1]].column)

    def _one_of(self, sql: str, op: str, right: Term, left: Field) -> str:
        """A comparison with several values; what is missing is none of them."""
        listed = self._in_set(sql, right, left.type)
        present = f"({sql} IS NOT NULL AND {listed})" if left.nullable else listed
        return present if op == "in" else f"NOT ({present})"

    def _in_set(self, sql: str, right: Term, kind: type) -> str:
        if isinstance(right, Const):
            return f"{sql} IN ({', '.join(self._constant(value) for value in right.value)})"
        slot = self._slot(right)
        array = "uuid[]" if kind is UUID else "text[]"
        return (
            f"{sql} IN (SELECT value FROM json_each({slot}))"
            if self.sqlite
            else f"{sql} = ANY({slot}::{array})"
        )

    def _known(self, compare: Compare) -> str:
        """A comparison that asks nothing of a record: it is answered before, and the answer is a value here."""
        slot = self._slot(compare)
        return f"({slot})" if self.sqlite else f"{slot}::boolean"

    def _slot(self, of: Term | Compare) -> str:
        if self.ctx.parameterizer is None or not isinstance(of, Param | Compare):
            raise Undecided("read")
        return str(self.ctx.parameterizer.create_param(Slot(of)).get_sql(self.ctx))

    def _constant(self, value: Any) -> str:
        """A value written in the policy: never one of a customer's, so it may stand in the text."""
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return ("1" if value else "0") if self.sqlite else str(value).upper()
        if isinstance(value, int):
            return str(value)
        escaped = str(value).replace("'", "''")
        return f"'{escaped}'"
