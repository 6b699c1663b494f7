import csv
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import (
    Category,
    Consent,
    Customer,
    CustomerStatus,
    HeldRow,
    HoldReason,
    LegalHold,
    Order,
    OrderLine,
    Purpose,
    opened,
)
from procedures.consent import consent, consents
from procedures.leaving import withdrawal
from procedures.tables import ImportRefused
from tests.procedures import records
from tests.procedures.importers import JONAS, NOW, RASA, Importer, marked, outside_keys, sample, withdraw
from tests.procedures.instructing import officer

pytestmark = pytest.mark.usefixtures("database")

HEADER = "id,customer,on,total,street,city"
FIRST = "10,1,2026-01-31,3.50,Pilies g. 1,Vilnius"


@pytest.fixture
async def importer(tmp_path: Path) -> Importer:
    importer = Importer(tmp_path)
    await importer.customers(RASA, JONAS)
    return importer


def orders(importer: Importer, *rows: str) -> Path:
    return importer.file(HEADER, *rows, name="orders.csv")


def lines(importer: Importer, *rows: str) -> Path:
    return importer.file("order,product,pieces,price", *rows, name="lines.csv")


def products(importer: Importer) -> Path:
    return importer.file("id,name", "a,Amber", "b,Bread", name="products.csv")


async def test_an_order_comes_with_its_lines_and_products(importer: Importer):
    report, rest = await importer.orders(
        orders(importer, FIRST), lines(importer, "10,a,2,1.25", "10,b,1,1.00"), products(importer)
    )

    order = await Order.get().prefetch_related("consent")
    assert (report.created, report.errors, rest.errors) == (1, 0, 0)
    content = await opened(order)
    assert (content.number, content.total, content.currency) == ("10", "3.50", "EUR")
    assert content.lines == (OrderLine("Amber", 2, "1.25"), OrderLine("Bread", 1, "1.00"))
    assert content.billing_address == "Pilies g. 1, Vilnius"
    assert order.placed_at.isoformat() == "2026-01-31T00:00:00+00:00"
    assert order.consent.category == Category.ORDER


@pytest.mark.every_database
async def test_a_second_run_changes_no_order(importer: Importer):
    files = orders(importer, FIRST), lines(importer, "10,a,2,1.75")
    await importer.orders(*files)
    report, _ = await importer.orders(*files)

    assert (report.created, report.unchanged) == (0, 1)
    assert await Consent.filter(category=Category.ORDER).count() == 1


@pytest.mark.every_database
async def test_an_order_that_an_update_changes_is_held_back_where_a_hold_stands(importer: Importer):
    await importer.orders(orders(importer, FIRST), lines(importer, "10,a,2,1.75"))
    before = await Order.get()
    await LegalHold.create(
        customer_id=before.customer_id, category=Category.ORDER, reason=HoldReason.LEGAL_OBLIGATION,
        basis="VAT act", placed_at=NOW, until=NOW + timedelta(days=30),
    )  # fmt: skip
    await importer.orders(orders(importer, FIRST), lines(importer, "10,b,2,1.75"), update=True)

    held = await HeldRow.get()
    assert (held.row_id, held.revision, bytes(held.content)) == (before.id, 1, before.content.raw)


@pytest.mark.every_database
async def test_a_changed_line_changes_its_order(importer: Importer):
    await importer.orders(orders(importer, FIRST), lines(importer, "10,a,2,1.75"))
    files = orders(importer, FIRST), lines(importer, "10,b,2,1.75")
    noticed, _ = await importer.orders(*files)
    taken, _ = await importer.orders(*files, update=True)

    order = await Order.get()
    assert (noticed.changed, taken.updated) == (1, 1)
    assert ((await opened(order)).lines, order.revision) == ((OrderLine("b", 2, "1.75"),), 2)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("11,9,2026-01-31,1,,", "CUSTOMER_UNKNOWN"),
        ("11,,2026-01-31,1,,", "CUSTOMER_MISSING"),
        ("11,1,31/01/2026,1,,", "DATE_INVALID"),
        ("11,1,,1,,", "DATE_INVALID"),
        ("11,1,2026-01-31,1.000.00,,", "AMOUNT_INVALID"),
        ("11,1,2026-01-31,NaN,,", "AMOUNT_INVALID"),
        ("11,1,2026-01-31,\u0661,,", "AMOUNT_INVALID"),
        ("11,1,2026-01-31,,,", "AMOUNT_INVALID"),
        ("11,1,2026-01-31", "ROW_RAGGED"),
    ],
)
async def test_an_order_that_is_none_is_refused_and_the_rest_imported(
    importer: Importer, row: str, code: str
):
    report, _ = await importer.orders(orders(importer, FIRST, row))

    assert (report.created, dict(report.faults)) == (1, {code: 1})


@pytest.mark.parametrize(
    ("line", "order_code", "line_code"),
    [
        ("10,a,2,1.70", "TOTAL_DIFFERS", None),
        ("10,z,2,1.75", "LINES_INVALID", "PRODUCT_UNKNOWN"),
        ("10,a,two,1.75", "LINES_INVALID", "QUANTITY_INVALID"),
        ("10,a,2,x", "LINES_INVALID", "AMOUNT_INVALID"),
        ("11,a,2,1.75", "LINES_MISSING", "ORDER_UNKNOWN"),
        (",a,2,1.75", "LINES_MISSING", "ORDER_MISSING"),
    ],
)
async def test_an_order_is_refused_whose_lines_do_not_fit(
    importer: Importer, line: str, order_code: str, line_code: str | None
):
    report, rest = await importer.orders(orders(importer, FIRST), lines(importer, line), products(importer))

    assert (report.created, dict(report.faults)) == (0, {order_code: 1})
    assert dict(rest.faults) == ({line_code: 1} if line_code else {})
    assert await Order.all().count() == 0


@pytest.mark.by_hand
async def test_orders_bring_no_withdrawn_consent_back(importer: Importer):
    await importer.orders(orders(importer, FIRST))
    rasa = await Customer.get(id=await marked("1"))
    await withdraw(rasa, Category.ORDER)
    report, _ = await importer.orders(orders(importer, FIRST, "11,1,2026-02-01,1,,"))

    assert (report.unchanged, dict(report.faults)) == (1, {"CONSENT_REQUIRED": 1})
    assert await Order.all().count() == 0


@pytest.mark.by_hand
async def test_a_category_that_was_withdrawn_does_not_come_back_for_another_purpose(importer: Importer):
    await importer.orders(orders(importer, FIRST))
    rasa = await Customer.get(id=await marked("1"))
    await withdraw(rasa, Category.ORDER)
    importer.purposes = (Purpose.SUPPORT, Purpose.BILLING)
    report, _ = await importer.orders(orders(importer, "11,1,2026-02-01,1,,"))

    assert dict(report.faults) == {"CONSENT_REQUIRED": 1}
    held = {consent.purpose: consent.permits for consent in await Consent.filter(category=Category.ORDER)}
    assert held == {Purpose.SUPPORT: False}


async def test_nothing_is_brought_in_under_a_suspended_consent(importer: Importer):
    await importer.orders(orders(importer, FIRST))
    given = await Consent.get(category=Category.ORDER)
    said = await consent.revoke(given.id, by=await officer(NOW), evidence="Case 7.")
    report, _ = await importer.orders(orders(importer, "11,1,2026-02-01,1,,"))

    assert dict(report.faults) == {"CONSENT_REQUIRED": 1}
    assert said.instruction is not None
    assert (await Consent.get(id=given.id)).suspended_by_id == said.instruction.id


@pytest.mark.by_hand
async def test_orders_of_somebody_who_has_left_are_refused(importer: Importer):
    await Customer.all().update(status=CustomerStatus.WITHDRAWN)
    report, _ = await importer.orders(orders(importer, FIRST))

    assert dict(report.faults) == {"CUSTOMER_WITHDRAWN": 1}


async def test_an_order_does_not_move_to_another_customer(importer: Importer):
    await importer.orders(orders(importer, FIRST))
    report, _ = await importer.orders(orders(importer, FIRST.replace("10,1", "10,2")), update=True)

    assert dict(report.faults) == {"CUSTOMER_DIFFERS": 1}


async def test_a_product_without_a_name_stops_the_import_before_it_starts(importer: Importer):
    file = importer.file("id,name", "a,", name="products.csv")

    with pytest.raises(ImportRefused, match="line 2") as refusal:
        await importer.orders(orders(importer, FIRST), lines(importer, "10,a,2,1.75"), file)
    assert refusal.value.code == "PRODUCT_INVALID"


async def test_all_orders_of_chinook_come_in_and_every_value_is_found_again(tmp_path: Path):
    chinook = Importer(tmp_path, map="chinook")
    await chinook.employees(file=sample("chinook/employees.csv"))
    await chinook.customers(file=sample("chinook/customers.csv"))
    files = [sample(f"chinook/{name}.csv") for name in ("invoices", "invoice_lines", "products")]
    report, rest = await chinook.orders(*files)

    assert (report.created, report.errors, rest.errors) == (412, 0, 0)
    invoices, details, names = (_read(file) for file in files)
    titles = {row["TrackId"]: row["Name"] for row in names}
    bought = defaultdict(list)
    for row in details:
        bought[row["InvoiceId"]].append(
            OrderLine(titles[row["TrackId"]], int(row["Quantity"]), row["UnitPrice"])
        )
    customers = await outside_keys()
    held = {
        content.number: (order, content) for order in await Order.all() for content in [await opened(order)]
    }
    for row in invoices:
        order, content = held[row["InvoiceId"]]
        assert order.customer_id == customers[row["CustomerId"]]
        assert Decimal(content.total) == Decimal(row["Total"])
        assert content.lines == tuple(bought[row["InvoiceId"]])
        assert order.placed_at.replace(tzinfo=None) == datetime.fromisoformat(row["InvoiceDate"])
        parts = [row[f"Billing{part}"] for part in ("Address", "PostalCode", "City", "State", "Country")]
        assert content.billing_address == ", ".join(part for part in parts if part)


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


async def test_orders_of_a_key_whose_customer_has_left_are_refused(importer: Importer):
    rasa = await Customer.get(id=await marked("1"))
    by = await records.confirmed(await records.person(rasa))
    await withdrawal.begin(rasa.id, rasa.number, by=by)
    report, _ = await importer.orders(orders(importer, FIRST))

    assert dict(report.faults) == {"CUSTOMER_WITHDRAWN": 1}


async def test_a_no_of_somebody_with_the_same_address_holds_for_orders_too(importer: Importer):
    await importer.customers("3,Ona,Onaitė,,rasa@example.org,,,,,")
    ona = await Customer.get(id=await marked("3"))
    await importer.orders(orders(importer, FIRST.replace("10,1", "9,3")))
    by = await records.person(ona)
    await consents.withdraw(ona.id, consents.ConsentFilter(Category.ORDER), by=by)
    report, _ = await importer.orders(orders(importer, FIRST))

    assert dict(report.faults) == {"CONSENT_REQUIRED": 1}
