"""What a person is found by: e-mail addresses, telephone and fax numbers, personal codes, in any spelling.

What a customer is found by no more, because it was erased, removed or changed, leaves a keyed hash, so that an import
still recognises whom it is about. Anybody may enter an address: what its customer never proved is another's who proved
it, or who had it before, and what that customer wishes of it does not concern the other.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import (
    PERSONAL,
    Category,
    ContactKind,
    ContactPoint,
    FormerAddress,
    Identity,
    Personal,
    PersonalCode,
    opened,
)
from vault import vault
from vault.errors import SealBroken
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


async def remember(rows: Iterable[Personal]) -> None:
    """Keep what rows were found by, before they go, in the transaction under way.

    A row that does not open leaves nothing.
    """
    kept = {
        (row.customer_id, keyed(trait)): await is_anothers(row, trait) for row, trait in await _traits(rows)
    }
    if kept:
        known = await FormerAddress.filter(customer_id__in=list({id for id, _ in kept}))
        fresh = kept.keys() - {(each.customer_id, bytes(each.digest)) for each in known}
        await FormerAddress.bulk_create(
            [FormerAddress(customer_id=each[0], digest=each[1], imports_only=kept[each]) for each in fresh]
        )


async def remember_category(customer_id: UUID, category: Category) -> None:
    """The same of all rows of a category of a customer."""
    if category in CATEGORIES:
        await remember(await PERSONAL[category].filter(customer_id=customer_id))


async def forget(customer_id: UUID, traits: Collection[Trait]) -> None:
    """Drop what a customer is found by again, because the customer has said so, in the transaction under way."""
    if traits:
        digests = [keyed(trait) for trait in traits]
        await FormerAddress.filter(customer_id=customer_id, digest__in=digests).delete()


async def proved(rows: Iterable[Personal]) -> None:
    """Note that customers have proved what some rows hold, in the transaction under way: who gave it up has it no more."""
    for row, trait in await _traits(rows):
        others = FormerAddress.filter(digest=keyed(trait)).exclude(customer_id=row.customer_id)
        await others.update(imports_only=True)


async def formerly(traits: Collection[Trait]) -> list[tuple[Trait, UUID, bool]]:
    """The customers who were found by some traits, and are not any more, and whether it was rather another's."""
    by_digest: dict[bytes, list[Trait]] = {}
    for trait in traits:
        by_digest.setdefault(keyed(trait), []).append(trait)
    rows = await FormerAddress.filter(digest__in=list(by_digest))
    return [
        (trait, row.customer_id, row.imports_only) for row in rows for trait in by_digest[bytes(row.digest)]
    ]


async def _traits(rows: Iterable[Personal]) -> list[tuple[Personal, Trait]]:
    found: list[tuple[Personal, Trait]] = []
    for row in rows:
        with suppress(SealBroken):
            found += [(row, trait) for trait in of_row(row, await opened(row))]
    return found


async def is_anothers(row: Personal, trait: Trait) -> bool:
    """Whether a trait of a row is rather another customer's than that of the row's.

    Args:
        row: with its provenance.
        trait: what its customer is found by.
    """
    if await _proved(row, trait):
        return False
    return any([await _proved(each, trait) or _earlier(each, row) for each in await _shared(row, trait)])


async def _proved(row: Any, trait: Trait) -> bool:
    """Whether a customer has proved to have a trait: an address by a code, a personal code by documents."""
    if is_code(trait):
        return bool(await Identity.exists(customer_id=row.customer_id, verified_at__isnull=False))
    verified: datetime | None = row.verified_at
    return verified is not None


def _earlier(one: Any, other: Any) -> bool:
    return bool(one.collected_at < other.collected_at)


async def _shared(row: Personal, trait: Trait) -> list[Any]:
    """The rows of other customers that hold a trait, too."""
    indexes = list(lookup_indexes(trait))
    if not is_code(trait):
        return await ContactPoint.filter(value_index__in=indexes).exclude(customer_id=row.customer_id)
    codes = await PersonalCode.filter(code_index__in=indexes).exclude(customer_id=row.customer_id)
    return [each for each in codes if await _holds(each, trait)]


async def _holds(code: PersonalCode, trait: Trait) -> bool:
    """Whether a code is of the same country; one that does not open is held to be."""
    try:
        (found,) = of_row(code, await opened(code))
    except SealBroken:
        return True
    return (found[0], normal(found)) == (trait[0], normal(trait))


def _normal(model: Any, part: str, value: str) -> str:
    text: str = _index(model, part).normalise(value)
    return text


def _index(model: Any, part: str) -> Any:
    return model._meta.fields_map[f"{part}_index"]
