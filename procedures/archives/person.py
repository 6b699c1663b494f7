"""Whether an archive's key is the sender's, and which customer here is the person it is about, if any.

CUSTOMER_KNOWN     somebody here has, or had, an address or personal code of the archive; say who it is with --customer
CUSTOMER_WITHDRAWN   the person of the archive has left here; an import brings nobody back
CUSTOMER_DIFFERS   what is brought in belongs to another customer here; compare by hand, and see --customer
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from models import Category, ContactKind, Customer, ImportedRow
from procedures.archives.kinds import rows
from procedures.imports import LONGEST_KEY, Batch, imported
from procedures.recognition import People
from procedures.suppression import Trait, departed, of_values
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
    """The person an archive is about.

    Attributes:
        key: the sender's, of the customer.
        customer_id: the customer here, if one was named.
        people: the customers here who have, or had, an address or personal code of the archive.
    """

    key: str
    customer_id: UUID | None
    people: People

    def others(self, customer_id: UUID) -> frozenset[UUID]:
        """The customers here who share an address with the person, who is this one."""
        return frozenset(self.people.ids - {customer_id})

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
    people = await People.found_by(list(_traits(data)))
    if any(people.left.values()):
        raise ImportRefused(
            "CUSTOMER_SUPPRESSED",
            "Somebody with an address of this archive has left and wishes not to be taken in again.",
        )
    customer_id = await _customer_id(number)
    mark = (await imported(source, CUSTOMER, [key])).get(key)
    known = mark.record_id if mark else customer_id
    if await departed.keys(source, [key]) or any(
        known not in people.having.get(each, ()) for each in people.left
    ):
        raise ImportRefused(
            "CUSTOMER_WITHDRAWN", "Whoever this archive is about has left; no import brings them back."
        )
    if mark and customer_id not in (None, mark.record_id):
        raise ImportRefused(
            "CUSTOMER_DIFFERS", "This archive's customer is another one here: see --customer."
        )
    if mark is None and number is None and (numbers := await _customer_numbers(people)):
        raise ImportRefused(
            "CUSTOMER_KNOWN",
            f"Somebody with an address or a personal code of this archive is here: {', '.join(numbers)}. Say "
            f"--customer NUMBER if it is the same person, or --customer {NEW} if not.",
        )
    return Person(key, customer_id, people)


async def _customer_id(number: str | None) -> UUID | None:
    if number in (None, NEW):
        return None
    customer = await Customer.get_or_none(number=number)
    if customer is None:
        raise ImportRefused("CUSTOMER_UNKNOWN", "There is no customer of this number here: see --customer.")
    return customer.id


def _traits(data: Mapping[str, Any]) -> Iterator[Trait]:
    for kind, value in _pairs(data, "contactPoints", "kind", "value"):
        if kind in ContactKind.__members__:
            yield from of_values(Category.CONTACT_POINT, {"kind": kind, "value": value})
    for country, code in _pairs(data, "personalCodes", "country", "code"):
        yield from of_values(Category.PERSONAL_CODE, {"country": country, "code": code})


async def _customer_numbers(people: People) -> list[str]:
    """The numbers of the customers here who have, or had, an address or a personal code that the archive holds."""
    return sorted([customer.number for customer in await Customer.filter(id__in=list(people.ids))])


def _pairs(data: Mapping[str, Any], kind: str, first: str, second: str) -> Iterator[tuple[str, str]]:
    for row in rows(data.get(kind)):
        pair = (row.get(first), row.get(second)) if isinstance(row, dict) else (None, None)
        if isinstance(pair[0], str) and isinstance(pair[1], str):
            yield pair[0], pair[1]
