"""How the code is written."""

import ast
import re

from tests.house import tree

EXCEPTION = re.compile(
    r"#\s*(?:type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)(?P<reason>.*)"
)
BARE = re.compile(r"#\s*(?:type:\s*ignore(?!\[)|noqa(?!:))")

# In two halves, so that this file does not contain what it looks for.
REGISTRIES = tuple(
    "".join(halves)
    for halves in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("registry.yarn", "pkg.com"),
        ("deb.deb", "ian.org"),
        ("crates", ".io"),
        ("proxy.go", "lang.org"),
        ("opt/py", "pi"),
    )
)
MACHINE = re.compile(
    "|".join(("/wo" + "rk/", "/ro" + "ot/", r"/ho" + r"me/\w", r"[A-Z]:\\Users", r"\.pye" + "nv"))
)


def test_a_file_can_be_read_in_one_sitting() -> None:
    """Beyond 350 lines a file has more than one subject. Generated files are nobody's reading."""
    written = [path for path in tree.modules() if not tree.generated(path)]
    lengths = {tree.named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in written}
    assert {name: length for name, length in lengths.items() if length > 350} == {}


def test_an_exception_from_the_checks_has_its_reason_on_the_line() -> None:
    """`type: ignore` and `noqa` switch a proof off; the next reader must know why that was right."""
    silent = [
        f"{tree.named(path)}:{line}: {comment}"
        for path in tree.modules()
        if any(word in path.read_text(encoding="utf-8") for word in ("noqa", "type:"))
        for line, comment in tree.comments(path)
        if BARE.search(comment)
        or ((found := EXCEPTION.search(comment)) and not re.search(r"\w{2}", found["reason"]))
    ]
    assert not silent


def test_what_is_public_says_what_it_is_for() -> None:
    """A docstring gives the why; the name alone does not."""
    silent = [
        f"{tree.named(path)}: {getattr(node, 'name', 'the module')}"
        for path in tree.product()
        if not tree.generated(path)
        for node in _public(tree.parsed(path))
        if not ast.get_docstring(node)
    ]
    assert not silent


def _public(module: ast.Module) -> list[ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """A module that is not empty, and whatever in it has a public name."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    named = [node for node in module.body if isinstance(node, kinds) and not node.name.startswith("_")]
    return [*([module] if module.body else []), *named]


def test_no_error_is_swallowed() -> None:
    """`except …: pass` turns a broken promise into silence; handle it, or let it be seen."""
    empty = [
        f"{tree.named(path)}:{node.lineno}"
        for path in tree.modules()
        for node in tree.nodes(path)
        if isinstance(node, ast.ExceptHandler) and all(_says_nothing(line) for line in node.body)
    ]
    assert not empty


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
    )


def test_no_test_sleeps() -> None:
    """A sleep is either too short on a slow machine or wasted on a fast one; wait for the event itself.

    `sleep(0)` gives way to other tasks and is lawful; so is asking a foreign process again until it is so
    (`while not …: sleep`), for it gives no event.
    """
    files = [path for path in tree.tests() if path.name.startswith("test_")]
    assert not [f"{tree.named(path)}:{line}" for path in files for line in _sleeps(tree.parsed(path))]


def _sleeps(module: ast.Module) -> list[int]:
    everything = list(ast.walk(module))
    asking = [
        node for node in everything if isinstance(node, ast.While) and not isinstance(node.test, ast.Constant)
    ]
    lawful = {inner for node in asking for inner in ast.walk(node)}
    return [
        node.lineno
        for node in everything
        if isinstance(node, ast.Call)
        and node not in lawful
        and tree.dotted(node.func) in {"time.sleep", "asyncio.sleep", "anyio.sleep", "sleep"}
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]


def test_no_file_names_a_registry() -> None:
    """Where packages come from is the installer's choice: a mirror must need no edit, and a lock no trust."""
    named = [
        f"{tree.named(path)}: {host}"
        for path in tree.texts()
        for host in REGISTRIES
        if host in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert not named


def test_documentation_speaks_of_no_particular_machine() -> None:
    """A path that exists on one machine helps nobody on another."""
    pages = [path for path in tree.texts() if path.suffix in {".md", ".toml", ".polar", ".graphql"}]
    found = [
        f"{tree.named(path)}:{number}"
        for path in pages
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert not found
