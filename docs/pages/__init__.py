"""The generated files, each with what makes its text: `python -m docs.pages` writes those that differ.

They say what the code says, so they are made from it: settings and commands from the options of the command line, error
codes from the classes and texts that raise them, the schema from its types, the table of readers from the policies.
"""

from collections.abc import Callable
from pathlib import Path

from docs.pages import commands, errors, settings
from policies.offline import complete_models
from policies.policy import Policy
from policies.showing.table import table
from schema.build import build, published

ROOT = Path(__file__).resolve().parents[2]
WRITE = "python -m docs.pages"


def _readers() -> str:
    complete_models()
    return table(Policy.load())


#: The path of each generated file from the top of the project, and the function that gives its text.
GENERATED: dict[str, Callable[[], str]] = {
    "docs/settings.md": settings.page,
    "docs/commands.md": commands.page,
    "docs/errors.md": errors.page,
    "schema/schema.graphql": lambda: published(build()),
    "tests/policies/showing/readers.md": _readers,
}
