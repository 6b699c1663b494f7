"""Whose archive it is: whether its key is the sender's, and who its customer is here, if anybody.

CUSTOMER_KNOWN     somebody here has an e-mail address or personal code of the archive; say who it is with --customer
CUSTOMER_DIFFERS   what is brought in belongs to another customer here; compare by hand, and see --customer
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from models import ContactKind, ContactPoint, Customer, ImportedRow, PersonalCode
from procedures.archives.kinds import rows
from procedures.imports import LONGEST_KEY, Batch, imported
from procedures.leaving import suppression
from procedures.tables import ImportRefused

#: Said in the place of a customer's number: somebody else than those who are known by the same address.
NEW: Final = "new"
#: As what the marks of imported rows know customers.
CUSTOMER: Final = "customer"


def remembered(key: str) -> str:
    """Under which name the rows of a sender are remembered."""
    return f"export of {key}"


async def trusted(key: str, named: str | None, *, first_use: bool) -> bool:
    """Whether an archive's key is the sender's: it was named, or rows came with it before, or it is trusted now.

    Returns:
        Whether nobody has compared it with anything.

    Raises:
        ImportRefused: it is another one, or nobody vouches for it.
    """
    if named is not None:
        if named != key:
            raise ImportRefused(
                "KEY_DIFFERS", "The archive is signed with another key than the one that --key names."
            )
        return False
    if await ImportedRow.exists(source=remembered(key)):
        return False
    if not first_use:
        raise ImportRefused(
            "KEY_UNKNOWN",
            "Nobody vouches for the key that the archive is signed with. Name the sender's with --key, as a witness of "
            "theirs has it; or take the archive's own with --trust-first-use.",
        )
    return True


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose archive it is: the key there, and who that is here, if that was said."""

    key: str
    said: UUID | None

    async def found(self, batch: Batch) -> tuple[Customer | None, bool]:
        """The customer here, locked, and whether that is remembered."""
        mark = (await imported(batch.source, CUSTOMER, [self.key])).get(self.key)
        id = mark.record_id if mark else self.said
        # "No key": rows that merely point at the customer may come and go meanwhile.
        locked = Customer.filter(id=id).select_for_update(no_key=True)
        return (await locked.first() if id else None), mark is not None


async def whose(data: Mapping[str, Any], number: str | None, source: str) -> Whose:
    """Whose archive it is.

    Args:
        data: what it says, by kind.
        number: of the customer here whose it is; `new` if it is nobody's who is here.
        source: under which name its rows are remembered.

    Raises:
        ImportRefused: it does not say whose it is, that person is not to be taken in, or may be one who is here.
    """
    anchor = data.get(CUSTOMER)
    key = anchor.get("id") if isinstance(anchor, dict) else None
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise ImportRefused("KEY_MISSING", "The archive does not say whose it is.")
    points = list(_points(data))
    for point in points:
        if await suppression.suppressed(point):
            raise ImportRefused(
                "CUSTOMER_SUPPRESSED",
                "Somebody with an address of this archive has left and wishes not to be taken in again.",
            )
    said = await _said(number)
    mark = (await imported(source, CUSTOMER, [key])).get(key)
    if mark and said not in (None, mark.record_id):
        raise ImportRefused(
            "CUSTOMER_DIFFERS", "This archive's customer is another one here: see --customer."
        )
    if mark is None and number is None and (known := await _known(data, points)):
        raise ImportRefused(
            "CUSTOMER_KNOWN",
            f"Somebody with an e-mail address or a personal code of this archive is here: {', '.join(known)}. Say "
            f"--customer NUMBER if it is the same person, or --customer {NEW} if not.",
        )
    return Whose(key, said)


async def _said(number: str | None) -> UUID | None:
    if number in (None, NEW):
        return None
    customer = await Customer.get_or_none(number=number)
    if customer is None:
        raise ImportRefused("CUSTOMER_UNKNOWN", "There is no customer of this number here: see --customer.")
    return customer.id


def _points(data: Mapping[str, Any]) -> Iterator[suppression.Address]:
    for kind, value in _pairs(data, "contactPoints", "kind", "value"):
        if kind in ContactKind.__members__:
            yield ContactKind(kind), value


async def _known(data: Mapping[str, Any], points: Sequence[suppression.Address]) -> list[str]:
    """The numbers of customers here who have an e-mail address or a personal code that the archive holds."""
    emails = [value for kind, value in points if kind is ContactKind.EMAIL]
    codes = [code for _, code in _pairs(data, "personalCodes", "country", "code")]
    found: set[UUID] = set()
    for model, name, values in ((ContactPoint, "value_index", emails), (PersonalCode, "code_index", codes)):
        field: Any = model._meta.fields_map[name]
        wanted = [each for value in values for each in field.wanted(value)]
        found |= {row.customer_id for row in await model.filter(**{f"{name}__in": wanted})}
    return sorted([customer.number for customer in await Customer.filter(id__in=list(found))])


def _pairs(data: Mapping[str, Any], kind: str, first: str, second: str) -> Iterator[tuple[str, str]]:
    for row in rows(data.get(kind)):
        one, other = (row.get(first), row.get(second)) if isinstance(row, dict) else (None, None)
        if isinstance(one, str) and isinstance(other, str):
            yield one, other
