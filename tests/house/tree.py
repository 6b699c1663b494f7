"""The house as text: its rooms, its files and their syntax trees."""

import ast
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# From the wire to the disk: a room may import the rooms after it, never those before.
ROOMS = ("commands", "server", "demo", "web", "schema", "procedures", "policies", "models", "vault")

#: Within a room: a package (or a module beside the packages) may import those after it; `*` is every other module.
PACKAGES = {
    "schema": ("*", "reading", "enums", "scalars"),
    "procedures": (
        "installation", "lost", "keys", "archives", "imports", "intake", "recognition", "tables", "request", "submission", "passwords", "own", "evidence",
        "instruction", "retention", "staff", "leaving", "consent", "receipt", "notice", "erasure", "export", "scan", "task", "front_desk", "message", "suppression", "access",
        "checkpoint", "audit", "client_key", "lookup", "difference", "clock", "officers", "deadlines", "fetched", "ledger", "worker", "current", "sending", "private_file", "work",
        "errors",
    ),
    "policies": (
        "prove", "showing", "decide", "*", "testing", "tracing", "judging", "compiler", "statements", "conditions",
        "language", "registry", "moments", "actor", "errors",
    ),
    "models": ("*", "constraints", "ledger", "categories", "declaration", "records", "keys", "database", "values", "event", "base", "vocabulary", "errors"),
}  # fmt: skip

NOT_OURS = {
    ".git",
    ".venv",
    "data",
    "node_modules",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
}
BINARY = {
    ".png",
    ".ico",
    ".woff",
    ".woff2",
    ".ttf",
    ".gz",
    ".br",
    ".wasm",
    ".sqlite3",
    ".pyc",
    ".jpg",
    ".webp",
}


@cache
def texts() -> tuple[Path, ...]:
    """Every text file that belongs to the project."""
    return tuple(
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and path.suffix not in BINARY
        and not NOT_OURS & set(path.relative_to(ROOT).parts)
        and "__pycache__" not in path.parts
        and not path.name.startswith(".coverage")
    )


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the project, its tests included."""
    return tuple(path for path in texts() if path.suffix == ".py")


@cache
def product() -> tuple[Path, ...]:
    """Every Python file of the rooms: what is run, rather than what proves it."""
    return tuple(path for path in modules() if room_of(path) in ROOMS)


def tests() -> tuple[Path, ...]:
    """Every Python file of the tests."""
    return tuple(path for path in modules() if room_of(path) == "tests")


def named(path: Path) -> str:
    """The path as people say it."""
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """The room a file is in; a file at the top is its own room."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def generated(path: Path) -> bool:
    """Whether no person wrote this file line by line."""
    return "migrations" in path.parts or "playground" in path.parts


def module_of(path: Path) -> str:
    """The dotted name of a Python file; that of a package is its directory's."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules_by_name() -> dict[str, Path]:
    """Every Python file of the rooms by its dotted name."""
    return {module_of(path): path for path in product()}


@cache
def package_of(module: str) -> str:
    """The package of a room that a module is in: `procedures.task`; empty for a module beside the packages."""
    parts = module.split(".")
    found = ".".join(parts[:2])
    path = modules_by_name().get(found)
    return found if path is not None and path.name == "__init__.py" and "." in found else ""


@cache
def face(package: str) -> frozenset[str]:
    """What a package shows to others: what its `__init__` imports."""
    shown = [
        face(source) if name == "*" else {name} for _, source, name in imported(modules_by_name()[package])
    ]
    return frozenset[str]().union(*shown)


@cache
def defined(module: str) -> frozenset[str]:
    """The names that a module defines itself, those within its classes and functions included."""
    found = nodes(modules_by_name()[module])
    named = {
        node.name for node in found if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return frozenset(
        named | {node.id for node in found if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    )


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a Python file's syntax tree."""
    return tuple(ast.walk(parsed(path)))


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Each module that a file imports, with the line; imports inside functions count as well."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


@cache
def imported(path: Path) -> tuple[tuple[int, str, str], ...]:
    """Each name that a file imports from a module: the line, the module, the name; not what is for types alone."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[tuple[int, str, str]]:
    for_types = {
        inner
        for node in nodes(path)
        if isinstance(node, ast.If) and dotted(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node not in for_types:
            yield from ((node.lineno, node.module, alias.name) for alias in node.names)


@cache
def target(module: str, name: str) -> str:
    """The module that `from module import name` reads: `module.name` if that is one, else `module`."""
    inner = f"{module}.{name}"
    return inner if inner in modules_by_name() else module


@cache
def origin(module: str, name: str) -> str:
    """What `module.name` is where it is defined, followed through faces: `procedures.consent.transition.ended`."""
    wanted = target(module, name)
    if wanted != module:
        return wanted
    path = modules_by_name().get(module)
    if path is not None and path.name == "__init__.py":
        for _, source, shown in imported(path):
            if shown == name:
                return origin(source, name)
    return f"{module}.{name}"


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Each comment of a Python file, with its line."""
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def dotted(node: ast.expr) -> str:
    """The name an expression spells, such as `os.environ`; empty when it spells none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def documentation() -> str:
    """README and docs/ in one text; empty while there is no README."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())


def snake(camel: str) -> str:
    """`taskOpen` → `task_open`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", camel).lower()
