"""Whether rules name purposes and roles that are declared: a misspelt one would grant nothing, and nobody would notice."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from models import Purpose, Role, Word
from policies.errors import PolicyError
from policies.language.declared import Declared
from policies.language.tree import (
    Attribute,
    Call,
    Comparison,
    Listed,
    Literal,
    Membership,
    Node,
    Rule,
    Variable,
)

Kind = type[Word]
#: By rule, the kinds of words that its parameters are, by their place.
Places = dict[str, dict[int, Kind]]

#: What holds such a word: a field, or a variable that a rule calls so.
KINDS: Final[Mapping[str, Kind]] = {"purpose": Purpose, "purposes": Purpose, "role": Role, "roles": Role}


def check(rules: list[Rule], declared: Declared) -> list[PolicyError]:
    """An error for each purpose or role that a rule names and nobody declares: which, where, and what is known."""
    words: dict[Kind, list[str]] = {Purpose: [*declared.purposes], Role: [*declared.roles]}
    places = _places(rules)
    return [
        rule.refuse(
            f'no {kind.__name__.lower()} "{word.value}" is declared; known: {", ".join(words[kind]) or "none"}',
            word,
        )
        for rule in rules
        for kind, word in _words(rule, places)
        if word.value not in words[kind]
    ]


def _places(rules: list[Rule]) -> Places:
    """Where rules take purposes and roles: what they call so, and the facts about them."""
    places: Places = {"needs": {0: Purpose}}
    for rule in rules:
        for place, parameter in enumerate(rule.parameters):
            if kind := _kind(parameter.term):
                places.setdefault(rule.name, {})[place] = kind
    return places


def _kind(term: Node) -> Kind | None:
    """The kind of word that a term is by its name: a field or a variable, also `_purpose`."""
    name = term.name if isinstance(term, Attribute | Variable) else ""
    return KINDS.get(name.lstrip("_"))


def _words(rule: Rule, places: Places) -> Iterator[tuple[Kind, Literal]]:
    """The words that a rule writes out, with the kind that each has to be."""
    for node in rule.nodes:
        match node:
            case Rule(name=name):
                yield from _given(name, [parameter.term for parameter in node.parameters], places)
            case Call(name=name, arguments=arguments):
                yield from _given(name, arguments, places)
            case Comparison(left=left, right=right):
                yield from _beside(left, right)
                yield from _beside(right, left)
            case Membership(item=item, of=of):
                yield from _beside(item, of)
                yield from _beside(of, item)


def _given(name: str, terms: Iterable[Node], places: Places) -> Iterator[tuple[Kind, Literal]]:
    for place, term in enumerate(terms):
        if kind := places.get(name, {}).get(place):
            yield from ((kind, word) for word in _texts(term))


def _beside(named: Node, other: Node) -> Iterator[tuple[Kind, Literal]]:
    if kind := _kind(named):
        yield from ((kind, word) for word in _texts(other))


def _texts(term: Node) -> Iterator[Literal]:
    """The texts that a term is, or lists."""
    for item in term.items if isinstance(term, Listed) else (term,):
        if isinstance(item, Literal) and isinstance(item.value, str):
            yield item
