"""What a policy here may say at all: its text is refused, by file and line, before it is loaded.

Oso accepts more than can be compiled or read safely, and some mistakes only print a warning. Refused are
method calls, `cut`, `new`, `print`, `debug`, unknown classes, unknown fields, declarations, recursion,
records compared whole, and a grant that does not say who may do what to which kind of record.
"""

from policies.negation import check_negation, check_repetition
from policies.text import GRANTS, Rule, around, calls_of, is_variable, parameters, reachable

FORBIDDEN = {"cut", "new", "print", "debug", "actor_block", "resource", "type", "mod", "rem"}


def check(rules: list[Rule], actors: set[str], records: set[str], known_fields: set[str]) -> None:
    """Refuse what no policy here may say; see the module's text.

    Args:
        rules: the rules of all files.
        actors: the class names of those who ask.
        records: the class names of what is asked about.
        known_fields: every field and relation name of actors and records.
    """
    for rule in rules:
        _check_shape(rule)
        _check_words(rule)
        _check_variables(rule)
        _check_classes(rule, actors | records)
        _check_fields(rule, known_fields)
        if rule.name in GRANTS:
            _check_grant(rule, actors, records)
    _check_recursion(rules)
    check_negation(rules)
    check_repetition(rules)


def _check_shape(rule: Rule) -> None:
    first, second = (*rule.tokens[:2], rule.tokens[0])[:2]
    if first.text in ("actor", "resource") and second.kind == "name":
        raise rule.refuse("declarations of roles are not used here; write plain rules")
    if first.text == "?=":
        raise rule.refuse("inline tests do not belong in a policy; they live in the tests")
    if first.kind != "name" or second.text != "(":
        raise rule.refuse("a rule begins with its name and its parameters in parentheses")


def _check_words(rule: Rule) -> None:
    for before, token, after in around(rule.body):
        if token.kind == "name" and token.text in FORBIDDEN and before.text != ".":
            raise rule.refuse(f"`{token.text}` cannot be compiled or shows values; leave it out", token)
        if before.text == "." and after.text == "(":
            raise rule.refuse(f"`.{token.text}(…)` calls code; a policy only compares what is kept", token)


def _check_variables(rule: Rule) -> None:
    """Refuse to make two variables one: for members of collections, Oso forgets that they are the same."""
    named = [token for _, token, after in around(rule.head[1:]) if is_variable(token) and token.text != "_"]
    types = {token for before, token, _ in around(rule.head) if before.text == ":"}
    names = [token.text for token in named if token not in types]
    if len(names) != len(set(names)):
        raise rule.refuse("a parameter is named twice; name each once and compare their fields")
    depth = 0
    for before, token, after in around(rule.body):
        depth += {"[": 1, "]": -1}.get(token.text, 0)
        if depth and is_variable(token):
            raise rule.refuse("a list holds written values; compare fields one by one", token)
        if token.text in ("=", "==", "!=") and {before.text, after.text} & {"[", "]", "{", "}"}:
            raise rule.refuse("lists are not compared; write `in` before a list of values", token)
    _check_equated(rule)


def _check_equated(rule: Rule) -> None:
    for index, token in enumerate(rule.body[1:-1], 1):
        if token.text in ("=", "==", "!="):
            left, right = rule.body[max(index - 2, 0) : index], rule.body[index + 1 : index + 3]
            whole = left[0].text != "." and (len(right) < 2 or right[1].text not in (".", "("))
            if whole and is_variable(left[-1]) and is_variable(right[0]):
                raise rule.refuse("records are not compared whole; compare their `id`", token)


def _check_classes(rule: Rule, classes: set[str]) -> None:
    for before, token, _ in around(rule.tokens):
        if token.kind == "name" and before.text in (":", "matches") and token.text not in classes:
            raise rule.refuse(f"there is no class `{token.text}`; known: {', '.join(sorted(classes))}", token)


def _check_fields(rule: Rule, fields: set[str]) -> None:
    for before, token, _ in around(rule.tokens):
        if before.text == "." and token.kind == "name" and token.text not in fields:
            raise rule.refuse(f"nothing here has a field `{token.text}`", token)


def _check_grant(rule: Rule, actors: set[str], records: set[str]) -> None:
    arguments = parameters(rule.head)
    if len(arguments) != GRANTS[rule.name]:
        raise rule.refuse("grants are `allow(actor, action, record)` and `allow_field(… , field)` only")
    actor, action, record = arguments[:3]
    if len(actor) != 3 or actor[1].text != ":" or actor[2].text not in actors:
        raise rule.refuse(f"a grant says who asks: `actor: …` with one of {', '.join(sorted(actors))}")
    if len(action) != 1 or action[0].kind != "string":
        raise rule.refuse('a grant names its action, such as "read"')
    if len(record) != 3 or record[1].text != ":" or record[2].text not in records:
        raise rule.refuse("a grant names the kind of record it is about: `record: …`")


def _check_recursion(rules: list[Rule]) -> None:
    calls = calls_of(rules)
    for rule in rules:
        if rule.name in reachable(rule.name, calls):
            raise rule.refuse(f"`{rule.name}` calls itself; a rule that can run for ever decides nothing")
