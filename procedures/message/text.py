"""The texts of messages: one for each template and language, with the subject in its first line.

    procedures/message/texts/<language>/<template>.txt

`${name}` is a placeholder; details that do not match the placeholders of a text are an error.
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


def rendered(template: Template, language: str, details: Mapping[str, str]) -> tuple[str, str]:
    """The subject and the text of a message.

    Args:
        template: which text.
        language: in which language, `lt` or with a region `lt-LT`; English where there are no texts in it.
        details: exactly the values of its placeholders.

    Raises:
        KeyError: a detail is missing, or one is too many.
    """
    subject, text = _parts(template, language.partition("-")[0].lower())
    placeholders = {*subject.get_identifiers(), *text.get_identifiers()}
    if placeholders != details.keys():
        raise KeyError(template.value)
    return subject.substitute(details), text.substitute(details)


@cache
def _parts(template: Template, language: str) -> tuple[Text, Text]:
    # What comes from outside is compared with the names there are, and never becomes a path.
    available = language if language in languages() else DEFAULT
    subject, _, text = (HERE / available / f"{template.value}.txt").read_text("utf-8").partition("\n\n")
    return Text(subject.strip()), Text(text.strip() + "\n")
