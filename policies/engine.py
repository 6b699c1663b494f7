"""Oso, guarded: the only module that imports and calls oso.

Two holes of oso 0.27.3 are closed here, both of which would grant too much: a Python call that receives
an unbound value deletes the condition it stands in, and a coroutine counts as true. A guarded engine
raises for both. Unknown classes, which Oso only prints a warning about, are refused by `text` before.
"""

import inspect
import re
import threading
from collections.abc import AsyncIterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oso import Oso, Relation, Variable
from polar import exceptions
from polar.expression import Expression, Pattern
from polar.ffi import PolarSource as Source
from polar.host import Host
from polar.query import Query

from policies import registry
from policies.errors import PolicyError
from policies.ir import Param


class Anyone:
    """An actor of any kind, as policies call it."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


class Staff(Anyone):
    """An employee."""


class Person(Anyone):
    """A customer, asking about themselves."""


class Subcontractor(Anyone):
    """A partner's client."""


class Stranger(Anyone):
    """Somebody not signed in."""


class Record:
    """A record of any type, as policies call it."""


class Personal(Record):
    """A row of personal data."""


ACTORS: dict[str, type[Anyone]] = {
    cls.__name__: cls for cls in (Anyone, Staff, Person, Subcontractor, Stranger)
}

#: What a policy may ask of an actor, besides `roles`: parameters, unknown until the question is asked.
ATTRIBUTES = {"id": "actor.id", "customerId": "actor.customerId", "partnerId": "actor.partnerId",
              "purpose": "actor.purpose", "now": "actor.now"}  # fmt: skip


@dataclass(frozen=True)
class Result:
    """One way to be allowed: the field, where the question has one, and the expression that must hold."""

    field: str | None
    expression: Any


class GuardedHost(Host):
    """Oso's view of Python, without the two holes."""

    def to_polar(self, v: Any) -> Any:
        """Refuse what is not there yet: a coroutine is truthy and would grant."""
        if inspect.isawaitable(v) or isinstance(v, AsyncIterable):
            raise PolicyError("a policy met a value that is still to be awaited")
        return super().to_polar(v)

    def operator(self, op: str, args: list[Any]) -> bool:
        """Compare two values; a missing value is never less or more than anything.

        A parameter has no value yet: compared with anything but a record's field, it would be found
        different for ever.
        """
        if any(isinstance(arg, Param) for arg in args) and (args[0] != args[1] or op not in ("Eq", "Neq")):
            raise PolicyError(
                "what is only known of the actor when they ask is compared with a record's field only"
            )
        if op in ("Lt", "Gt", "Leq", "Geq") and any(arg is None for arg in args):
            return False
        return bool(super().operator(op, args))

    def isa_with_path(self, base_tag: str, path: list[Any], class_tag: str) -> bool:
        """Whether what a path leads to is of a class; Oso would take a member of a collection for the list."""
        base = self.get_class(base_tag)
        for step in path:
            base = self.get_field(base, self.to_python(step))
            if base is list:
                raise PolicyError(
                    f"whether a member of a collection is a {class_tag} is not asked; leave it untyped"
                )
        return issubclass(base, self.get_class(class_tag))


class GuardedQuery(Query):
    """One question to Oso, refusing Python calls on what is not known yet."""

    def handle_external_call(self, data: dict[str, Any]) -> None:
        """Read an attribute, or call a method whose arguments are all known."""
        arguments = [*(data["args"] or []), *(data.get("kwargs") or {}).values()]
        if any(isinstance(self.host.to_python(value), Variable | Expression) for value in arguments):
            raise PolicyError(f"a policy calls `{data['attribute']}` with a value that is not known yet")
        super().handle_external_call(data)


class GuardedOso(Oso):
    """Oso whose every question goes through the guards."""

    def __init__(self) -> None:
        super().__init__()
        self.host.__class__ = GuardedHost

    def query(self, query: Any, *, bindings: Any = None, accept_expression: bool = False) -> Iterator[Any]:
        """Ask as Oso does, with Python calls guarded."""
        host = self.host.copy()
        host.set_accept_expression(accept_expression)
        term = self.ffi_polar.new_query_from_term(host.to_polar(query))
        yield from GuardedQuery(term, host=host, bindings=bindings).run()


class Engine:
    """One loaded set of policies; never reloaded in place.

    Args:
        sources: policy text by file name.
        classes: the Python class of each record type, for asking about loaded records; without it the
            engine answers for records not known yet.
    """

    def __init__(self, sources: Mapping[str, str], classes: Mapping[str, type] | None = None) -> None:
        self._oso = GuardedOso()
        self._lock = threading.Lock()
        for name, cls in ACTORS.items():
            self._oso.register_class(cls, name=name)
        self._oso.register_class(Param)
        if classes is None:
            self._register_unknown()
        else:
            for name, cls in classes.items():
                self._oso.register_class(cls, name=name)
        self._load(sources)

    def _register_unknown(self) -> None:
        self._oso.register_class(Record)
        self._oso.register_class(Personal)
        for name, resource in registry.resources().items():
            base = Personal if resource.personal else Record
            relations = {
                key: Relation("many" if way.many else "one", way.target, way.key, way.target_key)
                for key, way in resource.relations.items()
            }
            plain = {key: field.type for key, field in resource.fields.items()}
            self._oso.register_class(type(name, (base,), {}), name=name, fields={**plain, **relations})

    def _load(self, sources: Mapping[str, str]) -> None:
        try:
            self._oso._load_sources([Source(text, name) for name, text in sources.items()])
        except exceptions.OsoError as error:
            raise _policy_error(error) from None

    def ways(self, actor: Anyone, rule: str, action: str, record: str) -> list[Result]:
        """Every way a rule can hold for records of one type, none of them known yet.

        Args:
            actor: an actor whose attributes are parameters.
            rule: `allow` or `allow_field`.
            action: the action asked about.
            record: the record type's policy name.
        """
        this = Variable("record")
        bound = Expression("And", [Expression("Isa", [this, Pattern(record, {})])])
        arguments: list[Any] = [actor, action, this]
        if rule == "allow_field":
            arguments.append(Variable("field"))
        options = {"bindings": {"record": bound}, "accept_expression": True}
        return [_result(answer["bindings"]) for answer in self._ask(rule, *arguments, **options)]

    def holds(self, rule: str, *arguments: Any) -> bool:
        """Whether a rule holds for known values."""
        return bool(self._ask(rule, *arguments))

    def fields(self, actor: Anyone, action: str, record: Any) -> set[str]:
        """Every field of a loaded record that `allow_field` grants."""
        answers = self._ask("allow_field", actor, action, record, Variable("field"))
        return {str(_result(answer["bindings"]).field) for answer in answers}

    def answers(self, rule: str, *names: str) -> list[tuple[Any, ...]]:
        """Every way to fill in a rule's parameters: reads facts such as `needs(purpose, category)`.

        A rule that the policies do not have gives none.
        """
        try:
            answers = self._ask(rule, *(Variable(name) for name in names))
        except PolicyError as error:
            if "undefined rule" in error.message:
                return []
            raise
        return [tuple(answer["bindings"][name] for name in names) for answer in answers]

    def _ask(self, rule: str, *arguments: Any, **options: Any) -> list[dict[str, Any]]:
        with self._lock:
            try:
                return list(self._oso.query_rule(rule, *arguments, **options))
            except exceptions.OsoError as error:
                raise _policy_error(error) from None


def _result(bindings: dict[str, Any]) -> Result:
    field = bindings.get("field")
    if field is not None and (isinstance(field, Variable | Expression) or not isinstance(field, str)):
        raise PolicyError("a grant leaves its field open; name the fields it is about")
    return Result(field, bindings.get("record"))


def _policy_error(error: exceptions.OsoError) -> PolicyError:
    """Oso's error as ours, with its file and line, without the values it may quote."""
    text = str(error)
    first = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    place = re.search(r"at line (\d+), column \d+ (?:of|in) file (\S+)", text)
    file, line = (place.group(2).rstrip(":."), int(place.group(1))) if place else (None, None)
    return PolicyError(f"Polar: {first.split(' at line')[0]}", file, line)
