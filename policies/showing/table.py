"""The readers' table: who may read which field and do what, for which purpose, on which condition.

Made from the compiled plans alone, so that a change of policy shows as a change of text. A cell names
conditions by short words, and below each table stands what the words ask for there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from policies import registry
from policies.actor import Actor
from policies.compiler import Reason
from policies.conditions import (
    Alternative,
    Compare,
    Condition,
    Const,
    Grant,
    Param,
    Term,
    absorb,
    fold,
    ir,
    words,
)
from policies.policy import Policy

#: What a condition is called, by the reason that is given when it fails.
WORDS: dict[str, str] = {
    Reason.NO_TASK: "task",
    Reason.NOT_NEEDED_FOR_PURPOSE: "need",
    Reason.NOT_IN_AGREEMENT: "agreement",
    Reason.NO_CONSENT: "consent",
    Reason.RESTRICTED: "unrestricted",
}

#: What a condition on break-glass access is called, which stands in for a task.
BREAK_GLASS = "break-glass"

NEVER = "\N{EN DASH}"

HEAD = f"""\
<!-- Made by `./savas policy table`; do not edit. -->

# Who may read what

A cell lists the ways to be allowed: the conditions that must hold together and, after a colon, the
purposes one of which must be stated. A way without purposes needs none. `yes` asks for nothing, `{NEVER}` is
never. What a word asks for stands below each table. A record is there for whoever may read some field of it.
"""


@dataclass
class Legend:
    """The words of one table; a word that asks for one thing here and for another there gets a number."""

    leading: dict[str, str]
    meanings: dict[str, list[frozenset[str]]] = field(default_factory=dict)

    def name(self, word: str, conditions: frozenset[str]) -> str:
        """The word for some conditions, with a number where it has another meaning in this table, too."""
        meanings = self.meanings.setdefault(word, [])
        if conditions not in meanings:
            meanings.append(conditions)
        return _numbered(word, meanings.index(conditions))

    def lines(self) -> Iterator[str]:
        """Each word with what it asks for, and what its category is where each field has one of its own."""
        for word, meanings in self.meanings.items():
            for index, conditions in enumerate(meanings):
                yield f"- {_numbered(word, index)}: {', '.join(f'`{text}`' for text in sorted(conditions))}"
        if self.leading:
            yield "- the category: " + ", ".join(
                f"{category} of {name}" for name, category in self.leading.items()
            )


def personas(policy: Policy) -> dict[str, Actor]:
    """The columns: one for each role, and for each other kind of actor."""
    return {
        **{role.replace("_", " "): Actor("Employee", roles=frozenset({role})) for role in policy.roles},
        "partner": Actor("PartnerClient"),
        "customer": Actor("Customer"),
        "stranger": Actor("Anonymous"),
    }


def table(policy: Policy) -> str:
    """The whole table as Markdown; the same text for the same policies."""
    parts, actors = [HEAD], personas(policy).values()
    for record in sorted(registry.RECORDS):
        rows = [(name, [policy.plan(actor, record).grant(name) for actor in actors])
                for name in sorted(policy.classified(record))]  # fmt: skip
        if rows:
            parts += [f"## {record}\n", *_section(policy, record, "field", rows)]
    parts.append("# Who may do what\n")
    for record in sorted({record for _, record in policy.actions}):
        rows = [(action, [policy.action(actor, action, record) for actor in actors])
                for action, target in policy.actions if target == record]  # fmt: skip
        parts += [f"## Actions on {record}\n", *_section(policy, record, "action", rows)]
    return "\n".join(parts).rstrip() + "\n"


def _section(policy: Policy, record: str, heading: str, rows: list[tuple[str, list[Grant]]]) -> Iterator[str]:
    legend = Legend(_leading(policy) if record == "Customer" else {})
    cells = [
        [cell(grant, _Reader(policy, record, name, legend)) for grant in grants] for name, grants in rows
    ]
    columns = _columns(list(personas(policy)), cells)
    yield _row([heading, *columns.values()])
    yield _row(["---"] * (1 + len(columns)))
    for (name, _), row in zip(rows, cells, strict=True):
        yield _row([f"{record}.{name}" if heading == "field" else name, *(row[index] for index in columns)])
    yield ""
    yield from legend.lines()
    if legend.meanings:
        yield ""


def _columns(titles: list[str], cells: list[list[str]]) -> dict[int, str]:
    """The columns by number, those that are the same from top to bottom under one heading."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index in range(len(titles)):
        groups.setdefault(tuple(row[index] for row in cells), []).append(index)
    return {group[0]: ", ".join(titles[index] for index in group) for group in groups.values()}


def _leading(policy: Policy) -> dict[str, str]:
    """Which category each field of a customer leads to, as the policies say."""
    return policy.leads_to


def without_task(way: Alternative) -> bool:
    """Whether a way to be allowed is by break-glass, without a task."""
    return any(over.steps[-1] == "breakGlasses" for _, over in way.ranges)


def cell(grant: Grant, reader: "_Reader") -> str:
    """The ways of one grant in short words."""
    by_label: dict[str, set[str] | None] = {}
    for way in sorted(absorb(fold(list(grant.ways))), key=without_task):
        purposes, label = stated(way, reader.purposes), reader.conditions(way)
        before = by_label.get(label, set())
        by_label[label] = None if purposes is None or before is None else before | purposes
    if by_label.get("yes", set()) is None:
        return "yes"
    ways = [
        label if purposes is None else f"{label}: {_purposes(reader.purposes, purposes)}"
        for label, purposes in by_label.items()
    ]
    return "; ".join(ways) or NEVER


def stated(way: Alternative, declared: Sequence[str]) -> set[str] | None:
    """The purposes of which a way needs one to be stated, of those there are; None when it needs none."""
    about = _purpose_path(way)
    if about is None:
        return None
    purposes = {about.value} & set(declared) if isinstance(about, Const) else set(declared)
    for atom in way.atoms:
        if isinstance(atom, Compare) and _is_need(atom, about) and isinstance(atom.right, Const):
            written = atom.right.value if isinstance(atom.right.value, tuple) else (atom.right.value,)
            purposes = purposes & set(written) if atom.op in ("=", "in") else purposes - set(written)
    return purposes


@dataclass(frozen=True)
class _Reader:
    """Puts the ways of one cell into words."""

    policy: Policy
    record: str
    name: str
    legend: Legend

    @property
    def purposes(self) -> list[str]:
        """The declared purposes, as text."""
        return [purpose.value for purpose in self.policy.purposes]

    def conditions(self, way: Alternative) -> str:
        """A way's conditions, but for the purposes, by their words."""
        about = _purpose_path(way)
        names = words.names(self.record, way)
        texts: dict[str, set[str]] = {}
        for atom in way.atoms:
            if about is None or not _is_need(atom, about):
                texts.setdefault(self._word(atom, way), set()).add(self._text(atom, names))
        labels = [
            *sorted(texts.keys() - WORDS.values()),
            *(word for word in WORDS.values() if word in texts),
        ]
        return "+".join(self.legend.name(word, frozenset(texts[word])) for word in labels) or "yes"

    def _word(self, atom: Condition, way: Alternative) -> str:
        reasons = self.policy.reasons
        reason = reasons.order[reasons.rank(atom, dict(way.ranges))]
        if reason == Reason.NO_TASK and without_task(way):
            return BREAK_GLASS
        if reason in WORDS:
            return WORDS[reason]
        if not ir.variables(atom):
            return "actor"
        own = isinstance(atom, Compare) and isinstance(atom.right, Param)
        return "own" if own else next(ir.paths(atom)).steps[0]

    def _text(self, atom: Condition, names: words.Names) -> str:
        """A condition's text; one on the field's own name or category reads the same for every field."""
        written = words.condition(atom, names)
        if not (isinstance(atom, Compare) and atom.op == "=" and isinstance(atom.right, Const)):
            return written
        generic = {self.name: "the field"}
        if self.name in self.legend.leading:
            generic[self.legend.leading[self.name]] = "the category"
        left, _, right = written.rpartition(" ")
        return f"{left} {generic.get(atom.right.value, right)}"


def _purpose_path(way: Alternative) -> Term | None:
    """What a way compares the purposes stated with."""
    compared = (atom.left for atom in way.atoms if isinstance(atom, Compare) and atom.right == ir.PURPOSE)
    return next(compared, None)


def _is_need(atom: Condition, about: Term) -> bool:
    """Whether a condition writes out the purposes that a way is for."""
    return isinstance(atom, Compare) and atom.left == about and isinstance(atom.right, Const)


def _purposes(declared: list[str], stated: set[str]) -> str:
    listed = [purpose for purpose in declared if purpose in stated]
    return "any purpose" if listed == declared else ", ".join(listed) or "no purpose"


def _numbered(word: str, index: int) -> str:
    return word if index == 0 else f"{word}-{index + 1}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
