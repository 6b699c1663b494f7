"""Oso, guarded: the only module that imports and calls oso.

Two holes of oso 0.27.3 are closed here, both of which would grant too much: a Python call that receives
an unbound value deletes the condition it stands in, and a coroutine counts as true. A guarded engine
raises for both. Unknown classes, which Oso only prints a warning about, are refused by `text` before.
"""

import inspect
import re
import threading
from collections.abc import AsyncIterable, Iterator, Mapping
from typing import Any

from oso import Oso, Variable
from polar import exceptions
from polar.expression import Expression
from polar.ffi import PolarSource as Source
from polar.host import Host
from polar.query import Query

from policies.conditions import ACTORS, Anyone
from policies.errors import PolicyError
from policies.language import without_tests

#: What is asked of Oso: what some rule grants and none forbids. The last four rules let a policy do without.
DECIDING = """
permitted(actor, action, record) if
    allow(actor, action, record) and not forbid(actor, action, record);
permitted_field(actor, action, record, field) if
    allow_field(actor, action, record, field) and not forbid_field(actor, action, record, field);
allow(_, _, _) if false;
allow_field(_, _, _, _) if false;
forbid(_, _, _) if false;
forbid_field(_, _, _, _) if false;
"""


class GuardedHost(Host):
    """Oso's view of Python, without the two holes."""

    def to_polar(self, v: Any) -> Any:
        """Refuse what is not there yet: a coroutine is truthy and would grant."""
        if inspect.isawaitable(v) or isinstance(v, AsyncIterable):
            raise PolicyError("a policy met a value that is still to be awaited")
        return super().to_polar(v)

    def operator(self, op: str, args: list[Any]) -> bool:
        """Compare two values; a missing value is never less or more than anything."""
        if op in ("Lt", "Gt", "Leq", "Geq") and any(arg is None for arg in args):
            return False
        return bool(super().operator(op, args))


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
    """One loaded set of policies, asked about records in hand.

    Args:
        sources: policy text by file name.
        classes: the Python class of each record type.
    """

    def __init__(self, sources: Mapping[str, str], classes: Mapping[str, type]) -> None:
        self._oso = GuardedOso()
        self._lock = threading.Lock()
        for name, cls in {**ACTORS, **classes}.items():
            self._oso.register_class(cls, name=name)
        try:
            self._oso._load_sources(
                [
                    Source(without_tests(text), name)
                    for name, text in {**sources, "deciding": DECIDING}.items()
                ]
            )
        except exceptions.OsoError as error:
            raise _policy_error(error) from None

    def holds(self, rule: str, *arguments: Any) -> bool:
        """Whether a rule holds for known values."""
        return bool(self._ask(rule, *arguments))

    def may(self, actor: Anyone, action: str, record: Any) -> bool:
        """Whether an action on a loaded record is granted, and not forbidden."""
        return self.holds("permitted", actor, action, record)

    def reads(self, actor: Anyone, action: str, record: Any, field: str) -> bool:
        """Whether one field of a loaded record is granted, and not forbidden."""
        return self.holds("permitted_field", actor, action, record, field)

    def fields(self, actor: Anyone, action: str, record: Any) -> set[str]:
        """Every field of a loaded record that is granted, and not forbidden.

        Raises:
            PolicyError: a grant leaves its field open.
        """
        fields = {
            answer["bindings"]["field"]
            for answer in self._ask("permitted_field", actor, action, record, Variable("field"))
        }
        if not all(isinstance(field, str) and not isinstance(field, Variable) for field in fields):
            raise PolicyError("a grant leaves its field open; name the fields it is about")
        return fields

    def _ask(self, rule: str, *arguments: Any) -> list[dict[str, Any]]:
        with self._lock:
            try:
                return list(self._oso.query_rule(rule, *arguments))
            except exceptions.OsoError as error:
                raise _policy_error(error) from None


def _policy_error(error: exceptions.OsoError) -> PolicyError:
    """Oso's error as ours, with its file and line, without the values it may quote."""
    text = str(error)
    first = text.strip().splitlines()[0] if text.strip() else type(error).__name__
    place = re.search(r"at line (\d+), column \d+ (?:of|in) file (\S+)", text)
    file, line = (place.group(2).rstrip(":."), int(place.group(1))) if place else (None, None)
    return PolicyError(f"Polar: {first.split(' at line')[0]}", file, line)
