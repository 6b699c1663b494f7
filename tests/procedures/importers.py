"""What the tests of the imports share: a small file, a map for it, and consents to rest on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from models import Consent, ConsentEvent, ConsentState, Customer, OutsideKey, Purpose, opened
from procedures.imports import (
    LegalBasis,
    NoticeText,
    Options,
    Report,
    import_customers,
    import_employees,
    import_orders,
    imported,
    read_lines,
    read_products,
    refuse_orphans,
    registered,
)
from procedures.tables import ErrorRows, column_map
from procedures.tables.table import open_table

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


async def marked(key: str, entity: str = "customer", source: str = "shop") -> UUID:
    """The record that a key of a source belongs to."""
    return (await imported(source, entity, [key]))[key].record_id


async def outside_keys() -> dict[str, UUID]:
    """Customers by the key under which another system knows them."""
    return {(await opened(each)).key: each.customer_id for each in await OutsideKey.all()}


KEY = bytes(32)
SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "data"

MAP = """
[customers]
ignore = ["note"]

[customers.columns]
id = "key"
given = "identity.givenName"
family = "identity.familyName"
company = "identity.companyName"
email = "contact_point.EMAIL"
phone = "contact_point.PHONE"
mobile = "contact_point.PHONE"
street = "postal_address.HOME.street"
city = "postal_address.HOME.city"

[employees.columns]
id = "key"
name = "familyName"
login = "login"
boss = "manager"

[orders.columns]
id = "key"
customer = "customer"
on = "placedAt"
total = "total"
street = "billing.street"
city = "billing.city"

[lines.columns]
order = "order"
product = "product"
pieces = "quantity"
price = "unitPrice"

[products.columns]
id = "key"
name = "name"
"""
HEADER = "id,given,family,company,email,phone,mobile,street,city,note"
RASA = "1,Rasa,Petraitė,Gintaras UAB,rasa@example.org,+370 600 00001,,Pilies g. 1,Vilnius,x"
JONAS = "2,Jonas,Kazlauskas,Gintaras UAB,,+370 600 00002,+370 600 00003,,Kaunas,"


def sample(name: str) -> Path:
    """A file of sample data that lies beside the checkout, where there is one."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip("the sample data are not beside this checkout")
    return path


@dataclass
class Importer:
    """Imports texts as files of one source."""

    directory: Path
    map: str = ""
    evidence: str | None = "form 12"
    purposes: tuple[Purpose, ...] = (Purpose.SUPPORT,)
    now: datetime = NOW
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.map:
            path = self.directory / "shop.toml"
            path.write_text(MAP)
            self.map = str(path)

    @property
    def errors(self) -> Path:
        """The file of error rows."""
        return self.directory / "errors.csv"

    def file(self, *lines: str, name: str = "rows.csv") -> Path:
        """A CSV file of these lines."""
        path = self.directory / name
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")
        return path

    def options(self, source: str, **more: Any) -> Options:
        """The engine's options."""
        return Options(source, KEY, clock=lambda: self.now, **more)

    async def basis(self, **more: Any) -> LegalBasis:
        """Consents to rest on."""
        notices = await registered(
            NoticeText("We keep what you tell us to help you."), self.purposes, self.now
        )
        return LegalBasis(notices, self.evidence, self.now + timedelta(days=30), **more)

    async def customers(self, *lines: str, file: Path | None = None, **more: Any) -> Report:
        """Import customers from lines below the usual header, or from a file."""
        columns = column_map.load(self.map, "customers")
        table = open_table(file or self.file(HEADER, *lines))
        with ErrorRows(self.errors, table.header) as errors:
            return await import_customers(
                table, columns, await self.basis(), errors, self.options(columns.source, **more)
            )

    async def employees(self, *lines: str, file: Path | None = None, **more: Any) -> Report:
        """Import employees."""
        columns = column_map.load(self.map, "employees")
        table = open_table(file or self.file("id,name,login,boss", *lines))
        with ErrorRows(self.errors, table.header) as errors:
            return await import_employees(table, columns, errors, self.options(columns.source, **more))

    async def orders(
        self, file: Path, lines: Path | None = None, products: Path | None = None, **more: Any
    ) -> tuple[Report, Report]:
        """Import orders; gives the reports on the orders and on the lines."""
        columns = column_map.load(self.map, "orders")
        table, rest = open_table(file), Report()
        with ErrorRows(self.errors, table.header) as errors:
            names = read_products(open_table(products), self._map("products")) if products else None
            found = read_lines(open_table(lines), self._map("lines"), names, errors, rest) if lines else None
            options = self.options(columns.source, **more)
            report = await import_orders(
                table, columns, await self.basis(), errors, options, lines=found, currency="EUR"
            )
            if found:
                refuse_orphans(found, errors, rest)
        return report, rest

    def _map(self, section: str) -> column_map.ColumnMap:
        return column_map.load(self.map, section)


async def withdraw(customer: Customer, *categories: Any) -> None:
    """Withdraw the consents to some categories, or to all, with the rows that rest on them."""
    consents = await Consent.filter(customer_id=customer.id)
    for consent in consents:
        if categories and consent.category not in categories:
            continue
        from models import PERSONAL

        await PERSONAL[consent.category].filter(consent_id=consent.id).delete()
        await Consent.filter(id=consent.id).update(state=ConsentState.WITHDRAWN, permits=False)
        await ConsentEvent.create(consent_id=consent.id, state=ConsentState.WITHDRAWN, by_id=None, at=NOW)
