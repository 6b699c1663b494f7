"""Importing orders, with their lines, from CSV files for customers who were imported before.

PRODUCT_INVALID   a product in the file of products has no name, or no key of its own
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

from models import Category, Customer, Order, OrderLine, order_total
from models.values import amount, currency_letters, read_instant, read_whole
from procedures.imports.batch import Batch, Entry
from procedures.imports.consent import ExistingConsents, LegalBasis, checked_evidence
from procedures.imports.importing import Options, Report, run, text
from procedures.imports.marks import imported
from procedures.imports.rows import locked, reachable
from procedures.recognition import WITHDRAWN, sharing
from procedures.suppression import departed
from procedures.tables import ColumnMap, ErrorRows, Fields, ImportRefused, Row, RowFault, Table, cells

_BILLING = ("street", "postalCode", "city", "region", "country")


@dataclass(slots=True)
class Lines:
    """The lines of a file, by the order's key.

    Attributes:
        by_order: the lines of each order.
        broken: the orders that have a line that cannot be read.
        orphans: the first line of each order that the file of orders has not named so far.
    """

    by_order: dict[str, list[OrderLine]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    orphans: dict[str, Row] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order as the files describe it; `more` has its lines, for the digest."""

    customer: str
    placed_at: datetime
    content: Any
    evidence: str
    more: tuple[tuple[str, int, str], ...]


async def import_orders(
    table: Table,
    columns: ColumnMap,
    basis: LegalBasis,
    errors: ErrorRows,
    options: Options,
    *,
    lines: Lines | None = None,
    currency: str | None = None,
) -> Report:
    """Import orders, in `currency` unless they name their own.

    Their totals are checked against `lines`, which `read_lines` returns; without it, orders are imported without lines.

    Raises:
        ImportRefused: the whole file cannot be imported like this. Rows that cannot go to `errors` instead.
    """
    binding = columns.bind(table)
    basis.check(options.clock(), evidence_in_rows=columns.maps("consent.evidence"))
    if currency is None and not columns.maps("currency"):
        raise ImportRefused(
            "CURRENCY_MISSING", "Say which currency the orders are in, such as --currency EUR."
        )
    if currency is not None:
        _check_currency(currency)
    return await run(table, binding, Orders(basis, options.source, lines, currency), errors, options)


def read_products(table: Table, columns: ColumnMap) -> dict[str, str]:
    """The names of products by their keys.

    Raises:
        ImportRefused: some line cannot be read; a name that is missing here would be missing in every order.
    """
    binding = columns.bind(table)
    names: dict[str, str] = {}
    for row in table.rows():
        fields = {} if row.fault else binding.fields(row.cells)
        key = text(fields, "key")
        if key is None or "name" not in fields or key in names:
            raise ImportRefused(
                "PRODUCT_INVALID",
                f"{table.path.name}, line {row.line}: a product has a key of its own and a name.",
            )
        _check_cards(fields, table, row)
        names[key] = fields["name"][0]
    return names


def _check_cards(fields: Fields, table: Table, row: Row) -> None:
    try:
        cells.check_cards(fields)
    except RowFault as fault:
        raise ImportRefused(fault.code, f"{table.path.name}, line {row.line}: {fault.reason}.") from None


def read_lines(
    table: Table, columns: ColumnMap, products: dict[str, str] | None, errors: ErrorRows, report: Report
) -> Lines:
    """The lines of the orders, with the names of their products where those are known.

    A line that cannot be read goes to `errors`, is counted in `report` and breaks its order.
    """
    binding = columns.bind(table)
    lines = Lines()
    for row in table.rows():
        fields = {} if row.fault else binding.fields(row.cells)
        order = text(fields, "order")
        try:
            if row.fault:
                raise row.fault
            cells.check_cards(fields)
            line = _line(fields, products)
            if order is None:
                raise RowFault("ORDER_MISSING", "the line names no order")
        except RowFault as fault:
            errors.add(row, fault)
            report.fault(row.line, fault)
            lines.broken.add(order or "")
            continue
        lines.by_order.setdefault(order, []).append(line)
        lines.orphans.setdefault(order, row)
    return lines


def refuse_orphans(lines: Lines, errors: ErrorRows, report: Report) -> None:
    """Report as errors the lines whose order is not in the file of orders; one for each such order."""
    for row in lines.orphans.values():
        fault = RowFault("ORDER_UNKNOWN", "the file of orders holds no order of this key")
        errors.add(row, fault)
        report.fault(row.line, fault)


@dataclass(frozen=True, slots=True)
class Orders:
    """How a row, with its lines, becomes an order."""

    entity: ClassVar = "order"
    basis: LegalBasis
    source: str
    lines: Lines | None
    currency: str | None

    def read(self, fields: Fields, row: Row) -> OrderRow:
        """The checked values of one row; raises RowFault."""
        key, customer = text(fields, "key") or "", text(fields, "customer")
        if self.lines:
            self.lines.orphans.pop(key, None)
        cells.check_characters(fields)
        if customer is None:
            raise RowFault("CUSTOMER_MISSING", "the column of the customer is empty")
        total = cells.checked(amount, text(fields, "total"), "total")
        content = Order.Content(
            number=text(fields, "number") or key,
            total=total,
            currency=cells.checked(currency_letters, text(fields, "currency") or self.currency, "currency"),
            billing_address=_billing(fields),
            lines=self._lines(key, total),
        )
        return OrderRow(
            customer=customer,
            placed_at=cells.checked(read_instant, text(fields, "placedAt"), "placedAt"),
            content=content,
            evidence=checked_evidence(fields.get("consent.evidence", [self.basis.evidence or ""])[0]),
            more=tuple((line.product, line.quantity, line.unit_price) for line in content.lines),
        )

    def _lines(self, key: str, total: str) -> tuple[OrderLine, ...]:
        if self.lines is None:
            return ()
        if key in self.lines.broken:
            raise RowFault("LINES_INVALID", "a line of this order cannot be imported: see the file of lines")
        lines = tuple(self.lines.by_order.get(key, ()))
        if not lines:
            raise RowFault("LINES_MISSING", "the file of lines holds none for this order")
        if order_total(lines) != Decimal(total):
            raise RowFault("TOTAL_DIFFERS", "the total is not the sum of the lines")
        return lines

    async def prepare(self, entries: Sequence[Entry[OrderRow]]) -> None:
        """Nothing: the customers of orders are known by their keys."""

    async def create(self, entries: Sequence[Entry[OrderRow]], batch: Batch) -> None:
        """Plan orders and, for customers who were never asked, the consent to keep them."""
        customers = await self._customers(entries)
        ids = {customer.id for customer in customers.values()}
        others = await sharing(ids)
        consents = await ExistingConsents.of(ids.union(*others.values()))
        gone = await departed.keys(self.source, [entry.value.customer for entry in entries])
        for entry in entries:
            with batch.all_or_nothing(entry):
                if entry.value.customer in gone:
                    raise WITHDRAWN
                customer = reachable(customers.get(entry.value.customer))
                rests_on = consents.consent_for(
                    customer.id,
                    Category.ORDER,
                    self.basis,
                    entry.value.evidence,
                    batch,
                    others.get(customer.id, ()),
                )
                self._plan(entry, customer, rests_on, batch)

    async def update(self, entry: Entry[OrderRow], record_id: UUID, batch: Batch) -> None:
        """Plan the change of an order to what the files now say."""
        customers = await self._customers([entry])
        customer = await locked(reachable(customers.get(entry.value.customer)).id)
        order = await Order.get_or_none(id=record_id)
        if order is None:
            raise RowFault("CONSENT_REQUIRED", "the customer's consent to the category order has ended")
        if order.customer_id != customer.id:
            raise RowFault("CUSTOMER_DIFFERS", "the order belongs to another customer here")
        order.content, order.placed_at = entry.value.content, entry.value.placed_at
        order.collected_at = batch.now
        batch.replace(order, order.save)

    def _plan(self, entry: Entry[OrderRow], customer: Customer, consent_id: UUID, batch: Batch) -> None:
        value = entry.value
        order = Order(
            id=uuid4(),
            customer_id=customer.id,
            consent_id=consent_id,
            source=self.source,
            collected_at=batch.now,
            placed_at=value.placed_at,
            content=value.content,
        )
        batch.add(order)
        batch.mark_created(entry, order.id)

    async def _customers(self, entries: Sequence[Entry[OrderRow]]) -> dict[str, Customer]:
        marks = await imported(self.source, "customer", {entry.value.customer for entry in entries})
        customers = await Customer.in_bulk([mark.record_id for mark in marks.values()], "id")
        return {key: customers[mark.record_id] for key, mark in marks.items() if mark.record_id in customers}


def _line(fields: Fields, products: dict[str, str] | None) -> OrderLine:
    cells.check_characters(fields)
    product = text(fields, "product")
    if product is None or (products is not None and product not in products):
        raise RowFault("PRODUCT_UNKNOWN", "the file of products holds no product of this key")
    return OrderLine(
        product=product if products is None else products[product],
        quantity=cells.checked(read_whole, text(fields, "quantity"), "quantity"),
        unit_price=cells.checked(amount, text(fields, "unitPrice"), "unitPrice"),
    )


def _billing(fields: Fields) -> str | None:
    parts = [fields[name][0] for part in _BILLING if (name := f"billing.{part}") in fields]
    return ", ".join(parts) or None


def _check_currency(currency: Any) -> None:
    try:
        cells.checked(currency_letters, currency, "currency")
    except RowFault as fault:
        raise ImportRefused(fault.code, f"See --currency: {fault.reason}.") from None
