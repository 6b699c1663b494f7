"""Every text that a file of customers takes, filled with canaries."""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import EnumType
from pathlib import Path

from models import Part, Purpose, camel
from policies.actor import utc_now
from procedures.imports import Report
from procedures.tables import COLUMNS
from procedures.tables.column_map import FIELDS
from tests.canaries import Canaries
from tests.canary_inputs import FORMED, SAID_THERE
from tests.procedures.importers import Importer


@dataclass
class Files:
    """A file of one customer and one of an order, a canary in every column that takes a text.

    Args:
        directory: where the files are written.
        canaries: what is said in them.
    """

    directory: Path
    canaries: Canaries

    async def imported(self) -> list[Report]:
        """Import them; the reports on customers and orders."""
        key, order = self.canaries.email(), self.canaries.name()
        customers = {"key": key, "consent.evidence": self.canaries.name(), **self._customer()}
        orders = {"key": order, "customer": key, "number": self.canaries.word(), "placedAt": "2026-01-05", "total": "9.99",
                  "currency": "EUR", "consent.evidence": self.canaries.name(), **self._billing()}  # fmt: skip
        assert customers.keys() | {"assignee"} == FIELDS["customers"], "a new field needs a canary"
        assert orders.keys() == FIELDS["orders"], "a new field needs a canary"
        importer = Importer(
            self.directory, str(self._map(customers, orders)), self.canaries.name(), now=utc_now()
        )
        importer.purposes = tuple(Purpose(name) for name in ("support", "verification", "marketing"))
        files = [self._file(name, values) for name, values in (("c.csv", customers), ("o.csv", orders))]
        return [await importer.customers(file=files[0]), (await importer.orders(files[1]))[0]]

    def _customer(self) -> dict[str, str]:
        """A cell for each column of each category."""
        cells = {}
        for columns in COLUMNS:
            for name in columns.names:
                part = (
                    next(iter(columns.parts.values()))
                    if columns.one_value
                    else columns.parts[name.rpartition(".")[2]]
                )
                cells[name] = self._cell(name, part)
        return cells

    def _cell(self, name: str, part: Part) -> str:
        if name.endswith((".PHONE", ".FAX")):
            return self.canaries.phone()
        if name.endswith(".EMAIL"):
            return self.canaries.email()
        if camel(part.name) in FORMED:
            return str(SAID_THERE[camel(part.name)])
        others = {int: "1", bool: "yes", date: "2026-01-05", datetime: "2026-01-05", Decimal: "9.99"}
        if isinstance(part.type, EnumType):
            return str(next(iter(part.type)))
        return others.get(part.type) or self.canaries.name()

    def _billing(self) -> dict[str, str]:
        said = {"postalCode": "01123", "country": "LT"}
        return {name: said.get(name.rpartition(".")[2]) or self.canaries.name()
                for name in FIELDS["orders"] if name.startswith("billing.")}  # fmt: skip

    def _map(self, *sections: dict[str, str]) -> Path:
        path = self.directory / "shop.toml"
        text = ['source = "shop"']
        for name, values in zip(("customers", "orders"), sections, strict=True):
            text += [f"[{name}.columns]", *(f'"{column}" = "{column}"' for column in values)]
        path.write_text("\n".join(text))
        return path

    def _file(self, name: str, values: dict[str, str]) -> Path:
        path = self.directory / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([list(values), list(values.values())])
        return path
