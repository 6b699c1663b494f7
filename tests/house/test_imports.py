"""Who may know whom."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
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
    "z3": ("policies/prove/",),
}

# Libraries that take long to import, and that a server may never need; functions that do import them.
LATE = {
    "aiosmtplib",
    "asyncpg",
    "email_validator",
    "httpx",
    "iso4217",
    "phonenumbers",
    "pkcs11",
    "pygments",
    "z3",
}


def test_a_start_does_not_import_what_it_does_not_need() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, commands.__main__, server; print(*sys.modules)"],
        cwd=tree.ROOT, capture_output=True, text=True, timeout=120, check=True,
    ).stdout.split()  # fmt: skip
    assert LATE & set(loaded) == set()


def test_the_help_does_not_wait_for_the_records() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, commands.__main__; print(*sys.modules)"],
        cwd=tree.ROOT, capture_output=True, text=True, timeout=120, check=True,
    ).stdout.split()  # fmt: skip
    assert {"models", "policies", "procedures"} & set(loaded) == set()


def test_imports_point_one_way() -> None:
    """commands → server → demo → web → schema → procedures → policies → models → vault.

    A rule that could call a procedure would no longer be a rule, and a record that could ask a policy would
    decide. Whoever reads a room needs to know only the rooms behind it.
    """
    backwards = [
        f"{tree.named(path)}:{line}: {module}"
        for path in tree.product()
        for line, module in tree.imports(path)
        if (room := module.partition(".")[0]) in tree.ROOMS
        and tree.ROOMS.index(room) < tree.ROOMS.index(tree.room_of(path))
    ]
    assert not backwards


def layer(module: str) -> int:
    """Where a module stands in its room's order."""
    room, _, rest = module.partition(".")
    order = tree.PACKAGES[room]
    name = rest.partition(".")[0]
    return order.index(name if name in order else "*")


def crossing(room: str) -> Iterator[tuple[str, str, str]]:
    """Each import from one part of a room to another: where it stands, the importing module, the imported one."""
    for module, path in tree.modules_by_name().items():
        for line, source, name in tree.imported(path):
            wanted = tree.target(source, name)
            if module != room and module.startswith(f"{room}.") and wanted.startswith(f"{room}."):
                yield f"{tree.named(path)}:{line}: {wanted}", module, wanted


@pytest.mark.parametrize("room", tree.PACKAGES)
def test_packages_of_a_room_import_one_way(room: str) -> None:
    """Whoever reads a package needs to know only those behind it in tree.PACKAGES."""
    assert not [place for place, module, wanted in crossing(room) if layer(wanted) < layer(module)]


@pytest.mark.parametrize("room", tree.PACKAGES)
def test_the_order_names_what_is_there(room: str) -> None:
    packages = {
        name.split(".")[1] for name in tree.modules_by_name() if tree.package_of(name).startswith(f"{room}.")
    }
    packages.discard("migrations")
    assert packages <= set(tree.PACKAGES[room])


def test_a_package_is_imported_by_its_face() -> None:
    """What the `__init__` of a package does not import may change without asking anybody."""
    past = [
        f"{tree.named(path)}:{line}: {source}.{name}"
        for module, path in tree.modules_by_name().items()
        for line, source, name in tree.imported(path)
        if (package := tree.package_of(tree.target(source, name)))
        and not tree.generated(path)
        and package != tree.package_of(module)
        and (source != package or name not in tree.face(package))
        and not (source == package.partition(".")[0] and name == package.rpartition(".")[2])
        and not (module == "models" and source in ("models.records", "models.categories"))
    ]
    assert not past


def test_a_name_is_imported_from_where_it_is_defined() -> None:
    """Or by the face of its package; else a module could no longer stop using what it has imported for itself."""
    borrowed = [
        f"{tree.named(path)}:{line}: {source}.{name}"
        for path in tree.modules()
        for line, source, name in tree.imported(path)
        if name
        and (found := tree.modules_by_name().get(source))
        and found.name != "__init__.py"
        and name not in tree.defined(source)
    ]
    assert not borrowed


def test_there_is_no_circle() -> None:
    """Two modules that need each other are one module, or there is a third that both need."""
    graph = {
        module: {tree.target(source, name) for _, source, name in tree.imported(path)}
        & tree.modules_by_name().keys()
        for module, path in tree.modules_by_name().items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_a_package_of_procedures_can_be_read_in_an_hour() -> None:
    lines: Counter[str] = Counter()
    for module, path in tree.modules_by_name().items():
        if module.startswith("procedures."):
            lines[tree.package_of(module)] += len(path.read_text(encoding="utf-8").splitlines())
    assert {package: count for package, count in lines.items() if count > 1_500} == {}


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
        for node in tree.nodes(path)
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
        for node in tree.nodes(path)
        if isinstance(node, ast.keyword) and node.arg == "envvar" and isinstance(node.value, ast.Constant)
    ]
    assert [place for _, place in named if not place.startswith("commands/")] == []
    assert len({name for name, _ in named}) == len(named)


def test_nothing_is_imported_relatively() -> None:
    """A file says where things come from in full, so that moving it breaks nothing silently."""
    relative = [
        f"{tree.named(path)}:{node.lineno}"
        for path in tree.modules()
        for node in tree.nodes(path)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative
