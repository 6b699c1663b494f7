"""What messages say: one text for each template and language, with the subject in its first line.

    procedures/message/texts/<language>/<template>.txt

`${name}` stands for a detail; a text that asks for another detail than it is given is an error, and never a gap.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template as Text
from typing import Final

from models import Template

HERE: Final = Path(__file__).parent / "texts"
DEFAULT: Final = "en"


def languages() -> list[str]:
    """The languages that there are texts in."""
    return sorted(path.name for path in HERE.iterdir() if path.is_dir())


def written(template: Template, language: str, details: Mapping[str, str]) -> tuple[str, str]:
    """The subject and the text of a message.

    Args:
        template: what is to be said.
        language: in which language, `lt` or with a region `lt-LT`; English where there are no texts in it.
        details: exactly what the text asks for.

    Raises:
        KeyError: a detail is missing, or one is too many.
    """
    subject, text = _parts(template, language.partition("-")[0].lower())
    asked = {*subject.get_identifiers(), *text.get_identifiers()}
    if asked != details.keys():
        raise KeyError(template.value)
    return subject.substitute(details), text.substitute(details)


@cache
def _parts(template: Template, language: str) -> tuple[Text, Text]:
    # What comes from outside is compared with the names there are, and never becomes a path.
    known = language if language in languages() else DEFAULT
    subject, _, text = (HERE / known / f"{template.value}.txt").read_text("utf-8").partition("\n\n")
    return Text(subject.strip()), Text(text.strip() + "\n")
