"""Whose an address or personal code is, of which several customers say that it is theirs.

Anybody may enter an address. So what its customer never proved is another's who proved it, or who had it before, and
what that customer wishes of it does not concern the other.
"""

from datetime import datetime
from typing import Any

from models import ContactPoint, Identity, Personal, PersonalCode, opened
from procedures.suppression.found_by import Trait, is_code, lookup_indexes, normal, of_row
from vault.errors import SealBroken


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
    return row.verified_at is not None


def _earlier(one: Any, other: Any) -> bool:
    since: datetime = one.collected_at
    return since < other.collected_at


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
