"""Who may know whom."""

import ast
from pathlib import Path
from typing import TypeGuard

import pytest

from tests.house import tree

# A library that can do harm, or that we may have to replace, is known in one place only.
DOORKEEPERS = {
    "oso": ("policies/",),
    "polar": ("policies/",),
    "cryptography": ("vault/",),
    "pkcs11": ("vault/",),
    "strawberry": ("schema/", "web/graphql.py"),
    "argon2": ("procedures/access/password.py",),
    "typer": ("commands/",),
    "rich": ("commands/",),
}


@pytest.mark.parametrize("path", tree.product(), ids=tree.named)
def test_imports_point_one_way(path: Path) -> None:
    """commands → server → web → schema → procedures → policies → models → vault.

    A rule that could call a procedure would no longer be a rule, and a record that could ask a policy would
    decide. Whoever reads a room needs to know only the rooms behind it.
    """
    here = tree.ROOMS.index(tree.room_of(path))
    backwards = [
        f"line {line}: {module}"
        for line, module in tree.imports(path)
        if (room := module.partition(".")[0]) in tree.ROOMS and tree.ROOMS.index(room) < here
    ]
    assert not backwards


@pytest.mark.parametrize("library", DOORKEEPERS)
def test_a_library_is_known_in_its_room_only(library: str) -> None:
    """oso is deprecated and cryptography is dangerous: each can be judged, and replaced, in one place."""
    elsewhere = [
        f"{tree.named(path)}:{line}"
        for path in tree.product()
        for line, module in tree.imports(path)
        if module.partition(".")[0] == library and not tree.named(path).startswith(DOORKEEPERS[library])
    ]
    assert not elsewhere


def test_the_environment_is_read_in_one_place() -> None:
    """What the environment may change is the table of settings in server.py; elsewhere it would be a back door.

    Lawful exception: `envvar=` of the options in commands/options.py, which the help shows.
    """
    readers = [
        f"{tree.named(path)}:{node.lineno}"
        for path in tree.product()
        if tree.named(path) != "server.py"
        for node in ast.walk(tree.parsed(path))
        if _reads_environment(node)
    ]
    assert not readers


def _reads_environment(node: ast.AST) -> TypeGuard[ast.ImportFrom | ast.Attribute]:
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and bool({"environ", "getenv"} & {alias.name for alias in node.names})
    return isinstance(node, ast.Attribute) and tree.dotted(node) in {"os.environ", "os.getenv", "os.environb"}


def test_a_setting_is_an_option_of_a_command() -> None:
    """Where the environment gives a value, the help must say so; and no two options may read the same variable."""
    named = [
        (node.value.value, tree.named(path))
        for path in tree.product()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.keyword) and node.arg == "envvar" and isinstance(node.value, ast.Constant)
    ]
    assert [place for _, place in named if not place.startswith("commands/")] == []
    assert len({name for name, _ in named}) == len(named)


def test_nothing_is_imported_relatively() -> None:
    """A file says where things come from in full, so that moving it breaks nothing silently."""
    relative = [
        f"{tree.named(path)}:{node.lineno}"
        for path in tree.modules()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative
