"""What a person is found by: e-mail addresses, telephone and fax numbers, personal codes, in any spelling."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from models import ContactKind, ContactPoint, Personal, PersonalCode
from vault import vault
from vault.seal import Sealed

#: A kind (`EMAIL`, `PHONE`, `FAX`, or `PERSONAL_CODE` and a country's letters) and a value.
Trait = tuple[str, str]


@dataclass(frozen=True)
class Digest:
    """What is kept of a trait of somebody who left.

    Attributes:
        bucket: in which it lies.
        digest: 32 bytes, as `procedures.suppression.suppression.digests` makes them.
        imports_only: only imports ask it; otherwise nobody may use the trait.
    """

    bucket: int
    digest: bytes
    imports_only: bool


#: The categories by whose rows people are found.
CATEGORIES: Final = (ContactPoint.category, PersonalCode.category)
_CODE: Final = "PERSONAL_CODE"
_NUMBERS: Final = (ContactKind.PHONE, ContactKind.FAX)


def of_row(row: Personal, content: Any = None) -> list[Trait]:
    """What a row's customer is found by; nothing where the row is of another category, or sealed.

    Args:
        row: of any category.
        content: of the row, where it was opened apart from it.
    """
    plain = content or getattr(row, "content", None)
    if row.category not in CATEGORIES or plain is None or isinstance(plain, Sealed):
        return []
    return of_values(row.category, row.values(plain))


def of_values(category: str, values: Mapping[str, Any]) -> list[Trait]:
    """The same of the values of a row, by their names."""
    if category == ContactPoint.category:
        return [(str(values["kind"]), str(values["value"]))]
    if category == PersonalCode.category:
        return [(f"{_CODE} {_normal(PersonalCode, 'code', values['country'])}", str(values["code"]))]
    return []


def is_code(trait: Trait) -> bool:
    """Whether it is a personal code."""
    return trait[0].startswith(_CODE)


def normal(trait: Trait) -> str:
    """The value in the one spelling that all its spellings share."""
    model, part = (PersonalCode, "code") if is_code(trait) else (ContactPoint, "value")
    return _normal(model, part, trait[1])


def lookup_indexes(trait: Trait) -> tuple[bytes, bytes]:
    """The blind indexes by which rows with this value are found."""
    field: Any = _index(PersonalCode, "code") if is_code(trait) else _index(ContactPoint, "value")
    found: tuple[bytes, bytes] = field.lookup_indexes(trait[1])
    return found


def keyed(trait: Trait, kind: str | None = None) -> bytes:
    """A keyed hash of 32 bytes, the same for each spelling; telephone and fax numbers are alike, unless a kind is given."""
    shared = ContactKind.PHONE if trait[0] in _NUMBERS else trait[0]
    return bytes.fromhex(vault.current().keyed_hash(f"suppression|{kind or shared}|{normal(trait)}"))


def _normal(model: Any, part: str, value: str) -> str:
    text: str = _index(model, part).normalise(value)
    return text


def _index(model: Any, part: str) -> Any:
    return model._meta.fields_map[f"{part}_index"]
