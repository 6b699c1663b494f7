"""What a restored backup loses is decided of whatever the API can be asked to do: of each event that can come of it."""

import ast
from collections.abc import Iterable
from functools import cache

from graphql import ObjectTypeDefinitionNode, parse

from models.event import Event
from procedures.ledger.lasting import TREATMENTS, WRITTEN, After
from tests.house import tree
from tests.house.test_recording import Reader, functions, short

SCHEMA = tree.ROOT / "schema" / "schema.graphql"
#: What declarations make mutations of, by the last word of their names: `postalAddressAdd`.
DECLARED = {
    "Add": "own.own_change.add",
    "Change": "own.own_change.change",
    "Remove": "own.own_change.remove",
    "Record": "own.interaction.record",
    "Enter": "own.order.enter",
}
#: What comes of much, and says nothing of what was asked for.
BESIDE = {
    Event.MESSAGE_QUEUED, Event.EXPORT_EXPIRED, Event.LEGAL_HOLD_KEPT, Event.SESSION_REFUSED, Event.SUBMISSION_REFUSED,
    Event.RECEIPT_MADE,
}  # fmt: skip


def mutations() -> list[str]:
    """The name of every mutation."""
    kinds = parse(SCHEMA.read_text(encoding="utf-8")).definitions
    roots = [
        each for each in kinds if isinstance(each, ObjectTypeDefinitionNode) and each.name.value == "Mutation"
    ]
    return [field.name.value for root in roots for field in root.fields or ()]


def snake(name: str) -> str:
    """`consentGive` → `consent_give`."""
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


def named(node: ast.AST) -> set[Event]:
    """The events that a piece of code names."""
    return {
        Event[each.attr]
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "Event"
    }


@cache
def events() -> dict[str, set[Event]]:
    """By procedure, the events that it names, itself or by a table of its module."""
    found: dict[str, set[Event]] = {}
    for path in (each for each in tree.product() if tree.room_of(each) == "procedures"):
        module, code = short(tree.module_of(path)), tree.parsed(path)
        tables = {
            tree.dotted(target): named(node)
            for node in code.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        }
        for node in ast.walk(code):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} & tables.keys()
                of = found.setdefault(f"{module}.{node.name}", set())
                of |= named(node).union(*(tables[name] for name in used))
    return found


@cache
def resolvers() -> dict[str, list[str]]:
    """By its name, the procedures that a function of the schema calls."""
    paths = [path for path in tree.product() if tree.room_of(path) == "schema"]
    found: dict[str, list[str]] = {}
    for function in (each for path in paths for each in Reader(path, {}).functions()):
        calls = found.setdefault(function.name.rpartition(".")[2], [])
        calls += [name for name, _ in function.calls]
    return found


def comes_of(procedures: Iterable[str]) -> set[Event]:
    """The events that can come of some procedures, by whatever they call."""
    seen: set[str] = set()
    todo = list(procedures)
    while todo:
        if (name := todo.pop()) not in seen:
            seen.add(name)
            todo += [called for called, _ in functions()[name].calls] if name in functions() else []
    return set().union(*(events().get(name, set()) for name in seen))


def of_mutation(name: str) -> set[Event]:
    """The events that can come of a mutation."""
    verb = name[max(place for place, letter in enumerate(name) if letter.isupper()) :]
    return comes_of(resolvers().get(snake(name), [DECLARED[verb]] if verb in DECLARED else []))


def test_what_becomes_of_every_mutation_is_decided() -> None:
    """One that leaves no event of its own would be undone by a backup, and nobody would have thought of it."""
    undecided = [name for name in mutations() if not of_mutation(name) - BESIDE]
    assert not undecided
    assert Event.RESTRICTION_BEGUN in of_mutation("restrictionBegin")
    assert Event.OWN_DATA_CHANGED in of_mutation("postalAddressRemove")


def test_every_treatment_says_why_and_what_it_is_about() -> None:
    for event, treatment in TREATMENTS.items():
        assert treatment.why, event
        assert bool(treatment.about) == (treatment.after in WRITTEN), event


def test_what_shuts_out_is_closed_again() -> None:
    """By their names: what ends, takes or refuses access is not merely listed."""
    ends = {"deactivated", "taken", "ended", "sessions_ended", "closed", "password_voided", "withdrawn"}
    loose = [
        event
        for event, treatment in TREATMENTS.items()
        if event.rpartition(".")[2] in ends and treatment.after in (After.LISTED, After.NOTHING)
    ]
    assert loose == [Event.RETENTION_ENDED]
