"""The shipped policies, compiled once in each process for every test that asks them and does not load them."""

import fcntl
from functools import cache

from policies import checked
from policies.language import text
from policies.policy import HERE, Policy, in_force

#: The purposes and roles of the shipped policies, for a text that names some of them.
WORDS = {file: said for file, said in text.read(HERE).items() if file in ("purposes.polar", "roles.polar")}


def whole() -> Policy:
    """The shipped policies; plans that another test has asked for are compiled already."""
    return _compiled(tuple(sorted(text.read(HERE).items())))


def proved() -> Policy:
    """Those policies, noted as tested and judged by the one process of a run that came first; the others wait for it."""
    policy = whole()
    note = HERE / checked.NOTE
    note.parent.mkdir(exist_ok=True)
    with note.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not checked.judged(HERE).issuperset((*policy.questions, *policy.tests.values())):
            policy.prove(HERE)
    return policy


def changed(file: str, before: str, after: str) -> Policy:
    """Those policies with one piece of text replaced, which opens the same fields; compiled as far as it is asked."""
    policy = whole()
    assert before in policy.sources[file]
    return edited({**policy.sources, file: policy.sources[file].replace(before, after)})


def edited(sources: dict[str, str]) -> Policy:
    """Another version of those policies that opens the same fields; compiled as far as it is asked and is another."""
    return Policy(sources, whole().all_classified, whole())


@cache
def _compiled(sources: tuple[tuple[str, str], ...]) -> Policy:
    read = dict(sources)
    if in_force().sources == read:
        return in_force()
    return Policy(read, checked.read(HERE, read))
