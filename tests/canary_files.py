"""Every text that a file of customers, or an archive, takes, filled with canaries."""

import csv
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import EnumType
from pathlib import Path

from models import PERSONAL, Part, Purpose, camel
from policies.actor import utc_now
from procedures.imports import Report
from procedures.tables import COLUMNS
from procedures.tables.column_map import FIELDS
from tests.canaries import Canaries
from tests.canary_inputs import FORMED, SAID_THERE
from tests.procedures.arriving import CARRIED, Parcel
from tests.procedures.importers import Importer


@dataclass
class Files:
    """A file of customers and one of orders, with canaries for names of columns and files, and in all that takes a text.

    Args:
        directory: where the files are written.
        canaries: what is said in them.
    """

    directory: Path
    canaries: Canaries
    names: dict[str, str] = field(default_factory=dict)

    async def imported(self) -> list[Report]:
        """Import them; the reports on customers and orders, of each of which one is made and one refused."""
        customers, orders = self._customers(), self._orders()
        self.names = {column: self.canaries.word() for column in (*customers[0], *orders[0], "ignored")}
        importer = Importer(self.directory, str(self._map()), self.canaries.name(), now=utc_now())
        importer.purposes = tuple(Purpose(name) for name in ("support", "verification", "marketing"))
        reports = [await importer.customers(file=self.file(*customers))]
        assert all(text in importer.errors.read_text() for text in customers[1].values()), (
            "the operator gets it back"
        )
        return [*reports, (await importer.orders(self.file(*orders)))[0]]

    def _customers(self) -> list[dict[str, str]]:
        rows = [
            {"key": self.canaries.email(), "consent.evidence": self.canaries.name(), **self._customer()}
            for _ in range(2)
        ]
        assert rows[0].keys() | {"assignee"} == FIELDS["customers"], "a new field needs a canary"
        rows[1]["contact_point.EMAIL"] = f"{self.canaries.word()} at home"
        self.key = rows[0]["key"]
        return rows

    def _orders(self) -> list[dict[str, str]]:
        rows = [
            {"key": self.canaries.name(), "customer": key, "number": self.canaries.word(), "placedAt": "2026-01-05", "total": "9.99",
             "currency": "EUR", "consent.evidence": self.canaries.name(), **self._billing()}
            for key in (self.key, self.canaries.email())
        ]  # fmt: skip
        assert rows[0].keys() == FIELDS["orders"], "a new field needs a canary"
        return rows

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

    def _map(self) -> Path:
        path = self.directory / "shop.toml"
        text = ['source = "shop"']
        for section in ("customers", "orders"):
            text += [f"[{section}]", f'ignore = ["{self.names["ignored"]}"]', f"[{section}.columns]"]
            text += [
                f'"{self.names[column]}" = "{column}"' for column in self.names if column in FIELDS[section]
            ]
        path.write_text("\n".join(text))
        return path

    def file(self, *rows: dict[str, str]) -> Path:
        """A file of some rows, with a column more that is ignored."""
        path = self.directory / f"{self.canaries.word()}.csv"
        names = [*(self.names[column] for column in rows[0]), self.names["ignored"]]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *([*row.values(), self.canaries.name()] for row in rows)])
        return path

    def headless(self) -> Path:
        """A file that begins with somebody, and one that somebody begins twice."""
        path = self.directory / "headless.csv"
        path.write_text(",".join([self.canaries.name(), self.canaries.email(), *[self.canaries.word()] * 2]))
        return path


def parcel(sent: Parcel, canaries: Canaries) -> Parcel:
    """An archive with a canary in each field that takes any text."""
    said = dict(sent.data)
    for name, category in CARRIED.items():
        free = [camel(part.name) for part in PERSONAL[category].declared.released if part.type is str]
        rows = said[name] if isinstance(said[name], list) else [said[name]]
        filled = [
            row
            | {key: canaries.name() for key in free if key not in FORMED and isinstance(row.get(key), str)}
            for row in rows
        ]
        said[name] = filled if isinstance(said[name], list) else filled[0]
    return sent.saying(data=said)
