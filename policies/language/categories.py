"""Checks the facts about categories against the declarations: neither may lack what the other states.

An auditor reads in the policies which category holds which field. What is written there must be declared, and what is
declared must be written there; the first is refused when a text is loaded, the second when a server starts.
"""

from collections.abc import Iterator

from models import PERSONAL, Category, Personal, camel
from policies.language.tree import Literal, Rule, within

#: The facts that name a category, with the place of it.
_NAMING = {"holds": 1, "leads_to": 1, "needs": 1, "a_manager_decides": 0, "put_right": 0}


def check(rule: Rule) -> None:
    """Refuse a fact about a category that is declared otherwise, or not at all.

    Raises:
        PolicyError: names the file, the line, and what is declared.
    """
    place = _NAMING.get(rule.name)
    category = None if place is None or place >= len(rule.parameters) else _category(rule, place)
    if category is None:
        return
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
    holding = [rule for rule in rules if rule.name == "holds" and _kind(rule) == model.__name__]
    named = {field.value for rule in holding for field in _fields_named(rule)}
    for field in sorted(_fields(model) - named):
        yield f"{declared.name}.{field} is declared, and no `holds` names it"
    facts = {(rule.name, *(rule.texts() or ())) for rule in rules}
    if ("leads_to", declared.edge, declared.category.value) not in facts:
        yield f'`leads_to("{declared.edge}", "{declared.category}")` is missing'
    if not declared.written_by_customers and ("put_right", declared.category.value) not in facts:
        yield f'customers do not write the category `{declared.category}`: `put_right("{declared.category}")` is missing'


def _category(rule: Rule, place: int) -> Category | None:
    """The category that a fact names; None where it is a variable."""
    term = rule.parameters[place].term
    if not isinstance(term, Literal):
        return None
    if term.value not in set(Category):
        raise rule.refuse(f"there is no category `{term.value}`; known: {', '.join(Category)}", term)
    return Category(term.value)


def _check_holds(rule: Rule, category: Category) -> None:
    model, pattern = PERSONAL[category], rule.parameters[0].pattern
    if _kind(rule) != model.__name__:
        raise rule.refuse(
            f"the category `{category}` is declared by {model.__name__}, not by {_kind(rule)}", pattern
        )
    for named in _fields_named(rule):
        if named.value not in _fields(model):
            declared = ", ".join(sorted(_fields(model)))
            raise rule.refuse(
                f"{model.__name__} declares no field `{named.value}`; declared: {declared}", named
            )


def _check_leads_to(rule: Rule, category: Category) -> None:
    edge, term = PERSONAL[category].declared.edge, rule.parameters[0].term
    named = term.value if isinstance(term, Literal) else "a variable"
    if named != edge:
        raise rule.refuse(f"`{edge}` leads to the category `{category}`, not `{named}`", term)


def _kind(rule: Rule) -> str | None:
    pattern = rule.parameters[0].pattern
    return pattern.tag if pattern else None


def _fields(model: type[Personal]) -> set[str]:
    """The fields that a category may release, by their GraphQL names."""
    declared = model.declared
    return {"provenance", *(camel(part.name) for part in [*declared.released, *declared.shown.values()])}


def _fields_named(rule: Rule) -> list[Literal]:
    """The fields that a `holds` names, in its head or in its body."""
    parts = (*rule.parameters[2:], rule.body)
    return [node for node in within(parts) if isinstance(node, Literal) and isinstance(node.value, str)]
