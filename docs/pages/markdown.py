"""The little Markdown that generated pages need."""

import re
from collections.abc import Iterable, Sequence


def head(title: str, maker: str) -> str:
    """The first lines of a page: its title, and that nobody should edit it."""
    return f"<!-- Made by `{maker}`; do not edit. -->\n\n# {title}\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar within a cell stays within it."""
    lines = [columns, ["---"] * len(columns), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


def linked(text: str) -> str:
    """The same text, with each `docs/NAME` that it names as a link from a page in docs/."""
    return re.sub(r"\bdocs/([\w-]+\.\w+)", r"[\1](\1)", text)


def sentence(text: str) -> str:
    """A fragment such as `no such login` as a sentence: a capital first, a full stop last."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".")
