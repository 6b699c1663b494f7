"""Operations drawn at random from the schema itself: what a curious caller would try.

An operation's `after` may be a `CursorOf`: the k-th cursor that an earlier operation answered. It is
resolved while the operations run, so that each database is asked with the cursors it gave out itself.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
)

from schema.reading import encode
from tests.people import BUILT

SCHEMA = BUILT._schema
WITHHELD = "withheld { field reason }"
NOTHING = "bm90aGluZw"
#: What answers more with every question that was asked before; `test_access` and `test_missed_lookup` say what is told to whom.
GROWING = frozenset({"accessLog", "missedLookups"})


@dataclass(frozen=True)
class CursorOf:
    """The k-th cursor of an earlier operation's answer."""

    operation: int
    place: int


@dataclass(frozen=True)
class Operation:
    """A document and its variables."""

    text: str
    variables: dict[str, Any]


@dataclass(frozen=True)
class Known:
    """What a caller knows or guesses: records by type and key, and words to search for."""

    records: Sequence[tuple[str, UUID]]
    words: Sequence[str]


@dataclass
class Draft:
    """An operation being written."""

    chance: Random
    known: Known
    earlier: list[Operation]
    fragments: list[str] = field(default_factory=list)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    counted: int = 0

    def name(self, prefix: str) -> str:
        """A name that this operation has not used yet."""
        self.counted += 1
        return f"{prefix}{self.counted}"


def operations(chance: Random, known: Known, count: int) -> list[Operation]:
    """So many operations, each drawn with the ones before it in hand."""
    drawn: list[Operation] = []
    while len(drawn) < count:
        drawn.append(_again(chance, drawn) or _operation(Draft(chance, known, drawn)))
    return drawn


def everything(type_name: str, depth: int = 3) -> str:
    """All that can be selected of a type, with the records that it leads to in so many steps."""
    kind = SCHEMA.type_map[type_name]
    assert isinstance(kind, GraphQLObjectType)
    parts = []
    for name, item in kind.fields.items():
        target = get_named_type(item.type)
        if not isinstance(target, GraphQLObjectType):
            parts.append(name)
        elif depth or "withheld" not in target.fields:
            # A value made of parts is no level of its own; a record is.
            below = everything(target.name, depth - ("withheld" in target.fields))
            parts.append(f"{name} {{ {below} }}")
    return " ".join(parts) or "__typename"


def _again(chance: Random, drawn: list[Operation]) -> Operation | None:
    """An earlier operation continued behind one of its own cursors."""
    pages = [index for index, one in enumerate(drawn) if "after" in one.variables]
    if not pages or chance.random() > 0.25:
        return None
    index = chance.choice(pages)
    return Operation(
        drawn[index].text, {**drawn[index].variables, "after": CursorOf(index, chance.randrange(4))}
    )


def _operation(draft: Draft) -> Operation:
    query = SCHEMA.query_type
    assert query is not None
    roots = draft.chance.sample(sorted(query.fields.keys() - GROWING), k=draft.chance.choice((1, 1, 1, 2)))
    asked = [_root(draft, name, query.fields[name]) for name in roots]
    draft.variables |= {"yes": ("Boolean!", True), "no": ("Boolean!", False)}
    head = ", ".join(f"${name}: {kind}" for name, (kind, _) in draft.variables.items())
    # A variable that is declared and not used is invalid; `_always` uses the two directives' ones.
    always = "__typename @include(if: $yes) @skip(if: $no)"
    text = f"query ({head}) {{ {always} {' '.join(asked)} }} {' '.join(draft.fragments)}"
    return Operation(text, {name: value for name, (_, value) in draft.variables.items()})


def _root(draft: Draft, name: str, item: GraphQLField) -> str:
    given = []
    for argument, described in item.args.items():
        required = str(described.type).endswith("!") and str(described.type) != "Int!"
        if not required and draft.chance.random() < 0.3 and argument != "after":
            continue
        variable = argument if argument not in draft.variables else draft.name(argument)
        draft.variables[variable] = (str(described.type), _argument(draft, argument, described.type))
        given.append(f"{argument}: ${variable}")
    arguments = f"({', '.join(given)})" if given else ""
    return f"{draft.name('root')}: {name}{arguments} {{ {_selection(draft, item.type, 3)} }}"


def _argument(draft: Draft, name: str, kind: Any) -> Any:
    chance = draft.chance
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        return [_argument(draft, name, kind.of_type) for _ in range(chance.randrange(6))]
    if isinstance(kind, GraphQLEnumType):
        return chance.choice(sorted(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        chosen = chance.sample(sorted(kind.fields), k=min(chance.choice((0, 1, 1, 2)), len(kind.fields)))
        return {key: _argument(draft, key, kind.fields[key].type) for key in chosen}
    if str(kind) == "ID":
        return _identifier(chance, draft.known)
    if name == "first":
        return chance.choice((1, 1, 2, 3, 5, 20, 100, 1000, 0, 1001))
    return _cursor(chance, draft.known) if name == "after" else _word(chance, draft.known)


def _identifier(chance: Random, known: Known) -> str:
    type_name, key = chance.choice(list(known.records))
    wrong = chance.random()
    if wrong < 0.04:
        return chance.choice((NOTHING, "", "Ω", encode(type_name, key) + "="))
    if wrong < 0.1:
        type_name = chance.choice(known.records)[0]
    return encode(type_name, UUID(int=key.int ^ 1) if wrong > 0.95 else key)


def _cursor(chance: Random, known: Known) -> str | None:
    if chance.random() < 0.9:
        return None
    made_up = f"+{chance.choice(('number', 'createdAt', 'familyName', 'openedAt'))}:{chance.choice(known.records)[1]}:"
    return chance.choice((urlsafe_b64encode(made_up.encode()).decode().rstrip("="), NOTHING, ""))


def _word(chance: Random, known: Known) -> str:
    word = chance.choice(list(known.words))
    return chance.choice((word, word.upper(), word.lower(), f" {word} ", word[:-1]))


def _selection(draft: Draft, kind: Any, depth: int) -> str:
    target: Any = get_named_type(kind)
    if isinstance(target, GraphQLUnionType):
        return " ".join(_on(draft, member, depth) for member in target.types)
    if not isinstance(target, GraphQLObjectType):
        shown = [each for each in SCHEMA.get_possible_types(target) if draft.chance.random() < 0.5]
        return " ".join(["id", *(_on(draft, each, depth - 1) for each in shown)])
    return _of_object(draft, target, depth)


def _of_object(draft: Draft, target: GraphQLObjectType, depth: int) -> str:
    chance, names = draft.chance, sorted(target.fields)
    page = target.name.endswith(("Connection", "Edge", "PageInfo"))
    chosen = (
        names if page and chance.random() < 0.7 else chance.sample(names, k=chance.randint(1, len(names)))
    )
    parts = [part for part in (_field(draft, target, name, depth) for name in chosen) if part]
    if "withheld" in names and chance.random() < 0.6:
        parts.append(WITHHELD)
    if any(each.name == "Guarded" for each in target.interfaces) and chance.random() < 0.3:
        parts.append(f"... on {chance.choice(('Guarded', 'Node'))} {{ id }}")
    return _wrapped(draft, target, " ".join(parts) or "__typename")


def _wrapped(draft: Draft, target: GraphQLObjectType, text: str) -> str:
    """The same selection, now and then by way of a fragment."""
    how = draft.chance.random()
    if how < 0.15:
        return f"... on {target.name} @include(if: $yes) {{ {text} }}"
    if how < 0.3:
        name = draft.name("Part")
        draft.fragments.append(f"fragment {name} on {target.name} {{ {text} }}")
        return f"...{name}"
    return text


def _field(draft: Draft, parent: GraphQLObjectType, name: str, depth: int) -> str | None:
    item = parent.fields[name]
    leaf = not hasattr(get_named_type(item.type), "fields") and not isinstance(
        get_named_type(item.type), GraphQLUnionType
    )
    if not leaf and depth <= 0:
        return None
    alias = f"{draft.name('again')}: " if draft.chance.random() < 0.15 else ""
    directive = draft.chance.choice((" @skip(if: $no)", " @skip(if: $yes)", *[""] * 8))
    below = "" if leaf else f" {{ {_selection(draft, item.type, depth - 1)} }}"
    return f"{alias}{name}{directive}{below}"


def _on(draft: Draft, member: Any, depth: int) -> str:
    # Fields of one name and different types cannot stand beside each other, so each goes by its own.
    return f"... on {member.name} {{ {draft.name('part')}: __typename {_aliased(draft, member, depth)} }}"


def _aliased(draft: Draft, member: GraphQLObjectType, depth: int) -> str:
    chosen = draft.chance.sample(sorted(member.fields), k=draft.chance.randint(1, len(member.fields)))
    parts = [_field(draft, member, name, depth) for name in chosen if name != "id"]
    return " ".join(
        part if part.startswith("again") else f"{draft.name('own')}: {part}" for part in parts if part
    )
