"""No change without an entry: who writes does so within a transaction, and who opens a transaction records."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.house import tree

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
OPENS = {"models.database.transactions.transaction", "access.user._transaction"}
RECORD = "ledger.ledger.record"

#: What opens a transaction and records nothing, and why it may.
UNRECORDED = {
    "checkpoint.checkpoint._store": "an entry of each checkpoint would call for the next one",
    "clock.clock._begun": "it stores what the ledger and the checkpoints say of the time",
    "ledger.ledger._commit": "it writes the entries themselves",
    "keys.indexing._reindex": "an index changes and nothing that it stands for; the epochs of indexes are recorded",
    "leaving.certificate._issue": "a certificate is a copy of an entry",
    "leaving.withdrawal._set_step": "how far an erasure has come; its beginning and its end are recorded",
    "message.delivery._claim": "it says who tries next; what comes of the try is recorded",
    "export.export._set_percent": "how far an archive has come; its beginning and its end are recorded",
    "consent.recording._might": "what it writes is judged, and undone in any case",
    "access.session._see": "a session was used, four times an hour at most; who reads and does what is recorded",
    "client_key.client_key._first": "it is opened around what records",
    "client_key.expiry.expire": "what was made stays recorded; that it was made under a key ends",
    "access.user._transaction": "it is opened around what records",
}


#: By name and whether it is asynchronous, the methods of that name with their modules.
Methods = dict[tuple[str, bool], list[str]]


@dataclass
class Function:
    """A procedure or a part of one, by its full name without the room: `consent.transition.ended`.

    Attributes:
        calls: what it calls, and whether that is within a transaction that it opens.
        writes: the lines where it writes outside of such a transaction.
        opens: whether it opens one.
    """

    name: str
    calls: list[tuple[str, bool]] = field(default_factory=list)
    writes: list[int] = field(default_factory=list)
    opens: bool = False


class Reader:
    """Reads one module; `methods` are those of all modules, for calls of an object whose class is not told.

    Of these, a call that is awaited goes to an asynchronous one, and another to one that is not.
    """

    def __init__(self, path: Path, methods: "Methods") -> None:
        self.module, self.tree, self.methods = short(tree.module_of(path)), tree.parsed(path), methods
        self.names = {name: f"{self.module}.{name}" for name in _defined(self.tree)}
        self.lists = dict(_lists(self.tree))
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                self.names |= {
                    alias.asname or alias.name: tree.origin(node.module, alias.name) for alias in node.names
                }

    def functions(self) -> Iterator[Function]:
        """Every function and method of the module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                function = Function(f"{self.module}.{node.name}")
                self.read(function, node, within=False)
                yield function

    def read(self, function: Function, node: ast.AST, *, within: bool) -> None:
        """Note what is called and written, and what of it is within a transaction."""
        awaited = isinstance(node, ast.Await)
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.Await) and not within and _attribute(inner.value) in WRITES:
                function.writes.append(inner.lineno)
            function.calls += [(name, within) for name in self.called(inner, awaited=awaited)]
            if isinstance(inner, ast.For):
                listed = self.lists.get(tree.dotted(inner.iter), [])
                function.calls += [(f"{self.module}.{name}", within) for name in listed]
            opens = isinstance(inner, ast.AsyncWith) and any(
                OPENS & set(self.called(item.context_expr)) for item in inner.items
            )
            function.opens |= opens
            self.read(function, inner, within=within or opens)

    def called(self, node: ast.AST, *, awaited: bool = False) -> list[str]:
        """The functions that a call may go to."""
        if not isinstance(node, ast.Call):
            return []
        first, _, rest = tree.dotted(node.func).partition(".")
        if first in self.names:
            known = self.names[first]
            return [
                short(
                    tree.origin(known, rest)
                    if known in tree.modules_by_name()
                    else f"{known}.{rest}".rstrip(".")
                )
            ]
        found = self.methods.get((_attribute(node), awaited), [])
        own = [name for name in found if name.rpartition(".")[0] == self.module]
        return own if first == "self" and own else found


def _attribute(node: ast.AST) -> str:
    return node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""


def short(name: str) -> str:
    """`procedures.consent.transition.ended` → `consent.transition.ended`."""
    return name.removeprefix("procedures.")


def _lists(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The tuples of names that a module declares, such as one of functions to call one after the other."""
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Tuple):
            yield tree.dotted(node.target), [tree.dotted(each) for each in node.value.elts]


def _defined(module: ast.Module) -> list[str]:
    return [node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _methods(path: Path) -> Iterator[tuple[tuple[str, bool], str]]:
    for owner in tree.nodes(path):
        if isinstance(owner, ast.ClassDef):
            for node in owner.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield (
                        (node.name, isinstance(node, ast.AsyncFunctionDef)),
                        f"{short(tree.module_of(path))}.{node.name}",
                    )


@cache
def functions() -> dict[str, Function]:
    """Every function of the procedures; those of one name in one module are taken together."""
    paths = [path for path in tree.product() if tree.room_of(path) == "procedures"]
    methods: Methods = {}
    for short, full in (pair for path in paths for pair in _methods(path)):
        methods.setdefault(short, []).append(full)
    found: dict[str, Function] = {}
    for function in (each for path in paths for each in Reader(path, methods).functions()):
        known = found.setdefault(function.name, Function(function.name))
        known.calls += function.calls
        known.writes += function.writes
        known.opens |= function.opens
    return found


def outside() -> set[str]:
    """What may be called outside of any transaction: what no procedure calls, and whatever that calls outside."""
    everything = functions()
    inner = {name for each in everything.values() for name, _ in each.calls if name != each.name}
    found = open_ = everything.keys() - inner
    while open_:
        open_ = {
            name for each in open_ for name, within in everything[each].calls if not within
        } & everything.keys()
        open_ -= found
        found = found | open_
    return set(found)


def recording() -> set[str]:
    """What records, itself or by what it calls."""
    known = {RECORD}
    while (
        more := {each.name for each in functions().values() if {name for name, _ in each.calls} & known}
        - known
    ):
        known |= more
    return known


def test_the_procedures_are_read_rightly() -> None:
    found = functions()
    assert found["consent.consent.give"].opens
    assert ("consent.transition.end_one", True) in found["consent.consent._end"].calls
    assert ("erasure.erasure.begin", False) in found["consent.transition.end"].calls
    assert found["access.session.end_all"].writes
    assert not found["task.task.close"].writes
    assert "access.session.end_all" not in outside()
    assert "task.task._change" not in outside()
    assert {"task.task.change", "erasure.erasure.complete", "ledger.ledger.note"} <= outside()
    assert {
        "imports.importing._written",
        "installation.migration.on_sqlite",
        "consent.consent.withdraw",
    } <= recording()
    assert not {"task.task._task", "keys.indexing._reindex"} & recording()


def test_who_writes_does_so_within_a_transaction() -> None:
    """Outside of one, a change and its entry could come apart."""
    loose = [f"{name}: line {line}" for name in sorted(outside()) for line in functions()[name].writes]
    assert not loose


def test_what_opens_a_transaction_records() -> None:
    """A new procedure without an entry would be a change that nobody can be asked about."""
    silent = {
        each.name
        for each in functions().values()
        if each.opens and not {name for name, within in each.calls if within} & recording()
    }
    assert silent | {"access.user._transaction"} == UNRECORDED.keys()


WRITE = re.compile(r"\b(Consent|ConsentEvent)(\(|\.(bulk_)?create\(|\.filter\([^\n]*\)\.(update|delete)\()")


def test_consents_are_written_in_one_place() -> None:
    """Each end and each beginning leaves its event, its entry and its receipt only if all of them pass one function."""
    elsewhere = [
        f"{tree.named(path)}:{number}"
        for path in tree.product()
        if tree.room_of(path) == "procedures" and not tree.named(path).endswith("consent/transition.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if WRITE.search(line)
    ]
    assert not elsewhere
