"""The policies in force: text checked, loaded, compiled for every kind of actor, and swapped whole.

POLICY_LOADED   these policies are in force from now on; their version follows
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

from models import Category, Purpose, Role
from policies import checked, confirming, registry
from policies.actor import Actor
from policies.compiler import Rules, in_vain, reasons, refusals
from policies.conditions import CLOSED, NOT_STAFF, Grant, Kind, Plan, Reasons, grant
from policies.errors import PolicyError, refuse
from policies.judging import Judge
from policies.language import Rule, categories, declared, spelling, text
from policies.testing import expectations, fixtures

HERE = text.HERE
log = logging.getLogger("savas.policy")


#: Who asks to do what to which type of record.
Question = tuple[Kind, str, str]


class Policy:
    """One version of the policies; never changes once loaded.

    Args:
        sources: policy text by file name.
        noted: what was found when this very text was compiled whole; without it, it is compiled whole now.
        earlier: another version, of which is taken over what it compiled from the same rules.

    Raises:
        PolicyError: the text cannot be used; names file and line.
    """

    def __init__(
        self,
        sources: dict[str, str],
        noted: checked.Classified | None = None,
        earlier: "Policy | None" = None,
    ) -> None:
        self.sources = sources
        everything = text.rules(sources)
        #: What is granted and why, and what tests make their worlds of.
        self.rules, self.fixtures = fixtures.split(everything)
        if not self.rules:
            raise PolicyError("there is no rule; a server without rules releases nothing")
        self.declared = declared.read(self.rules)
        refuse(
            [
                *refusals.check(everything),
                *refusals.gathered(categories.check, self.rules),
                *spelling.check(everything, self.declared),
                *fixtures.check(self.fixtures),
            ]
        )
        # What was found whole before is not tested again, and so its tests need not be read.
        tests = text.tests(sources) if noted is None else []
        self._tests = expectations.read(tests, self.fixtures, self.rules)
        self.asked = Rules(self.rules, self.reasons.named, self.declared.zone)
        self.version = hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()[:16]
        self._roles_named = text.roles_named(self.rules)
        self._grants = {} if earlier is None else self._taken_over(earlier)
        self.all_classified = self._compile_all() if noted is None else noted
        # Read now, so that a misspelt one is refused now.
        _ = self.confirming

    @classmethod
    def load(cls, directory: Path = HERE) -> "Policy":
        """Read and load the policy files of a directory, and compile them whole."""
        return cls(text.read(directory))

    @property
    def purposes(self) -> Mapping[Purpose, str]:
        """The purposes that are declared, each with its sentence."""
        return self.declared.purposes

    @property
    def roles(self) -> Mapping[Role, str]:
        """The roles that are declared, each with its sentence."""
        return self.declared.roles

    @property
    def special(self) -> Mapping[Category, Purpose]:
        """The special categories, each with the one purpose that somebody can consent to it for."""
        return self.declared.special

    @property
    def everyone(self) -> tuple[Kind, ...]:
        """The kinds that are compiled before a text comes into force, so that what cannot be compiled is refused then.

        Staff with every role meet every rule about staff; each mix of roles that somebody really has is compiled when
        it is met.
        """
        staff = Kind("Staff", frozenset(role.value for role in self.roles))
        return staff, *NOT_STAFF

    @property
    def usual(self) -> tuple[Kind, ...]:
        """The kinds that nearly all actors are of: staff without a role, others, and staff with each role alone."""
        alone = (Kind("Staff", frozenset({role.value})) for role in self.roles)
        return tuple(dict.fromkeys(map(self.kind, (Kind("Staff"), *NOT_STAFF, *alone))))

    @cached_property
    def reasons(self) -> Reasons:
        """What to say when a condition fails, from the policies' own facts."""
        return reasons.read(self.facts("withheld_because", 2), self.rules)

    @cached_property
    def confirming(self) -> confirming.Confirming:
        """What needs a session confirmed just before.

        Raises:
            PolicyError: a fact names what no rule grants, and so would protect nothing.
        """
        return confirming.read(self.rules, self.actions, self.roles)

    @cached_property
    def left_to_managers(self) -> frozenset[str]:
        """The categories of which a manager may decide without the privacy officer."""
        return frozenset(name for _, (name,) in self.facts("a_manager_decides", 1))

    @cached_property
    def needs(self) -> frozenset[tuple[str, str]]:
        """Which purpose needs which category."""
        return frozenset(texts for _, texts in self.facts("needs", 2))

    @cached_property
    def leads_to(self) -> dict[str, str]:
        """The category that each field of a customer leads to."""
        return dict(texts for _, texts in sorted(self.facts("leads_to", 2), key=lambda fact: fact[1]))

    def facts(self, name: str, count: int) -> list[tuple[Rule, tuple[Any, ...]]]:
        """The facts of a name, each with its texts; raises PolicyError where one is something else."""
        return text.facts(self.rules, name, count)

    @cached_property
    def actions(self) -> list[tuple[str, str]]:
        """The actions that policies grant, each with its type of record."""
        grants = [rule.parameters for rule in self.rules if rule.name == "allow"]
        return sorted({(action.term.value, record.pattern.tag) for _, action, record in grants})  # type: ignore[union-attr, attr-defined, misc]  # refused otherwise

    def kind(self, actor: Actor | Kind) -> Kind:
        """The kind that an actor is of, as far as these policies tell actors apart: most name few roles."""
        kind = actor if isinstance(actor, Kind) else Kind.of(actor)
        named = self._roles_named
        return kind if named is None else Kind(kind.name, kind.roles & named)

    def plan(self, actor: Actor | Kind, record: str) -> Plan:
        """What an actor may read of one type of record."""
        return Plan(record, self._compiled(self.kind(actor), "read", record))

    def action(self, actor: Actor, action: str, record: str) -> Grant:
        """When an actor may do something to a record; an action nobody named is closed."""
        return self._compiled(self.kind(actor), action, record).get(action, CLOSED)

    def grants(self, kind: Kind, action: str, record: str) -> dict[str, Grant]:
        """Each grant of an action to actors of a kind: by field, or by the action."""
        return self._compiled(self.kind(kind), action, record)

    def judge(self, judged: Container[str] = ()) -> int:
        """Compare all that is granted with plain Oso, on worlds made for it, but for questions that were judged; how many.

        Raises:
            PolicyError: Oso decides one otherwise; the policy must not be used.
        """
        judge = Judge(self.sources, self.asked.forbidden, self.declared.zone)
        return sum(
            judge.compared(*question, self.grants(*question))
            for digest, question in self.questions.items()
            if digest not in judged
        )

    def prove(self, directory: Path) -> None:
        """Test and judge the text, and note in the directory that it came from that it was found whole.

        Raises:
            PolicyError: a test fails, or Oso decides something otherwise.
        """
        judged = checked.judged(directory, HERE)
        refuse(self.test(judged).failures)
        self.judge(judged)
        proved = [*self.questions, *self.tests.values()]
        checked.write(directory, self.sources, self.all_classified, proved)

    def test(self, passed: Container[str] = (), *, tracing: bool = False) -> expectations.Results:
        """Run the tests of a text that was not found whole before, but for some that passed; see what they reach if `tracing`."""
        return expectations.Runner(self).run(self.tests, passed, tracing=tracing)

    @cached_property
    def tests(self) -> dict[expectations.Test, str]:
        """Each test with a digest of it, of its fixtures, and of the rules that its questions meet."""
        return checked.tests(self._tests, Rules(self.fixtures), self.questions)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """What a text is judged by: who may do what to which type of record. Each by a digest of the rules that it meets."""
        asked = [("read", record) for record in registry.RECORDS] + self.actions
        return checked.questions(self.asked, self.everyone, asked, self.declared.zone)

    def names_role(self, role: str) -> bool:
        """Whether some rule tells a role apart from others."""
        named = self._roles_named
        confirming = self.confirming.listed | self.confirming.excepted
        return named is None or role in named | {who for who, _, _ in confirming}

    @property
    def compiled(self) -> int:
        """How many plans have been compiled so far."""
        return len(self._grants)

    def classified(self, record: str) -> set[str]:
        """The fields of a type that some rule opens to somebody; all others are unclassified."""
        return set(self.all_classified.get(record, ()))

    def _taken_over(self, earlier: "Policy") -> dict[Question, dict[str, Grant]]:
        """What another version, perhaps still in use, has compiled where a question meets the same rules in both."""
        if (earlier.declared, earlier.reasons) != (self.declared, self.reasons):
            return {}
        return {
            question: grants
            for question, grants in tuple(earlier._grants.items())
            if self.asked.take_over(earlier.asked, question)
        }

    def _compile_all(self) -> checked.Classified:
        errors = []
        for kind in self.everyone:
            for action, record in [*self.actions, *(("read", record) for record in registry.RECORDS)]:
                try:
                    self._compiled(self.kind(kind), action, record)
                except PolicyError as error:
                    errors.append(error)
        refuse(errors)
        refuse(list(in_vain(self.asked, self.everyone)))
        return {
            record: frozenset(field for kind in self.everyone for field in self.plan(kind, record).grants)
            for record in registry.RECORDS
        }

    def _compiled(self, kind: Kind, action: str, record: str) -> dict[str, Grant]:
        key = (kind, action, record)
        if key not in self._grants:
            alike = self.asked.told_apart(*key), action, record
            grants = self._grants[alike] if alike in self._grants else self._compile(*alike)
            self._grants[key] = self._grants[alike] = grants
        return self._grants[key]

    def _compile(self, kind: Kind, action: str, record: str) -> dict[str, Grant]:
        ways = self.asked.ways(kind, action, record)
        # Most fields of a record are granted in the same ways, and joining them is most of the work.
        grants = {group: grant(group, self.reasons) for group in {tuple(group) for group in ways.values()}}
        return {field: grants[tuple(group)] for field, group in ways.items()}


class Policies:
    """Holds the policy in force in an installation; a change that fails leaves it in force.

    Raises:
        PolicyError: the directory holds none, or a fact that cannot be used.
    """

    def __init__(self, directory: Path = HERE) -> None:
        self.directory = directory
        if directory != HERE:
            # Stored rows may name purposes and roles of theirs, also for commands that never decide anything.
            declared.of(directory)
        self._policy: Policy | None = None
        self._lock = threading.Lock()

    @property
    def current(self) -> Policy:
        """The policy in force; loaded at first use."""
        if self._policy is None:
            self.reload()
        return cast(Policy, self._policy)

    def reload(self) -> bool:
        """Load the directory again; True when something new came into force.

        Raises:
            PolicyError: the new text is refused; the old policy stays.
        """
        return self.use(self.directory)

    def use(self, directory: Path, accept: Callable[[Policy], None] | None = None) -> bool:
        """Put the policies of a directory in force; True when that changes anything.

        Args:
            directory: where the policy files lie.
            accept: asked before; raises PolicyError for a policy that does not fit.

        Raises:
            PolicyError: its text is refused; the old policy stays.
        """
        with self._lock:
            sources = text.read(directory)
            same = self._policy is not None and self._policy.sources == sources
            policy = (
                self._policy
                if same and self._policy is not None
                else _whole(directory.resolve(), tuple(sorted(sources.items())), self._policy)
            )
            if accept is not None:
                accept(policy)
            self.directory, self._policy = directory, policy
        if not same:
            log.info("POLICY_LOADED version=%s", policy.version)
        return not same


@lru_cache(maxsize=2)
def _whole(directory: Path, sources: tuple[tuple[str, str], ...], earlier: Policy | None) -> Policy:
    """A policy never changes, so that installations of one process that have the same one share it."""
    texts = dict(sources)
    noted = checked.read(directory, texts)
    policy = Policy(texts, noted, earlier)
    if noted is None:
        policy.prove(directory)
    return policy


_entered: ContextVar[Policies] = ContextVar("savas_policies")
#: Those that come with Savas, for what works for no installation.
_shipped = Policies()


@contextmanager
def entered(policies: Policies) -> Iterator[None]:
    """Decide by the policies of an installation in this task."""
    token = _entered.set(policies)
    try:
        yield
    finally:
        _entered.reset(token)


def in_force() -> Policy:
    """The policy by which this task decides: that of the installation it works for."""
    return _entered.get(_shipped).current
