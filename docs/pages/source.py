"""The source of the rooms as syntax trees, and what their docstrings say of codes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("commands", "server.py", "demo", "web", "schema", "procedures", "policies", "models", "vault")

#: A row of a table in a docstring: tree lines, perhaps the name of a class, a code, two blanks, a sentence.
_ROW = re.compile(r"^[\s│├└─]*(?:[A-Z]\w*[a-z]\w*\s+)?([A-Z][A-Z0-9_]{3,}) {2,}(\S.*)$", re.MULTILINE)
#: The same as an item of a list: - `CODE`: a sentence.
_ITEM = re.compile(r"^\s*- `([A-Z][A-Z0-9_]{3,})`: (.*)$", re.MULTILINE)


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


@dataclass(frozen=True)
class Class:
    """A class as its module declares it: `doc` is its first paragraph, `rows` are the codes in its docstring's table."""

    name: str
    bases: tuple[str, ...]
    doc: str
    rows: dict[str, str]
    module: Module
    body: ast.ClassDef


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the rooms but migrations, in order."""
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")) or [ROOT / room]]
    paths = [file.relative_to(ROOT).as_posix() for file in files if "migrations" not in file.parts]
    return tuple(Module(path, ast.parse((ROOT / path).read_text("utf-8"))) for path in paths)


@cache
def classes() -> dict[str, tuple[Class, ...]]:
    """Every class by its name; two modules may each have one of a name."""
    found: dict[str, tuple[Class, ...]] = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                bases = tuple(ast.unparse(base).rpartition(".")[2] for base in node.bases)
                doc = ast.get_docstring(node) or ""
                declared = Class(node.name, bases, doc.partition("\n\n")[0], rows(doc), module, node)
                found[node.name] = (*found.get(node.name, ()), declared)
    return found


def classes_of(module: Module) -> list[Class]:
    """The classes that a module declares."""
    return [one for same in classes().values() for one in same if one.module is module]


def ancestors(name: str) -> list[str]:
    """A class and its bases by name, the nearest first."""
    names = [name]
    for each in names:  # grows while it is walked
        names += [base for same in classes().get(each, ()) for base in same.bases if base not in names]
    return names


@cache
def sentences() -> dict[tuple[str, str], str]:
    """What docstrings say of each code, by the module's path and the code."""
    found: dict[tuple[str, str], str] = {}
    for module in modules():
        for doc in _docstrings(module.tree):
            for code, sentence in rows(doc).items():
                found.setdefault((module.path, code), sentence)
    return found


def listed(path: str) -> list[tuple[str, str]]:
    """The codes in the tables of a module's docstrings, each with its sentence, in order."""
    return [(code, sentence) for (module, code), sentence in sentences().items() if module == path]


def rows(doc: str) -> dict[str, str]:
    """The codes in the tables and lists of a docstring, each with its sentence."""
    return dict((*_ROW.findall(doc), *_ITEM.findall(doc)))


def _docstrings(tree: ast.Module) -> Iterator[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and (doc := ast.get_docstring(node)):
            yield doc


def text(node: ast.expr) -> str | None:
    """A text as it stands in the source, with `…` for what is put in; None where it is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text(part) or "…" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (text(node.left) or "…") + (text(node.right) or "…")
    return None
