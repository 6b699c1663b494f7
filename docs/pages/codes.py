"""The stable codes, found where the source of the rooms names them.

A code is named by a class (`code = "FORBIDDEN"`, or `super().__init__("ALREADY_CLOSED", …)`), where an error is made
(`MailError("MAIL_DELAYED", …)`), where a line is logged (`log.error("CHORE_FAILED …")`), where a command prints one
(`"NO_WAY_OUT  …"`), or by a row `CODE  sentence` in the docstring of an error's class.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("commands", "server.py", "demo", "web", "schema", "procedures", "policies", "models", "vault")
LOG = "log"
PRINTED = "printed"

_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_PRINTED = re.compile(r"(?:savas: )?(?!WARNING)([A-Z][A-Z0-9_]{3,})  (\S[^\n]*)")
_LOGGED = re.compile(r"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?: .*)?")
#: A row of a table in a docstring: tree lines, perhaps the name of a class, a code, two blanks, a sentence.
_ROW = re.compile(r"^[\s│├└─]*(?:[A-Z]\w*[a-z]\w*\s+)?([A-Z][A-Z0-9_]{3,}) {2,}(\S.*)$", re.MULTILINE)
#: The same as an item of a list: - `CODE`: a sentence.
_ITEM = re.compile(r"^\s*- `([A-Z][A-Z0-9_]{3,})`: (.*)$", re.MULTILINE)
_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A Python file of the rooms: its path from the top, and its tree."""

    path: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The package that readers know it by: `procedures/task`, `web`, `server.py`."""
        parts = Path(self.path).parts
        return "/".join(parts[: min(2, len(parts) - 1)] or parts)

    @cached_property
    def sentences(self) -> dict[str, str]:
        """What its docstrings say of each code; the first that does counts."""
        documented = [node for node in ast.walk(self.tree) if isinstance(node, _Documented)]
        return {code: text for node in reversed(documented) for code, text in _rows(node).items()}


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


@cache
def modules() -> dict[str, Module]:
    """Every module of the rooms but migrations, by its path, in order."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")) or [ROOT / room]]
    paths = [file.relative_to(ROOT).as_posix() for file in files if "migrations" not in file.parts]
    return {path: Module(path, ast.parse((ROOT / path).read_text("utf-8"))) for path in paths}


def named_codes() -> Iterator[Naming]:
    """Every code, once for each place that names it."""
    for module in modules().values():
        nodes = list(ast.walk(module.tree))
        caught = [node.type for node in nodes if isinstance(node, ast.ExceptHandler) and node.type]
        # What stands after `except` makes no error there.
        passed = {inner for each in caught for inner in ast.walk(each)}
        for node in nodes:
            if node not in passed:
                yield from _at(module, node)


@cache
def ancestors(name: str) -> list[str]:
    """A class and those that it derives from, by name, the nearest first."""
    names = [name]
    for each in names:  # grows while it is walked
        bases = [_last_name(base) for _, declared in _classes().get(each, ()) for base in declared.bases]
        names += dict.fromkeys(base for base in bases if base not in names)
    return names


@cache
def _classes() -> dict[str, list[tuple[Module, ast.ClassDef]]]:
    """Every class by its name; two modules may each have one of a name."""
    found: dict[str, list[tuple[Module, ast.ClassDef]]] = {}
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append((module, node))
    return found


def _is_error(name: str) -> bool:
    return name in _classes() and "Exception" in ancestors(name)


def _at(module: Module, node: ast.AST) -> Iterator[Naming]:
    match node:
        case ast.ClassDef(name=name) if _is_error(name):
            yield from _of_class(module, node)
        case ast.Call(func=ast.Attribute(value=ast.Name("log")), args=[line, *_]):
            if named := _LOGGED.fullmatch(_text(line)):
                yield Naming(named[1], LOG, module, doc=module.sentences.get(named[1], ""))
        case ast.Call() if _is_error(name := _last_name(node.func)):
            yield from _of_error(module, name, node)
        case ast.Name(id=name) | ast.Attribute(attr=name) if _is_error(name):
            yield from (
                Naming(code, name, module) for _, each in _classes()[name] for code in _declared(each)
            )
        case ast.Constant() | ast.JoinedStr() if module.room == "commands":
            if named := _PRINTED.fullmatch(_text(node)):
                text, doc = named[2].rstrip(": "), module.sentences.get(named[1], "")
                yield Naming(named[1], PRINTED, module, text, doc)


def _of_class(module: Module, node: ast.ClassDef) -> Iterator[Naming]:
    """The codes that a class gives to its errors, and those that its docstring lists."""
    declared, doc = _declared(node), (ast.get_docstring(node) or "").partition("\n\n")[0]
    for code, text in declared.items():
        yield Naming(code, node.name, module, text, doc, makes_error=False)
    for code, sentence in _rows(node).items():
        if code not in declared:
            yield Naming(code, node.name, module, doc=sentence, makes_error=False)


def _declared(node: ast.ClassDef) -> dict[str, str]:
    """The codes that a class gives to its errors, each with what they say."""
    inner = list(ast.walk(node))
    assigned = {ast.unparse(each.targets[0]): each.value for each in inner if isinstance(each, ast.Assign)}
    message = _text(assigned.get("self.message", assigned.get("message")))
    declared = dict.fromkeys(_codes([assigned.get("code")]), message)
    for each in inner:
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "super().__init__":
            declared |= _arguments(each)
    return declared


def _of_error(module: Module, name: str, call: ast.Call) -> Iterator[Naming]:
    first = call.args[0] if call.args else None
    status = first.value if isinstance(first, ast.Constant) and isinstance(first.value, int) else None
    sentences = [place.sentences for place in (module, *(declaring for declaring, _ in _classes()[name]))]
    for code, text in _arguments(call).items():
        doc = next((each[code] for each in sentences if code in each), "")
        yield Naming(code, name, module, text, doc, status)


def _arguments(call: ast.Call) -> dict[str, str]:
    """The codes among an error's arguments (one of the first two, or `code=`), each with the sentences beside it."""
    codes = _codes([*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg == "code")])
    texts = [text for node in call.args if " " in (text := _text(node))]
    return {code: " ".join(texts) for code in codes}


def _codes(nodes: list[ast.expr | None]) -> list[str]:
    return [text for node in nodes if isinstance(node, ast.Constant) and _CODE.fullmatch(text := _text(node))]


def _rows(node: _Documented) -> dict[str, str]:
    """The codes in the tables and lists of a docstring, each with its sentence."""
    doc = ast.get_docstring(node) or ""
    return dict((*_ROW.findall(doc), *_ITEM.findall(doc)))


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _text(node: ast.expr | None) -> str:
    """A text as it stands in the source, with `…` for what is put in; empty where it is no text."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "…" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
