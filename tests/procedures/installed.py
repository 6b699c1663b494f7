"""Installations whose key database is of the same kind as the database, and what is kept and found in them."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import models
from models.database import sqlite_path
from models.records import sealed
from procedures.current import Addresses
from procedures.installation import opened
from tests.people import Office
from vault import vault


@asynccontextmanager
async def at_work(place: Addresses) -> AsyncIterator[None]:
    """An installation whose vault is open."""
    async with opened(place) as sealed:
        assert sealed is None, sealed
        yield


async def reason(place: Addresses) -> str | None:
    """Why the vault of an installation is sealed."""
    async with opened(place) as sealed:
        assert vault.reason() == (sealed.code if sealed else None)
        return sealed.code if sealed else None


async def people(count: int, office: Office | None = None, *, first: int = 0) -> list[models.Customer]:
    """Customers with an e-mail address that holds their number."""
    office = office or Office()
    found = []
    for number in range(first, first + count):
        customer = await office.customer([("contact_point", "support")], rows=False)
        found.append(customer)
        await address(office, customer, f"person{number}@example.org")
    return found


async def address(office: Office, customer: models.Customer, value: str) -> None:
    """Keep an address of a customer."""
    consent = await models.Consent.get(customer_id=customer.id, category="contact_point")
    await office.row(customer, consent, content=models.ContactPoint.Content(value), value_index=value)


async def reads() -> dict[str, int]:
    """Every address, opened as it lies in the database, and how many rows are found by it."""
    vault.current().forget()
    found: dict[str, int] = {}
    for row in await models.ContactPoint.all():
        value = (await sealed.opened(row)).value
        found[value] = await models.ContactPoint.filter(value_index__in=_forms(value)).count()
    return found


def whole(count: int) -> dict[str, int]:
    """What `reads` gives when nobody is lost, and each is found."""
    return {f"person{number}@example.org": 1 for number in range(count)}


class Copies:
    """Copies of the parts of an embedded installation that nobody has open, and putting them back."""

    def __init__(self, place: Addresses) -> None:
        self.parts = {
            "database": sqlite_path(place.database),
            "keys": sqlite_path(place.keys),
            "provider": Path(place.provider.removeprefix("file:")),
        }
        self.held = {name: path.read_bytes() for name, path in self.parts.items()}

    def back(self, *names: str) -> None:
        """Put some parts back as they were."""
        for name in names:
            path = self.parts[name]
            for left in path.parent.glob(f"{path.name}-*"):
                left.unlink()
            path.write_bytes(self.held[name])


def forget(place: Addresses) -> None:
    """Remove the key database of an embedded installation."""
    path = sqlite_path(place.keys)
    for left in path.parent.glob(f"{path.name}*"):
        shutil.move(left, left.with_name(f"gone-{left.name}"))


def _forms(value: str) -> list[Any]:
    field: Any = models.ContactPoint._meta.fields_map["value_index"]
    return list(field.lookup_indexes(value))
