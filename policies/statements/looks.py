"""Conditions on the records of a page, as columns beside them: each relation is looked into once.

The page is a query of its own. Around it, one aggregate over each relation that the conditions follow says for each
record which of the conditions on that relation are met by something there: a number whose bits are the answers. What a
condition needs of the records there is found beside them in the same way. All databases are asked alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policies.conditions import And, Condition, Exists, ForAll, Not, Or, Path, ir, renamed
from policies.registry import Relation, Resource, searchable
from policies.statements.sql import Scope, Writer

#: How many answers one number holds: a signed integer of eight bytes.
BITS = 62

#: By condition on a relation, the expression that says whether something there meets it.
Answers = Mapping[Exists, str]


@dataclass(frozen=True)
class Source:
    """Records with the answers to some conditions beside them; `said` has each condition as an expression over them."""

    before: str
    records: str
    said: list[str]

    def select(self, columns: str) -> str:
        """A query of them."""
        return f"{self.before}SELECT {columns} FROM {self.records}"

    def once(self, alias: str, expressions: Sequence[str]) -> tuple[Source, dict[str, str]]:
        """The same records, with a column for each expression that is used more than once; by expression, how it is written.

        Many fields are decided alike, and what decides is long.
        """
        often = [each for each, times in Counter(expressions).items() if times > 1]
        names = {each: f"d{number}" for number, each in enumerate(often)}
        said = {each: f'"{alias}"."{names[each]}"' if each in names else each for each in expressions}
        if not names:
            return self, said
        columns = ", ".join(f'{each} "{name}"' for each, name in names.items())
        records = f'(SELECT "{alias}".*, {columns} FROM {self.records}) "{alias}"'
        return Source(self.before, records, self.said), said


@dataclass
class Looks(Writer):
    """Writes what is asked of the records of a page.

    Attributes:
        named: how many names were given.
        followed: by the alias of a page or relation, the values used that lie behind its relations to one record, as
            the way there and the column, with the names that they have beside its own columns.
    """

    named: int = 0
    followed: dict[str, dict[tuple[tuple[str, ...], str], str]] = field(default_factory=dict)

    def beside(
        self,
        source: str,
        scope: Scope,
        conditions: Sequence[Condition],
        where: Sequence[Condition | str] = (),
        opening: Mapping[str, Condition] | None = None,
    ) -> Source:
        """What to select from so that conditions are answered.

        Args:
            source: records, as FROM has them.
            scope: the records that variables stand for; the last are those of the source.
            conditions: what is asked of each record.
            where: which of the records count; a text is a condition that is written already.
            opening: by type of record, a condition: a column of that name has the ids of those by which it holds.
        """
        alias, resource = list(scope.values())[-1]
        self.followed[alias] = {}
        columns, answers = self._looks(conditions, scope)
        columns += [self._opened_by(name, condition, scope) for name, condition in (opening or {}).items()]
        expressions = [self._said(condition, scope, answers) for condition in conditions]
        parts = [part if isinstance(part, str) else f"({self.condition(part, scope)})" for part in where]
        source = self._joined(source, alias, resource) + (f" WHERE {' AND '.join(parts)}" if parts else "")
        if not columns:
            return Source("", source, expressions)
        # Where it is not materialized, a database may look again wherever an answer is used.
        found = f'SELECT "{alias}".*, {", ".join(columns)} FROM {source}'
        return Source(f'WITH "{alias}" AS MATERIALIZED ({found}) ', f'"{alias}"', expressions)

    def _looks(self, conditions: Sequence[Condition], scope: Scope) -> tuple[list[str], dict[Exists, str]]:
        """The columns that answer all conditions on relations, and each answer as an expression over them."""
        columns: list[str] = []
        answers: dict[Exists, str] = {}
        for over, looks in _by_relation(look for each in conditions for look in _outermost(each)).items():
            alias = self._name("x")
            wheres = {look: _about(alias, look, scope) for look in looks}
            asked = list(dict.fromkeys(wheres.values()))
            found, said = (
                self._look(over, alias, asked, scope) if len(asked) > 1 else self._one(looks[0], scope)
            )
            columns += found
            answers |= {look: said[asked.index(where)] for look, where in wheres.items()}
        return columns, answers

    def _one(self, look: Exists, scope: Scope) -> tuple[list[str], list[str]]:
        """The column for the only condition on a relation: the first record that meets it is enough."""
        name = self._name("l")
        there = self._exists(look, scope, rows=False)
        return [f'CASE WHEN {there} THEN 1 ELSE 0 END "{name}"'], [f'{_last(scope)}."{name}" = 1']

    def _look(
        self, over: Path, alias: str, asked: list[Condition], scope: Scope
    ) -> tuple[list[str], list[str]]:
        """The columns for several conditions on one relation, and each answer as an expression over them."""
        shared, rests = _apart(asked)
        source = self._relation(over, alias, shared, rests, scope)
        columns, said = [], []
        for start in range(0, len(source.said), BITS):
            name, chunk = self._name("l"), source.said[start : start + BITS]
            bits = (f"max(CASE WHEN {each} THEN {1 << place} ELSE 0 END)" for place, each in enumerate(chunk))
            columns.append(f'coalesce(({source.select(" + ".join(bits))}), 0) "{name}"')
            said += [f'({_last(scope)}."{name}" & {1 << place}) <> 0' for place in range(len(chunk))]
        return columns, said

    def _opened_by(self, name: str, condition: Condition, scope: Scope) -> str:
        """A column of that name: the ids of the records of a type by which a condition holds, separated by blanks."""
        lists = ["''"]
        for over, looks in _by_relation(_granting(condition)).items():
            if self._target(over, scope)[1].name == name:
                alias = self._name("x")
                shared, rests = _apart([_about(alias, look, scope) for look in looks])
                source = self._relation(over, alias, shared, [ir.disjunction(rests)], scope)
                ids = f'CASE WHEN {source.said[0]} THEN CAST("{alias}"."id" AS text) END'
                lists.append(f"coalesce(({source.select(self._blanks(ids))}), '')")
        return f"""{" || ' ' || ".join(lists)} "{name}\""""

    def _blanks(self, values: str) -> str:
        """An aggregate that has all values there are in one text."""
        return f"{'group_concat' if self.sqlite else 'string_agg'}({values}, ' ')"

    def _relation(
        self, over: Path, alias: str, shared: list[Condition], rests: list[Condition], scope: Scope
    ) -> Source:
        """The records of a relation that meet what is shared, with what else is asked of them."""
        relation, target, column = self._target(over, scope)
        link = f'"{alias}"."{relation.target_key}"={column(relation.key)}'
        inner = {**scope, alias: (alias, target)}
        return self.beside(f'"{target.table}" "{alias}"', inner, rests, [link, *shared])

    def _said(self, condition: Condition, scope: Scope, answers: Answers) -> str:
        """A condition as an expression over the answers."""
        match condition:
            case Exists():
                return answers[condition]
            case ForAll(var, over, where):
                return f"NOT ({answers[Exists(var, over, Not(where))]})"
            case Not(part):
                return f"NOT ({self._said(part, scope, answers)})"
            case And(parts) | Or(parts) if parts:
                operator = " AND " if isinstance(condition, And) else " OR "
                return operator.join(f"({self._said(part, scope, answers)})" for part in parts)
        return self.condition(condition, scope)

    def _behind(self, path: Path, name: str, relation: Relation, key: str, scope: Scope) -> str:
        """A column behind a relation of the page, or of a relation that is looked into, lies beside its own columns."""
        alias, _ = scope[path.var]
        if alias not in self.followed:
            return super()._behind(path, name, relation, key, scope)
        values = self.followed[alias]
        return f'"{alias}"."{values.setdefault((path.steps, name), f"v{len(values)}")}"'

    def _joined(self, source: str, alias: str, resource: Resource) -> str:
        """Records with the values used that lie behind their relations to one record."""
        values, joins = self.followed[alias], dict[tuple[str, ...], str]()
        if not values:
            return source
        text = source
        for way, _ in values:
            holder, before = resource, alias
            for length, step in enumerate(way, 1):
                relation = holder.relations[step]
                holder = searchable()[relation.target]
                if way[:length] not in joins:
                    joins[way[:length]] = joined = self._name("j")
                    on = f'"{joined}"."{relation.target_key}"="{before}"."{relation.key}"'
                    text += f' JOIN "{holder.table}" "{joined}" ON {on}'
                before = joins[way[:length]]
        columns = [f'"{joins[steps]}"."{column}" "{name}"' for (steps, column), name in values.items()]
        return f'(SELECT "{alias}".*, {", ".join(columns)} FROM {text}) "{alias}"'

    def _name(self, kind: str) -> str:
        self.named += 1
        return f"{kind}{self.named}"


def _last(scope: Scope) -> str:
    """The alias of the records that are looked at."""
    alias, _ = list(scope.values())[-1]
    return f'"{alias}"'


def _about(alias: str, look: Exists, scope: Scope) -> Condition:
    """What must hold of a record of a relation, its variable named as the relation is."""
    bound = (node.var for node in ir.nodes(look.where) if isinstance(node, Exists | ForAll))
    names = {name: name for name in (*scope, *bound)}
    return renamed(look.where, {**names, look.var: alias})


def _apart(conditions: list[Condition]) -> tuple[list[Condition], list[Condition]]:
    """What all conditions ask for without looking further, and what each asks for besides."""
    parts = [list(each.parts) if isinstance(each, And) else [each] for each in conditions]
    shared = [part for part in parts[0] if all(part in other for other in parts) and not [*_outermost(part)]]
    return shared, [ir.conjunction([part for part in each if part not in shared]) for each in parts]


def _by_relation(looks: Iterable[Exists]) -> dict[Path, list[Exists]]:
    """Different looks, by what they look into."""
    relations: dict[Path, list[Exists]] = {}
    for look in dict.fromkeys(looks):
        relations.setdefault(look.over, []).append(look)
    return relations


def _granting(condition: Condition) -> Iterator[Exists]:
    """The looks that a condition can hold by: something there makes it hold, or helps to."""
    match condition:
        case Exists():
            yield condition
        case And(parts) | Or(parts):
            for part in parts:
                yield from _granting(part)


def _outermost(condition: Condition) -> Iterator[Exists]:
    """The outermost looks into relations, a condition on all as one on none."""
    match condition:
        case Exists():
            yield condition
        case ForAll(var, over, where):
            yield Exists(var, over, Not(where))
        case And(parts) | Or(parts):
            for part in parts:
                yield from _outermost(part)
        case Not(part):
            yield from _outermost(part)
