"""No import brings the number of a card in, in whichever column somebody put it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models import Consent, Customer, Employee, ImportedRow, Order
from procedures.tables import ImportRefused
from tests.installation import at_work
from tests.procedures.importers import JONAS, RASA, Importer

CARD = "4111 1111 1111 1111"


@pytest.fixture
async def importer(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Importer]:
    """Imports into an embedded database."""
    directory = tmp_path / "files"
    directory.mkdir()
    async with at_work(sqlite_url):
        yield Importer(directory)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{CARD},Ona,,,,,,,,", "CARD_NUMBER_REFUSED"),
        (f"9,Ona,{CARD},,,,,,,", "CARD_NUMBER_REFUSED"),
        (f"9,Ona,,{CARD.replace(' ', '-')},,,,,,", "CARD_NUMBER_REFUSED"),
        (f"9,Ona,,,,{CARD},,,,", "CARD_NUMBER_REFUSED"),
        (f"9,Ona,,,,,,kortele {CARD},,", "CARD_NUMBER_REFUSED"),
        ("9,Ona,,,,,,CVC 123,,", "SECURITY_CODE_REFUSED"),
    ],
)
async def test_a_customer_with_a_card_is_an_error_row_with_its_digits_crossed_out(
    importer: Importer, row: str, code: str
) -> None:
    report = await importer.customers(RASA, row, JONAS)

    assert (report.created, dict(report.faults), report.lines) == (2, {code: 1}, {code: [3]})
    told = importer.errors.read_text()
    assert code in told
    assert "1111" not in told
    assert "123" not in told
    assert await Customer.all().count() == 2


async def test_a_ragged_row_keeps_no_card_either(importer: Importer) -> None:
    report = await importer.customers(f"9,Ona,{CARD}")

    assert dict(report.faults) == {"ROW_RAGGED": 1}
    assert "1111" not in importer.errors.read_text()


async def test_a_column_that_is_ignored_is_not_scanned_and_not_kept(importer: Importer) -> None:
    report = await importer.customers(f"9,Ona,,,,,,,,{CARD}")

    assert (report.created, report.errors) == (1, 0)


async def test_an_employee_with_a_card_is_an_error_row(importer: Importer) -> None:
    report = await importer.employees(f"1,{CARD},ona@savas.example,")

    assert dict(report.faults) == {"CARD_NUMBER_REFUSED": 1}
    assert not await Employee.exists()


async def test_an_order_or_a_line_with_a_card_is_an_error_row(importer: Importer) -> None:
    await importer.customers(RASA)
    orders = importer.file(
        "id,customer,on,total,street,city",
        f"1,1,2026-01-31,5.00,{CARD},",
        "2,1,2026-01-31,5.00,,",
        name="orders.csv",
    )
    lines = importer.file("order,product,pieces,price", "1,Lamp,1,5.00", f"2,{CARD},1,5.00", name="lines.csv")
    report, rest = await importer.orders(orders, lines)

    assert report.faults["CARD_NUMBER_REFUSED"] == rest.faults["CARD_NUMBER_REFUSED"] == 1
    assert not await Order.exists()
    assert "1111" not in importer.errors.read_text()


async def test_a_product_with_a_card_stops_the_import_before_it_starts(importer: Importer) -> None:
    orders = importer.file("id,customer,on,total,street,city", name="orders.csv")
    products = importer.file("id,name", f"1,{CARD}", name="products.csv")

    with pytest.raises(ImportRefused) as refused:
        await importer.orders(orders, None, products)
    assert refused.value.code == "CARD_NUMBER_REFUSED"
    assert "1111" not in str(refused.value)


async def test_evidence_with_a_card_stops_the_import_before_it_starts(importer: Importer) -> None:
    importer.evidence = f"paid with {CARD}"

    with pytest.raises(ImportRefused) as refused:
        await importer.customers(RASA)
    assert refused.value.code == "CARD_NUMBER_REFUSED"
    assert not await ImportedRow.exists()
    assert not await Consent.exists()
