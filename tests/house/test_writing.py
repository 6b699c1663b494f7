"""How the house is written."""

import ast
import re
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("path", tree.modules(), ids=tree.named)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    """Beyond 350 lines a file has more than one subject. Generated files are nobody's reading."""
    if not tree.generated(path):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 350


@pytest.mark.parametrize("path", tree.modules(), ids=tree.named)
def test_an_exception_from_the_checks_has_its_reason_on_the_line(path: Path) -> None:
    """`type: ignore` and `noqa` switch a proof off; the next reader must know why that was right."""
    silent = [
        f"line {line}: {comment}"
        for line, comment in tree.comments(path)
        if BARE.search(comment)
        or ((found := EXCEPTION.search(comment)) and not re.search(r"\w{2}", found["reason"]))
    ]
    assert not silent


@pytest.mark.parametrize("path", tree.product(), ids=tree.named)
def test_what_is_public_says_what_it_is_for(path: Path) -> None:
    """A docstring gives the why; the name alone does not."""
    if tree.generated(path):
        return
    body = tree.parsed(path).body
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    named = [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]
    assert not [node.name for node in named if not ast.get_docstring(node)]
    assert not body or ast.get_docstring(tree.parsed(path))


@pytest.mark.parametrize("path", tree.modules(), ids=tree.named)
def test_no_error_is_swallowed(path: Path) -> None:
    """`except …: pass` turns a broken promise into silence; handle it, or let it be seen."""
    empty = [
        node.lineno
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ExceptHandler) and all(_says_nothing(line) for line in node.body)
    ]
    assert not empty


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
    )


@pytest.mark.parametrize(
    "path", [path for path in tree.tests() if path.name.startswith("test_")], ids=tree.named
)
def test_no_test_sleeps(path: Path) -> None:
    """A sleep is either too short on a slow machine or wasted on a fast one; wait for the event itself.

    `sleep(0)` gives way to other tasks and is lawful; so is asking a foreign process again until it is so
    (`while not …: sleep`), for it gives no event.
    """
    everything = list(ast.walk(tree.parsed(path)))
    asking = [
        node for node in everything if isinstance(node, ast.While) and not isinstance(node.test, ast.Constant)
    ]
    lawful = {inner for node in asking for inner in ast.walk(node)}
    sleeps = [
        node.lineno
        for node in everything
        if isinstance(node, ast.Call)
        and node not in lawful
        and tree.dotted(node.func) in {"time.sleep", "asyncio.sleep", "anyio.sleep", "sleep"}
        and not (len(node.args) == 1 and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0)
    ]
    assert not sleeps


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
