"""One word travels end to end: mutation, procedure, policy action, command."""

import ast
import re
from functools import cache
from pathlib import Path

from graphql import ObjectTypeDefinitionNode, parse

from models import PERSONAL
from policies.registry import RECORDS
from tests.house import tree

SCHEMA = tree.ROOT / "schema" / "schema.graphql"
OWN = tree.ROOT / "procedures" / "own" / "own_change.py"
POLICIES = sorted((tree.ROOT / "policies").glob("*.polar"))

# Whoever signs in is nobody yet, and leaving is everybody's own: there is no one to ask a policy about.
SESSION = {"signIn": ("session", "sign_in"), "signOut": ("session", "sign_out")}


@cache
def mutations() -> list[str]:
    """The mutations of the published schema."""
    return [
        field.name.value
        for node in parse(SCHEMA.read_text(encoding="utf-8")).definitions
        if isinstance(node, ObjectTypeDefinitionNode) and node.name.value == "Mutation"
        for field in node.fields or ()
    ]


def noun_and_verb(mutation: str) -> tuple[str, str]:
    """`consentWithdraw` → consent, withdraw; the noun may be of several words: the file decides."""
    if mutation in SESSION:
        return SESSION[mutation]
    words = tree.snake(mutation).split("_")
    cuts = [("_".join(words[:cut]), "_".join(words[cut:])) for cut in range(len(words) - 1, 0, -1)]
    return next((cut for cut in cuts if procedures(cut[0])), cuts[-1])


def procedures(noun: str) -> set[str]:
    """The public functions of `procedures/…/noun.py`, and what customers do with rows of a category of this name."""
    found = {name for path in (tree.ROOT / "procedures").glob(f"*/{noun}.py") for name in functions(path)}
    return found | (functions(OWN) if noun in written_by_customers() else set())


@cache
def written_by_customers() -> set[str]:
    """The categories that customers write themselves."""
    own = (model for model in PERSONAL.values() if model.declared.written_by_customers)
    return {tree.snake(model.__name__) for model in own}


def test_there_is_something_to_compare() -> None:
    """Else the tests below would prove nothing."""
    assert mutations()
    assert POLICIES


def test_a_mutation_is_a_procedure_of_the_same_name() -> None:
    """`consentWithdraw` is done in procedures/consent/consent.py by `withdraw`: who knows one floor knows the others."""
    cut = [(mutation, *noun_and_verb(mutation)) for mutation in mutations()]
    assert [(mutation, noun, verb) for mutation, noun, verb in cut if verb not in procedures(noun)] == []


def test_a_mutation_is_an_action_of_the_policies() -> None:
    """What can be done at all, the policy files say who may do.

    What makes a new record is asked of the customer it is made for, and so names the record: `"open_task"`.
    """
    text = "\n".join(without_comments(path.read_text(encoding="utf-8")) for path in POLICIES)
    cut = [noun_and_verb(mutation) for mutation in mutations() if mutation not in SESSION]
    assert [(noun, verb) for noun, verb in cut if not {f'"{verb}"', f'"{verb}_{noun}"'} & words(text)] == []


def functions(path: Path) -> set[str]:
    """The public functions of a file."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.parsed(path).body if isinstance(node, kinds)}


def words(polar: str) -> set[str]:
    """The words in quotation marks."""
    return set(re.findall(r'"\w+"', polar))


def without_comments(polar: str) -> str:
    """Polar text without its English."""
    return re.sub(r"#.*", "", polar)


def test_a_policy_begins_with_its_english() -> None:
    """An auditor reads the sentence, and then checks that the rule says the same."""
    assert [path.name for path in POLICIES if not path.read_text(encoding="utf-8").startswith("#")] == []


#: Records that lie in the file of another noun, and which: they are parts of it, or written by the ledger alone.
PARTS = {
    "Access": "ledger",
    "AgreementTerm": "agreement",
    "BreakGlassCategory": "break_glass",
    "EmployeeRole": "employee",
    "PartnerClient": "partner",
}
#: Commands that are no noun: what is done with the whole installation.
TOOLS = {"serve", "migrate", "import", "test", "policy", "vault"}


def noun(name: str) -> str:
    """The noun of a record, as files have it."""
    return PARTS.get(name, tree.snake(name))


def test_a_record_lies_in_the_file_of_its_noun() -> None:
    """Its table in models/, and of a category the word that customers consent to."""
    assert {
        name: model.__module__
        for name, model in RECORDS.items()
        if model.__module__.rpartition(".")[2] != noun(name)
    } == {}
    assert {
        model.__name__: category for category, model in PERSONAL.items() if category != noun(model.__name__)
    } == {}


def test_a_type_of_the_api_lies_in_the_file_of_its_noun() -> None:
    """Those of categories are made of their declarations."""
    shown = {
        node.name: path.stem
        for path in (tree.ROOT / "schema").glob("*.py")
        for node in tree.parsed(path).body
        if isinstance(node, ast.ClassDef)
        and {"recorded", "within"} & {ast.unparse(each) for each in node.decorator_list}
    }
    assert shown
    assert {name: stem for name, stem in shown.items() if stem not in (noun(name), tree.snake(name))} == {
        name: stem for name, stem in shown.items() if name == "Access" and stem != "access"
    }


def test_a_mutation_lies_in_the_schema_s_file_of_its_noun() -> None:
    """`taskClose` in schema/task.py; what customers write of themselves is made of the declarations."""
    there = {path.stem for path in (tree.ROOT / "schema").glob("*.py")} | written_by_customers()
    nouns = {noun_and_verb(mutation)[0] for mutation in mutations()}
    assert nouns - there == set()


def test_a_command_is_called_as_its_noun() -> None:
    """`savas legal-hold` does what procedures/leaving/legal_hold.py does."""
    from docs.pages.tree import commands

    floors = {path.stem for path in (tree.ROOT / "procedures").rglob("*.py")}
    floors |= {path.name for path in (tree.ROOT / "procedures").iterdir() if path.is_dir()}
    called = {each.words.split()[0].replace("-", "_") for each in commands() if each.words}
    assert called - floors - TOOLS == set()
