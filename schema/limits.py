"""How much one request may ask for; what asks for more is refused before anything of it runs.

    TOKENS      5,000   tokens of a document
    FRAGMENTS      50   fragment definitions, and OPERATIONS 10
    DEPTH          12   fields within fields; introspection may go 8 deeper, and graphql-core bounds its lists
    FIELDS      2,000   fields, once every fragment is written out; each spread and inline fragment counts as one
    ALIASES       200   aliases once every fragment is written out
    OVERLAPS    5,000   pairs of fields that answer under one name in one place, which validation compares
    COST      100,000   fields once every page is counted as full
    sign-ins        1   a document, so that no request tries a thousand passwords

The *cost* of a field is one, plus the cost of its selection times the size of its page: its argument `first` or
`last`, or the length of its list `ids`, as the executor will read them: coerced, for the operation that is run, with its
own defaults and the schema's, and PAGE where they say nothing. Other lists count once, `actions` as twenty: how long
they are is not known before they are read, and `schema.budget` counts what is answered.

A fragment is measured once, whatever it is spread into, and every sum saturates, so measuring takes time in
proportion to the document. All sizes are of the document written out, because that is what would be executed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NoFragmentCyclesRule,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_variable_values,
    validate,
)

TOKENS = 5_000
FRAGMENTS = 50
OPERATIONS = 10
DEPTH = 12
INTROSPECTION_ALLOWANCE = 8
FIELDS = 2_000
ALIASES = 200
OVERLAPS = 5_000
COST = 100_000
PAGE = 50

CODE = "QUERY_TOO_COMPLEX"

#: Documents kept parsed and validated, and the longest of them in characters: together they bound the memory.
CACHED_DOCUMENTS = 128
CACHED_LENGTH = 10_000


_PLENTY = 10**9
_PAGE_SIZES = ("first", "last")
#: How many times the selection of a list without a size is counted that is longer than others.
_LONG = {"actions": 20}
Sizes = tuple[tuple[str, int | None], ...]


class Size(NamedTuple):
    """What a selection amounts to, written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0
    sign_ins: int = 0

    def beside(self, other: "Size") -> "Size":
        """Two selections next to each other: the deeper depth, the sum of everything else."""
        sums = (min(_PLENTY, one + two) for one, two in zip(self[1:], other[1:], strict=True))
        return Size(max(self.depth, other.depth), *sums)


_ONE = Size(fields=1)


@dataclass
class Measure:
    """Measures the operations of one document.

    Args:
        schema: where the fields' types and pages are known.
        document: what is measured.
        sizes: of the variables that have a value, the number or the length of the list; None of one that is null.
    """

    schema: GraphQLSchema
    document: DocumentNode
    sizes: Mapping[str, int | None]
    _fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    _measured: dict[str, Size | None] = field(init=False, default_factory=dict)
    #: Whether a fragment was met within itself: such a document has no size.
    endless: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._fragments = {
            node.name.value: node
            for node in self.document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def roots(self) -> Iterator[tuple[Size, SelectionSetNode]]:
        """The operations, then the fragments that none of them led to: validation goes through those too."""
        for node in self.document.definitions:
            if isinstance(node, OperationDefinitionNode):
                parent = self.schema.get_root_type(node.operation)
                yield self._selection(node.selection_set, parent), node.selection_set
        for name, fragment in self._fragments.items():
            if name not in self._measured:
                yield self._fragment(name), fragment.selection_set

    def _selection(self, selected: SelectionSetNode | None, parent: GraphQLNamedType | None) -> Size:
        if selected is None:
            return Size()
        return reduce(Size.beside, (self._node(node, parent) for node in selected.selections), Size())

    def _node(self, node: SelectionNode, parent: GraphQLNamedType | None) -> Size:
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value).beside(_ONE)
        assert isinstance(node, InlineFragmentNode)  # noqa: S101 there is no fourth kind of selection
        return self._selection(node.selection_set, self._narrowed(node, parent)).beside(_ONE)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Size:
        name = node.name.value
        definition: GraphQLField | None = getattr(parent, "fields", {}).get(name)
        inner = self._selection(node.selection_set, get_named_type(definition.type) if definition else None)
        depth = inner.depth + 1
        return Size(
            max(1, depth - INTROSPECTION_ALLOWANCE) if name in ("__schema", "__type") else depth,
            min(_PLENTY, inner.fields + 1),
            min(_PLENTY, inner.aliases + (node.alias is not None)),
            min(_PLENTY, inner.cost * self._page(node, definition) + 1),
            min(_PLENTY, inner.sign_ins + name.lower().endswith("signin")),
        )

    def _fragment(self, name: str) -> Size:
        if name not in self._measured:
            self._measured[name] = None
            node = self._fragments.get(name)
            self._measured[name] = (
                self._selection(node.selection_set, self._narrowed(node, None)) if node else Size()
            )
        size = self._measured[name]
        self.endless |= size is None
        return size or Size()

    def _narrowed(
        self, node: FragmentDefinitionNode | InlineFragmentNode, parent: GraphQLNamedType | None
    ) -> GraphQLNamedType | None:
        return self.schema.get_type(node.type_condition.name.value) if node.type_condition else parent

    def _page(self, node: FieldNode, definition: GraphQLField | None) -> int:
        """How many times the selection of a field is answered at most."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        arguments = definition.args if definition is not None else {}
        sizes = [
            self._size(given.get(name), arguments[name])
            for name in (*_PAGE_SIZES, "ids")
            if name in arguments
        ]
        if not sizes:
            return _LONG.get(node.name.value, 1)
        said = [size for size in sizes if size is not None]
        return max(1, *said) if said else PAGE

    def _size(self, value: ValueNode | None, argument: GraphQLArgument) -> int | None:
        """The number that an argument will have, or the length of its list; None where it will have no value."""
        if isinstance(value, VariableNode) and value.name.value in self.sizes:
            return self.sizes[value.name.value]
        if value is None or isinstance(value, VariableNode):
            return _size(argument.default_value)
        if isinstance(value, IntValueNode):
            # A long literal is refused later as no 32-bit number; until then it is plenty.
            return int(value.value) if len(value.value) < 10 else _PLENTY
        return len(value.values) if isinstance(value, ListValueNode) else None


def refusals(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any] | None,
    name: str | None = None,
) -> tuple[GraphQLError, ...]:
    """Why a document asks for too much; empty when it does not.

    Args:
        schema: the schema it asks.
        document: the parsed document; it need not be valid.
        variables: the variables' values as they were sent.
        name: of the operation that is to be run, where there are several.
    """
    short = document.loc is not None and document.loc.end <= CACHED_LENGTH
    judge = _refusals if short else _refusals.__wrapped__
    run = _run(document, name)
    return judge(schema, document, run, _sizes(schema, run, variables or {}))


def _run(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation that will be run; None where that is not clear, and none will be."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    named = [node for node in operations if name is None or (node.name and node.name.value == name)]
    return named[0] if len(named) == 1 else None


@lru_cache(maxsize=CACHED_DOCUMENTS)
def _refusals(
    schema: GraphQLSchema, document: DocumentNode, run: OperationDefinitionNode | None, sizes: Sizes
) -> tuple[GraphQLError, ...]:
    measure = Measure(schema, document, dict(sizes))
    why = _crowded(document)
    try:
        measured = [] if why else list(measure.roots())
    except RecursionError:
        why = "The document is nested too deeply."
    if measure.endless:
        # The one rule that says it best; the others would walk in circles first.
        return tuple(validate(schema, document, (NoFragmentCyclesRule,)))
    why = (
        why
        or next(_excesses([size for size, _ in measured]), None)
        or _costly(next((size for size, selected in measured if run and selected is run.selection_set), None))
        or _overlapping(document, [[selected] for _, selected in measured])
    )
    return (GraphQLError(f"{why} Ask for less at a time.", extensions={"code": CODE}),) if why else ()


def _crowded(document: DocumentNode) -> str | None:
    operations = sum(isinstance(node, OperationDefinitionNode) for node in document.definitions)
    if operations > OPERATIONS:
        return f"The document holds more than {OPERATIONS} operations."
    if len(document.definitions) - operations > FRAGMENTS:
        return f"The document holds more than {FRAGMENTS} fragments."
    return None


def _excesses(measured: list[Size]) -> Iterator[str]:
    together = reduce(Size.beside, measured, Size())
    if together.depth > DEPTH:
        yield f"The document is more than {DEPTH} levels deep."
    if together.fields > FIELDS:
        yield f"The document asks for more than {FIELDS} fields, its fragments written out."
    if together.aliases > ALIASES:
        yield f"The document has more than {ALIASES} aliases, its fragments written out."
    if together.sign_ins > 1:
        yield "The document signs in more than once."


def _costly(run: Size | None) -> str | None:
    if run is None or run.cost <= COST:
        return None
    return f"The query could answer more than {COST} fields, with every page full."


def _overlapping(document: DocumentNode, groups: list[list[SelectionSetNode]]) -> str | None:
    """Too many fields under one name in one place; the fields themselves are counted and few by now."""
    fragments = {
        node.name.value: node.selection_set
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    pairs = 0
    while groups:
        for nodes in _merged(groups.pop(), fragments).values():
            pairs += len(nodes) * (len(nodes) - 1) // 2
            if inner := [node.selection_set for node in nodes if node.selection_set is not None]:
                groups.append(inner)
        if pairs > OVERLAPS:
            return "The document asks for the same fields in the same place too many times."
    return None


def _merged(
    group: list[SelectionSetNode], fragments: Mapping[str, SelectionSetNode]
) -> dict[str, list[FieldNode]]:
    """The fields of selections that are answered as one, by the name they are answered under."""
    merged: dict[str, list[FieldNode]] = {}
    spread: set[str] = set()
    while group:
        for node in group.pop().selections:
            if isinstance(node, FieldNode):
                merged.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                group.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments.keys() - spread:
                spread.add(node.name.value)
                group.append(fragments[node.name.value])
    return merged


def _sizes(schema: GraphQLSchema, run: OperationDefinitionNode | None, variables: Mapping[str, Any]) -> Sizes:
    """What the variables that may be the size of a page come to; nothing where they do not fit, and nothing will be run."""
    if run is None or not run.variable_definitions:
        return ()
    values = get_variable_values(schema, run.variable_definitions, dict(variables), max_errors=1)
    if isinstance(values, list):
        return ()
    return tuple((name, _size(value)) for name, value in values.coerced.items())


def _size(value: Any) -> int | None:
    """A number as it is, the length of a list, and nothing of any other value."""
    if isinstance(value, list):
        return len(value)
    return value if type(value) is int else None


def ambiguous(document: DocumentNode, name: str | None) -> tuple[GraphQLError, ...]:
    """Strawberry would run the first of several operations; GraphQL says that one must be named."""
    if (
        name is not None
        or sum(isinstance(node, OperationDefinitionNode) for node in document.definitions) < 2
    ):
        return ()
    why = "The document holds several operations. Name the one to run in `operationName`."
    return (GraphQLError(why, extensions={"code": "BAD_USER_INPUT"}),)
