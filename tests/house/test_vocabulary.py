"""One word travels end to end: mutation, procedure, policy action, command."""

import ast
import re
from pathlib import Path

import pytest
from graphql import ObjectTypeDefinitionNode, parse

from tests.house import tree

SCHEMA = tree.ROOT / "schema" / "schema.graphql"
POLICIES = sorted((tree.ROOT / "policies").glob("*.polar"))

# Whoever signs in is nobody yet, and leaving is everybody's own: there is no one to ask a policy about.
SESSION = {"signIn": ("session", "sign_in"), "signOut": ("session", "sign_out")}


def mutations() -> list[str]:
    """The mutations of the published schema; none while it is not published."""
    if not SCHEMA.exists():
        return []
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
    """The public functions of `procedures/…/noun.py`; none where there is no such file."""
    return {name for path in (tree.ROOT / "procedures").glob(f"*/{noun}.py") for name in functions(path)}


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema is not published yet")
def test_the_schema_can_change_something() -> None:
    """Else the tests below would prove nothing."""
    assert mutations()


@pytest.mark.parametrize("mutation", mutations())
def test_a_mutation_is_a_procedure_of_the_same_name(mutation: str) -> None:
    """`consentWithdraw` is done in procedures/consent/consent.py by `withdraw`: who knows one floor knows the others."""
    noun, verb = noun_and_verb(mutation)
    assert verb in procedures(noun)


@pytest.mark.skipif(not POLICIES, reason="there are no policies yet")
@pytest.mark.parametrize("mutation", [name for name in mutations() if name not in SESSION])
def test_a_mutation_is_an_action_of_the_policies(mutation: str) -> None:
    """What can be done at all, the policy files say who may do.

    What makes a new record is asked of the customer it is made for, and so names the record: `"open_task"`.
    """
    noun, verb = noun_and_verb(mutation)
    text = "\n".join(without_comments(path.read_text(encoding="utf-8")) for path in POLICIES)
    assert f'"{verb}"' in text or f'"{verb}_{noun}"' in text


def functions(path: Path) -> set[str]:
    """The public functions of a file."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.parsed(path).body if isinstance(node, kinds)}


def without_comments(polar: str) -> str:
    """Polar text without its English."""
    return re.sub(r"#.*", "", polar)


@pytest.mark.parametrize("path", POLICIES, ids=tree.named)
def test_a_policy_begins_with_its_english(path: Path) -> None:
    """An auditor reads the sentence, and then checks that the rule says the same."""
    assert path.read_text(encoding="utf-8").startswith("#")
