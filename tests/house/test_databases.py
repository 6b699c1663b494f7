"""What the short run tries on PostgreSQL."""

import ast
import re

from tests.house import tree

MARK = "pytest.mark.every_database"


def marked(package: str) -> bool:
    """Whether a package of procedures has a test that the short run takes on both kinds of database."""
    return any(
        isinstance(node, ast.Attribute) and tree.dotted(node) == MARK
        for path in (tree.ROOT / "tests" / "procedures" / package).glob("test_*.py")
        for node in tree.nodes(path)
    )


def test_the_short_run_takes_each_package_of_procedures_to_postgresql() -> None:
    """Most tests run on SQLite alone; where nothing of a package did otherwise, only the long run would know."""
    packages = {path.parent.name for path in (tree.ROOT / "procedures").glob("*/__init__.py")}
    ask = re.compile(r"\b(database|database_url|office)\b")
    asking = {
        name
        for name in packages
        for path in (tree.ROOT / "tests" / "procedures" / name).glob("test_*.py")
        if ask.search(path.read_text(encoding="utf-8"))
    }
    assert asking > {"consent", "task"}
    assert sorted(name for name in asking if not marked(name)) == []
