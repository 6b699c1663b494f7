"""What a request asks of each record, read from the document before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLResolveInfo,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
    parse,
)


@dataclass
class Selection:
    """The fields asked of one type of record, each with what is asked below it; aliases are joined."""

    info: GraphQLResolveInfo[Any]
    type_name: str
    sets: list[SelectionSetNode] = field(default_factory=list)

    def names(self) -> set[str]:
        """The fields asked for."""
        return {node.name.value for node in self._nodes()} - {"__typename"}

    def written(self, type_name: str, text: str) -> Selection:
        """A selection of our own instead of the request's, such as `{ number }`."""
        return Selection(self.info, type_name, [_parsed(text)])

    def below(self, name: str, type_name: str) -> Selection:
        """What is asked below a field that leads to records of `type_name`."""
        sets = [node.selection_set for node in self._nodes() if node.name.value == name]
        return Selection(self.info, type_name, [each for each in sets if each is not None])

    def _nodes(self) -> Iterator[FieldNode]:
        for selected in self.sets:
            yield from self._walk(selected, set())

    def _walk(self, selected: SelectionSetNode, spread: set[str]) -> Iterator[FieldNode]:
        for node in selected.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode) and self._fits(node.type_condition):
                yield from self._walk(node.selection_set, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self.info.fragments[node.name.value]
                if self._fits(fragment.type_condition):
                    yield from self._walk(fragment.selection_set, spread)

    def _included(self, node: Any) -> bool:
        conditions = {
            item.name.value: self._condition(item)
            for item in node.directives or ()
            if item.name.value in ("skip", "include")
        }
        return not conditions.get("skip", False) and conditions.get("include", True)

    def _condition(self, directive: DirectiveNode) -> bool:
        """What a directive's `if` comes to; validation has seen to it that it is there and Boolean."""
        value = (directive.arguments or ())[0].value
        if isinstance(value, VariableNode):
            variables: Any = self.info.variable_values
            return bool(variables[value.name.value])
        return isinstance(value, BooleanValueNode) and value.value

    def _fits(self, condition: Any) -> bool:
        if condition is None or condition.name.value == self.type_name:
            return True
        schema = self.info.schema
        kind, mine = schema.get_type(condition.name.value), schema.get_type(self.type_name)
        return is_abstract_type(kind) and _is_sub_type(schema, kind, mine)


def _is_sub_type(schema: Any, kind: GraphQLAbstractType, mine: Any) -> bool:
    return mine is not None and bool(schema.is_sub_type(kind, mine))


@cache
def _parsed(text: str) -> SelectionSetNode:
    (operation,) = parse(text).definitions
    return cast(OperationDefinitionNode, operation).selection_set


def selected(info: Any, type_name: str, *way: str) -> Selection:
    """What a resolver's field asks of records of `type_name`, below the fields named in `way`."""
    raw: GraphQLResolveInfo[Any] = info._raw_info  # noqa: SLF001 Strawberry has no public way to the fields below
    sets = [node.selection_set for node in raw.field_nodes if node.selection_set is not None]
    current = Selection(raw, _type_below(raw), sets)
    for index, name in enumerate(way):
        current = current.below(
            name, type_name if index == len(way) - 1 else _named(raw, current.type_name, name)
        )
    return current if way else Selection(raw, type_name, sets)


def _type_below(raw: GraphQLResolveInfo[Any]) -> str:
    return str(_bare(raw.return_type).name)


def _named(raw: GraphQLResolveInfo[Any], type_name: str, field_name: str) -> str:
    kind: Any = raw.schema.get_type(type_name)
    return str(_bare(kind.fields[field_name].type).name)


def _bare(kind: Any) -> Any:
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return kind
