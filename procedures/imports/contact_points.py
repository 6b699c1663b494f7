"""Telling customers who are here already that an import adds, changes or removes a contact point of theirs.

Whoever writes the file, or the system that it comes from, could put an address of their own in the place of the
customer's. Those who were never reached are told of no addition: that is how people come with an import.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models import ContactPoint, Personal, Record
from procedures.message import Destination, contact_change

#: A row as it is, and as it is to be; None where it is deleted.
Replaced = tuple[Personal, Personal | None]


async def tell_changes(
    records: Mapping[type[Record], Sequence[Any]], replaced: Sequence[Replaced], now: datetime
) -> None:
    """Tell each customer once of all that a transaction does, before anything is written.

    Args:
        records: what is to be added, by record.
        replaced: what is to be changed or deleted.
        now: the instant of the import.
    """
    places: defaultdict[UUID, list[Destination]] = defaultdict(list)
    for row in (each for pair in replaced for each in pair):
        if isinstance(row, ContactPoint):
            places[row.customer_id] += await contact_change.led_by(row)
    added = records.get(ContactPoint, ())
    stored = ContactPoint.filter(customer_id__in=list({row.customer_id for row in added}))
    reached = set(await stored.filter(verified_at__isnull=False).values_list("customer_id", flat=True))
    for row in added:
        if row.customer_id in reached:
            places[row.customer_id] += await contact_change.led_by(row)
    for customer_id, led in places.items():
        await contact_change.tell(customer_id, by=None, now=now, led=led)
