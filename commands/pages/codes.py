"""The stable codes, found where the source of the rooms names them.

A code is named by a class (`code = "FORBIDDEN"`, or `super().__init__("ALREADY_CLOSED", …)`), where an error is made
(`MailError("MAIL_DELAYED", …)`), where a line is logged (`log.error("CHORE_FAILED …")`), where a command prints one
(`"NO_WAY_OUT  …"`), or by a row `CODE  sentence` in the docstring of an error's class.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from commands.pages import source
from commands.pages.source import Class, Module

_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_PRINTED = re.compile(r"(?:savas: )?(?!WARNING)([A-Z][A-Z0-9_]{3,})  (\S[^\n]*)")
_LOGGED = re.compile(r"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?: .*)?")

LOG = "log"
PRINTED = "printed"


@dataclass(frozen=True)
class Naming:
    """A code where it is named.

    Attributes:
        code: itself.
        kind: the class of the error, or `log`, or `printed`.
        module: where it stands.
        text: what the error says, with `…` for what differs from case to case; empty where it says nothing.
        doc: what a docstring says of the code; empty where none does.
        status: the HTTP status of the answer, where it is named beside it.
        makes_error: whether an error is made here, rather than its class declared.
    """

    code: str
    kind: str
    module: Module
    text: str = ""
    doc: str = ""
    status: int | None = None
    makes_error: bool = True


def named_codes() -> list[Naming]:
    """Every code, once for each place that names it."""
    return [one for module in source.modules() for one in _in_module(module)]


def listed(path: str) -> list[Naming]:
    """The codes in the tables of a module's docstrings."""
    module = next(one for one in source.modules() if one.path == path)
    return [Naming(code, "", module, doc=sentence) for code, sentence in source.listed(path)]


def _in_module(module: Module) -> Iterator[Naming]:
    for each in source.classes_of(module):
        if _is_error(each.name):
            yield from _of_class(each)
    nodes, printing = list(ast.walk(module.tree)), module.room == "commands"
    caught = _caught(nodes)
    for node in nodes:
        if isinstance(node, ast.Call):
            yield from _of_call(module, node)
        elif isinstance(node, ast.Name | ast.Attribute) and node not in caught:
            yield from _by_class(module, node.id if isinstance(node, ast.Name) else node.attr)
        elif printing and isinstance(node, ast.Constant | ast.JoinedStr):
            yield from _printed(module, node)


@cache
def _is_error(name: str) -> bool:
    return name in source.classes() and "Exception" in source.ancestors(name)


def _of_class(each: Class) -> Iterator[Naming]:
    """The codes that a class gives to its errors, and those that its docstring lists."""
    named = dict(_declared(each.body))
    for code, text in named.items():
        yield Naming(code, each.name, each.module, text, each.doc, makes_error=False)
    for code, sentence in each.rows.items():
        if code not in named:
            yield Naming(code, each.name, each.module, doc=sentence, makes_error=False)


def _declared(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    assigned = {
        ast.unparse(node.targets[0]): node.value for node in ast.walk(body) if isinstance(node, ast.Assign)
    }
    for code in _codes([assigned["code"]] if "code" in assigned else []):
        message = assigned.get("self.message", assigned.get("message"))
        yield code, source.text(message) or "" if message is not None else ""
    for node in ast.walk(body):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "super().__init__":
            for code in _code_arguments(node):
                yield code, _text_beside(node, code)


def _caught(nodes: list[ast.AST]) -> set[ast.AST]:
    """What stands after `except`: names of classes that make no error there."""
    types = [node.type for node in nodes if isinstance(node, ast.ExceptHandler) and node.type]
    return {inner for each in types for inner in ast.walk(each)}


def _of_call(module: Module, call: ast.Call) -> Iterator[Naming]:
    """The code of an error that is made here, or of a line that is logged."""
    before, _, name = ast.unparse(call.func).rpartition(".")
    if before == "log":
        yield from _logged(module, call)
    elif _is_error(name):
        yield from _of_error(module, name, call)


def _logged(module: Module, call: ast.Call) -> Iterator[Naming]:
    line = source.text(call.args[0]) if call.args else None
    if line and (named := _LOGGED.fullmatch(line)):
        yield Naming(named[1], LOG, module, doc=source.sentences().get((module.path, named[1]), ""))


def _of_error(module: Module, name: str, call: ast.Call) -> Iterator[Naming]:
    places = [module.path, *(each.module.path for each in source.classes()[name])]
    for code in _code_arguments(call):
        rows = [source.sentences()[place, code] for place in places if (place, code) in source.sentences()]
        yield Naming(code, name, module, _text_beside(call, code), next(iter(rows), ""), _status(call))


def _by_class(module: Module, name: str) -> Iterator[Naming]:
    """The codes that a class gives to its errors, where the class is named to make one."""
    if _is_error(name):
        for each in source.classes()[name]:
            yield from (Naming(code, name, module) for code, _ in _declared(each.body))


def _code_arguments(call: ast.Call) -> Iterator[str]:
    """The codes among an error's arguments: one of the first two, or `code=`."""
    yield from _codes(
        [*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
    )


def _codes(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
            yield node.value


def _text_beside(call: ast.Call, code: str) -> str:
    """The first texts among an error's arguments that are sentences: what happened, and what to do about it."""
    texts = [text for node in call.args if (text := source.text(node)) and text != code]
    return " ".join(text for text in texts if " " in text)


def _status(call: ast.Call) -> int | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, int) else None


def _printed(module: Module, node: ast.expr) -> Iterator[Naming]:
    """A line `CODE  sentence` that a command prints."""
    if named := _PRINTED.fullmatch(source.text(node) or ""):
        yield Naming(
            named[1],
            PRINTED,
            module,
            named[2].rstrip(": "),
            source.sentences().get((module.path, named[1]), ""),
        )
