"""A purpose and a role that the shipped policies do not have, and how to forget them again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models import vocabulary
from policies import checked
from policies.language import text
from policies.offline import complete_models

PURPOSE = """
purpose("research", "Finding out what helps customers.");
needs("research", "preference");
"""
ROLE = """
role("auditor", "Counts customers.");
allow_field(actor: Staff, "read", _: Customer, "number") if "auditor" in actor.roles;
"""


@contextmanager
def forgotten() -> Iterator[None]:
    """Forget afterwards which words were declared meanwhile."""
    kept = {kind: dict(words) for kind, words in vocabulary._DECLARED.items()}
    try:
        yield
    finally:
        _restore(kept)


def _restore(kept: dict[type, dict[str, Any]]) -> None:
    for kind, words in vocabulary._DECLARED.items():
        words.clear()
        words.update(kept.get(kind, {}))


def add(rules: Path, *, purpose: bool = True, role: bool = True) -> None:
    """Declare them in a directory of policies, each in the file where the others are."""
    for wanted, file, facts in ((purpose, "purposes.polar", PURPOSE), (role, "roles.polar", ROLE)):
        if wanted:
            with (rules / file).open("a", encoding="utf-8") as policy:
                policy.write(facts)
    found_whole(rules)


def found_whole(rules: Path) -> None:
    """Note that these policies open the same fields as the shipped ones, which spares a test to compile them whole."""
    from tests.policies.compiled import whole

    complete_models()
    checked.write(rules, text.read(rules), whole().all_classified)
