"""Who is responsible for the data, as every notice and receipt names them.

It is a TOML file; `controller.example.toml` beside this one says what stands in it. Codes of `ControllerError`:

    CONTROLLER_MISSING     the file that says who is responsible is not there: --controller
    CONTROLLER_INVALID     that file lacks something, or holds something that cannot be used; which, the text says
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.errors import ProcedureError
from models.values import storable
from procedures.current import addresses
from procedures.errors import Conflict

EXAMPLE = Path(__file__).with_name("controller.example.toml")

_COUNTRY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_DURATION = re.compile(r"P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class ControllerError(ProcedureError):
    """The file that says who is responsible is missing or cannot be used."""


@dataclass(frozen=True)
class Authority:
    """With whom a customer can lodge a complaint."""

    name: str
    address: str
    contact: str


@dataclass(frozen=True)
class Controller:
    """The company that is responsible; locations are ISO 3166 codes, `retention` is an ISO 8601 duration."""

    id: str
    name: str
    address: str
    contact: str
    jurisdiction: str
    storage_locations: tuple[str, ...]
    processing_locations: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str
    rights: str
    authority: Authority


class AuthorityUnknown(Conflict):
    """A refusal tells the customer with whom to complain, and the authority is not configured."""

    code = "CONTROLLER_MISSING"
    message = "A refusal tells with whom to complain, and nothing here says so. Ask the operator to name the controller."


def authority() -> str:
    """With whom a customer can lodge a complaint, as a line; raises AuthorityUnknown: nothing says so."""
    responsible = current()
    if responsible is None:
        raise AuthorityUnknown
    named = responsible.authority
    return f"{named.name}, {named.address}, {named.contact}"


def load(path: Path) -> Controller:
    """The controller that a file describes.

    Raises:
        ControllerError: there is no such file, or it cannot be used; names every key at fault and no value.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise ControllerError(
            "CONTROLLER_MISSING",
            f"Nothing says who is responsible: there is no {path}. Copy {EXAMPLE.name} from procedures/ and fill it in, "
            "or name your file before the command, with --controller (SAVAS_CONTROLLER).",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ControllerError(
            "CONTROLLER_INVALID", f"{path} is not TOML. Compare it with {EXAMPLE.name}."
        ) from None
    wrong = sorted({*_faults(values, KEYS), *_faults(values.get("authority"), AUTHORITY, "authority.")})
    if wrong:
        raise ControllerError(
            "CONTROLLER_INVALID", f"{path}: {'; '.join(wrong)}. {EXAMPLE.name} says what is wanted."
        )
    lists = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    return Controller(**{**values, **lists, "authority": Authority(**values["authority"])})


def current() -> Controller | None:
    """The controller of this installation; None while there is no file of it. The file is read once.

    Raises:
        ControllerError: the file cannot be used.
    """
    path = addresses().controller
    return None if path is None or not path.is_file() else _loaded(path)


_loaded = cache(load)


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= 300 and storable(value)


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _several(kind: Callable[[Any], bool], least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) >= least and all(map(kind, value))


KEYS: dict[str, Callable[[Any], bool]] = {
    "id": _matching(_ADDRESS),
    "name": _text,
    "address": _text,
    "contact": _text,
    "jurisdiction": _matching(_COUNTRY),
    "storage_locations": _several(_matching(_COUNTRY), 1),
    "processing_locations": _several(_matching(_COUNTRY), 1),
    "recipients": _several(_text, 0),
    "retention": _matching(_DURATION),
    "rights": _matching(_ADDRESS),
    "authority": lambda value: isinstance(value, dict),
}
AUTHORITY: dict[str, Callable[[Any], bool]] = {"name": _text, "address": _text, "contact": _text}


def _faults(values: Any, kinds: dict[str, Callable[[Any], bool]], before: str = "") -> list[str]:
    if not isinstance(values, dict):
        return []
    lacking = [f"{before}{key} is missing" for key in kinds.keys() - values.keys()]
    unfit = [
        f"{before}{key} cannot be used"
        for key, fits in kinds.items()
        if key in values and not fits(values[key])
    ]
    return [*lacking, *unfit, *(f"{before}{key} is unknown" for key in values.keys() - kinds.keys())]
