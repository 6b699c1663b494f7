"""Whether an archive's key is the sender's, and which customer here is the person it is about, if any.

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

#: In the place of a customer's number: the person is none of the customers who have the same address.
NEW: Final = "new"
#: The entity of customers in the marks of imported rows.
CUSTOMER: Final = "customer"


def source_of(key: str) -> str:
    """The source under which the rows of the sender with this key are remembered."""
    return f"export of {key}"


async def trusted(key: str, named: str | None, *, first_use: bool) -> bool:
    """Refuse an archive whose key is not the sender's: the named one, one of an earlier import, or trusted now.

    Returns:
        Whether the key is trusted without having been compared with anything.

    Raises:
        ImportRefused: the sender was named with another key, or the key is unknown.
    """
    if named is not None:
        if named != key:
            raise ImportRefused(
                "KEY_DIFFERS", "The archive is signed with another key than the one that --key names."
            )
        return False
    if await ImportedRow.exists(source=source_of(key)):
        return False
    if not first_use:
        raise ImportRefused(
            "KEY_UNKNOWN",
            "Nobody vouches for the key that the archive is signed with. Name the sender's with --key, as a witness of "
            "theirs has it; or take the archive's own with --trust-first-use.",
        )
    return True


@dataclass(frozen=True, slots=True)
class Person:
    """The person an archive is about: the sender's key of the customer, and the customer here, if one was named."""

    key: str
    customer_id: UUID | None

    async def customer(self, batch: Batch) -> tuple[Customer | None, bool]:
        """The customer here, locked, if there is one, and whether an earlier import has noted that."""
        mark = (await imported(batch.source, CUSTOMER, [self.key])).get(self.key)
        id = mark.record_id if mark else self.customer_id
        # "No key": rows that merely point at the customer may come and go meanwhile.
        locked = Customer.filter(id=id).select_for_update(no_key=True)
        return (await locked.first() if id else None), mark is not None


async def person_of(data: Mapping[str, Any], number: str | None, source: str) -> Person:
    """The person an archive is about.

    Args:
        data: what the archive holds, by kind.
        number: of the customer here who it is; `new` for somebody who is not here.
        source: under which its rows are remembered.

    Raises:
        ImportRefused: the archive names no customer, one who is not to be taken in again, or one who may be here.
    """
    anchor = data.get(CUSTOMER)
    key = anchor.get("id") if isinstance(anchor, dict) else None
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise ImportRefused("KEY_MISSING", "The archive does not say whose it is.")
    addresses = list(_addresses(data))
    for address in addresses:
        if await suppression.suppressed(address):
            raise ImportRefused(
                "CUSTOMER_SUPPRESSED",
                "Somebody with an address of this archive has left and wishes not to be taken in again.",
            )
    customer_id = await _customer_id(number)
    mark = (await imported(source, CUSTOMER, [key])).get(key)
    if mark and customer_id not in (None, mark.record_id):
        raise ImportRefused(
            "CUSTOMER_DIFFERS", "This archive's customer is another one here: see --customer."
        )
    if mark is None and number is None and (numbers := await _customer_numbers(data, addresses)):
        raise ImportRefused(
            "CUSTOMER_KNOWN",
            f"Somebody with an e-mail address or a personal code of this archive is here: {', '.join(numbers)}. Say "
            f"--customer NUMBER if it is the same person, or --customer {NEW} if not.",
        )
    return Person(key, customer_id)


async def _customer_id(number: str | None) -> UUID | None:
    if number in (None, NEW):
        return None
    customer = await Customer.get_or_none(number=number)
    if customer is None:
        raise ImportRefused("CUSTOMER_UNKNOWN", "There is no customer of this number here: see --customer.")
    return customer.id


def _addresses(data: Mapping[str, Any]) -> Iterator[suppression.Address]:
    for kind, value in _pairs(data, "contactPoints", "kind", "value"):
        if kind in ContactKind.__members__:
            yield ContactKind(kind), value


async def _customer_numbers(data: Mapping[str, Any], addresses: Sequence[suppression.Address]) -> list[str]:
    """The numbers of customers here who have an e-mail address or a personal code that the archive holds."""
    emails = [value for kind, value in addresses if kind is ContactKind.EMAIL]
    codes = [code for _, code in _pairs(data, "personalCodes", "country", "code")]
    ids: set[UUID] = set()
    for model, name, values in ((ContactPoint, "value_index", emails), (PersonalCode, "code_index", codes)):
        field: Any = model._meta.fields_map[name]
        hashes = [each for value in values for each in field.lookup_indexes(value)]
        ids |= {row.customer_id for row in await model.filter(**{f"{name}__in": hashes})}
    return sorted([customer.number for customer in await Customer.filter(id__in=list(ids))])


def _pairs(data: Mapping[str, Any], kind: str, first: str, second: str) -> Iterator[tuple[str, str]]:
    for row in rows(data.get(kind)):
        pair = (row.get(first), row.get(second)) if isinstance(row, dict) else (None, None)
        if isinstance(pair[0], str) and isinstance(pair[1], str):
            yield pair[0], pair[1]
