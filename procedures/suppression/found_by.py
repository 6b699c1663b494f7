"""What a person is found by: e-mail addresses, telephone and fax numbers, personal codes, in any spelling.

What a customer is found by no more, because it was erased, removed or changed, leaves a keyed hash, so that an import
still recognises whom it is about.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from models import (
    PERSONAL,
    Category,
    ContactKind,
    ContactPoint,
    FormerAddress,
    Personal,
    PersonalCode,
    opened,
)
from vault import vault
from vault.errors import SealBroken
from vault.seal import Sealed

#: A kind (`EMAIL`, `PHONE`, `FAX`, or `PERSONAL_CODE` and a country's letters) and a value.
Trait = tuple[str, str]
#: Bucket and slow digest of a trait, of somebody who left.
Digest = tuple[int, bytes]

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
    """Keep what the rows of one customer were found by, before they go, in the transaction under way.

    A row that does not open leaves nothing.
    """
    digests: dict[bytes, UUID] = {}
    for row in rows:
        with suppress(SealBroken):
            digests |= {keyed(trait): row.customer_id for trait in of_row(row, await opened(row))}
    if digests:
        customers = set(digests.values())
        known = {bytes(each.digest) for each in await FormerAddress.filter(customer_id__in=list(customers))}
        await FormerAddress.bulk_create(
            [FormerAddress(customer_id=digests[each], digest=each) for each in digests.keys() - known]
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


async def formerly(traits: Collection[Trait]) -> dict[Trait, set[UUID]]:
    """By trait, the customers who were found by it, and are not any more."""
    digests = {trait: keyed(trait) for trait in traits}
    rows = await FormerAddress.filter(digest__in=list(set(digests.values()))).values("digest", "customer_id")
    found: dict[bytes, set[UUID]] = {}
    for row in rows:
        found.setdefault(bytes(row["digest"]), set()).add(row["customer_id"])
    return {trait: found[digest] for trait, digest in digests.items() if digest in found}


def _normal(model: Any, part: str, value: str) -> str:
    text: str = _index(model, part).normalise(value)
    return text


def _index(model: Any, part: str) -> Any:
    return model._meta.fields_map[f"{part}_index"]
