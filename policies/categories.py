"""Checks the facts about categories against the declarations: neither may lack what the other states.

An auditor reads in the policies which category holds which field. What is written there must be declared, and what is
declared must be written there; the first is refused when a text is loaded, the second when a server starts.
"""

from collections.abc import Iterator

from models import PERSONAL, Category, Personal, camel
from policies.text import Rule, Token, parameters

#: The facts that name a category, with the place of it.
_NAMING = {"holds": 1, "leads_to": 1, "needs": 1, "a_manager_decides": 0, "put_right": 0}


def check(rules: list[Rule]) -> None:
    """Refuse a fact about a category that is declared otherwise, or not at all.

    Raises:
        PolicyError: names the file, the line, and what is declared.
    """
    for rule in rules:
        if rule.name not in _NAMING:
            continue
        category = _category(rule, parameters(rule.head)[_NAMING[rule.name]])
        if category is None:
            continue
        if rule.name == "holds":
            _check_holds(rule, category)
        elif rule.name == "leads_to":
            _check_leads_to(rule, category)
        elif rule.name == "put_right" and PERSONAL[category].declared.written_by_customers:
            raise rule.refuse(f"customers change the category `{category}` themselves; nobody puts it right")


def missing(rules: list[Rule]) -> list[str]:
    """What categories declare and no fact of the policies states, each as a sentence."""
    return [line for model in PERSONAL.values() for line in _missing(model, rules)]


def _missing(model: type[Personal], rules: list[Rule]) -> Iterator[str]:
    declared = model.declared
    named = {text for rule in rules if rule.name == "holds" for text in _fields_named(rule, model)}
    for field in sorted(_fields(model) - named):
        yield f"{declared.name}.{field} is declared, and no `holds` names it"
    facts = {(rule.name, *_strings(rule.head)) for rule in rules}
    if ("leads_to", declared.edge, declared.category.value) not in facts:
        yield f'`leads_to("{declared.edge}", "{declared.category}")` is missing'
    if not declared.written_by_customers and ("put_right", declared.category.value) not in facts:
        yield f'customers do not write the category `{declared.category}`: `put_right("{declared.category}")` is missing'


def _category(rule: Rule, place: list[Token]) -> Category | None:
    """The category that a fact names; None where it is a variable."""
    if len(place) != 1 or place[0].kind != "string":
        return None
    name = place[0].text.strip('"')
    if name not in set(Category):
        raise rule.refuse(f"there is no category `{name}`; known: {', '.join(Category)}")
    return Category(name)


def _check_holds(rule: Rule, category: Category) -> None:
    model = PERSONAL[category]
    kind = parameters(rule.head)[0][-1]
    if kind.text != model.__name__:
        raise rule.refuse(
            f"the category `{category}` is declared by {model.__name__}, not by {kind.text}", kind
        )
    for token in _field_tokens(rule):
        name = token.text.strip('"')
        if name not in _fields(model):
            declared = ", ".join(sorted(_fields(model)))
            raise rule.refuse(f"{model.__name__} declares no field `{name}`; declared: {declared}", token)


def _check_leads_to(rule: Rule, category: Category) -> None:
    edge, (named,) = PERSONAL[category].declared.edge, parameters(rule.head)[0]
    if named.text.strip('"') != edge:
        raise rule.refuse(f"`{edge}` leads to the category `{category}`, not {named.text}", named)


def _fields(model: type[Personal]) -> set[str]:
    """The fields that a category may release, by their GraphQL names."""
    declared = model.declared
    return {"provenance", *(camel(part.name) for part in [*declared.released, *declared.shown.values()])}


def _fields_named(rule: Rule, model: type[Personal]) -> set[str]:
    if parameters(rule.head)[0][-1].text != model.__name__:
        return set()
    return {token.text.strip('"') for token in _field_tokens(rule)}


def _field_tokens(rule: Rule) -> list[Token]:
    """The fields that a `holds` names, in its head or in its body."""
    return [token for token in (*parameters(rule.head)[2], *rule.body) if token.kind == "string"]


def _strings(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    return tuple(token.text.strip('"') for token in tokens if token.kind == "string")
