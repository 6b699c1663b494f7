"""Whether rules name purposes and roles that are declared: a misspelt one would grant nothing, and nobody would notice."""

from collections.abc import Iterator, Mapping

from models import Purpose, Role, Word
from policies.declared import Declared
from policies.text import Rule, Token, call, parameters

Kind = type[Word]
#: By rule, the kinds of words that its parameters are, by their place.
Places = dict[str, dict[int, Kind]]

#: The fields that hold such a word, and what a rule calls a variable that does.
KINDS: Mapping[str, Kind] = {"purpose": Purpose, "role": Role}
EQUAL = ("=", "==", "!=")


def check(rules: list[Rule], declared: Declared) -> None:
    """Refuse a rule that names a purpose or a role which is not declared.

    Raises:
        PolicyError: says which, where, and what is known.
    """
    words: dict[Kind, list[str]] = {Purpose: [*declared.purposes], Role: [*declared.roles]}
    places = _places(rules)
    for rule in rules:
        for kind, token in _word_tokens(rule, places):
            if token.text.strip('"') not in words[kind]:
                noun = kind.__name__.lower()
                raise rule.refuse(
                    f"no {noun} {token.text} is declared; known: {', '.join(words[kind]) or 'none'}", token
                )


def _places(rules: list[Rule]) -> Places:
    """Where rules take purposes and roles: what they call so, and the facts about them."""
    places: Places = {"needs": {0: Purpose}}
    for rule in rules:
        for place, tokens in enumerate(parameters(rule.head)):
            name = tokens[0].text.lstrip("_") if tokens else ""
            if name in KINDS and tokens[0].kind == "name":
                places.setdefault(rule.name, {})[place] = KINDS[name]
    return places


def _word_tokens(rule: Rule, places: Places) -> Iterator[tuple[Kind, Token]]:
    """The words that a rule writes out, with the kind that each has to be."""
    tokens = rule.tokens
    for index, token in enumerate(tokens):
        following = tokens[index + 1].text if index + 1 < len(tokens) else ""
        if token.kind != "name":
            continue
        if following == "(" and token.text in places:
            arguments = parameters(call(tokens, index))
            for place, kind in places[token.text].items():
                yield from ((kind, word) for part in arguments[place : place + 1] for word in _strings(part))
        if token.text in KINDS:
            yield from ((KINDS[token.text], word) for word in _compared(tokens, index))
        if token.text == "roles":
            before = _start(tokens, index)
            if before > 1 and tokens[before - 1].text == "in":
                yield from ((Role, word) for word in _strings([tokens[before - 2]]))


def _compared(tokens: tuple[Token, ...], index: int) -> Iterator[Token]:
    """The texts that a field or variable is compared with."""
    after, before = tokens[index + 1 : index + 3], _start(tokens, index)
    if len(after) == 2 and after[0].text in EQUAL:
        yield from _strings([after[1]])
    if [token.text for token in after] == ["in", "["]:
        closing = next(place for place in range(index, len(tokens)) if tokens[place].text == "]")
        yield from _strings([*tokens[index + 3 : closing]])
    if before > 1 and tokens[before - 1].text in EQUAL:
        yield from _strings([tokens[before - 2]])


def _start(tokens: tuple[Token, ...], index: int) -> int:
    """Where the path begins that ends here: the place of `task` in `task.purpose`."""
    while index > 1 and tokens[index - 1].text == ".":
        index -= 2
    return index


def _strings(tokens: list[Token]) -> Iterator[Token]:
    return (token for token in tokens if token.kind == "string")
