"""Orders that staff enter: checked as those of an import, under the consent for the purpose of their task."""

from datetime import timedelta
from typing import Any

import pytest

from models import (
    Consent,
    Dictation,
    Order,
)
from models.errors import ProcedureError, Unfit
from procedures import own
from schema.reading import encode
from tests.people import Office
from tests.procedures.dictating import LINE, ORDER, SAID, at_work

AMISS: list[tuple[dict[str, Any], list[dict[str, Any]], str, str]] = [
    ({"currency": "XYZ"}, [], "CURRENCY_INVALID", "currency"),
    ({"total": "1e3"}, [], "AMOUNT_INVALID", "total"),
    ({"total": "12.51"}, [LINE], "TOTAL_DIFFERS", "total"),
    ({}, [LINE | {"quantity": -2}], "QUANTITY_INVALID", "lines"),
    ({}, [LINE | {"unit_price": "6,25"}], "AMOUNT_INVALID", "lines"),
    ({}, [LINE | {"product": "4111 1111 1111 1111"}], "CARD_NUMBER_REFUSED", "lines"),
    ({}, [LINE] * 201, "BAD_USER_INPUT", "lines"),
    ({"number": ""}, [], "BAD_USER_INPUT", "number"),
]


async def test_an_order_is_checked_as_an_imported_one(office: Office):
    ruta, customer = await at_work(office, "sales", "order")
    for values, lines, code, field in AMISS:
        placed = {**ORDER, "placed_at": office.now, **values}
        with pytest.raises(ProcedureError) as refused:
            await own.order.enter(customer.id, placed, lines, by=ruta.actor, evidence=SAID)
        assert (refused.value.code, refused.value.field) == (code, field)
    for ahead in (timedelta(hours=1), timedelta(days=400)):
        with pytest.raises(Unfit):
            await own.order.enter(
                customer.id, {**ORDER, "placed_at": office.now + ahead}, [], by=ruta.actor, evidence=SAID
            )
    assert not await Dictation.exists()


@pytest.mark.every_database
async def test_an_order_is_entered_through_the_api_with_its_lines(office: Office):
    ruta, customer = await at_work(office, "sales", "order")
    await Order.all().delete()
    answer = await ruta.asks(
        """mutation ($id: ID!) { orderEnter(input: {customerId: $id, placedAt: "2026-06-01T10:00:00Z", number: "A-1",
        total: "12.50", currency: "eur", evidence: "by telephone",
        lines: [{product: "A book", quantity: 2, unitPrice: "6.25"}]})
        { order { total currency lines { product quantity unitPrice } } userErrors { code } } }""",
        id=encode("Customer", customer.id),
    )
    assert answer.data["orderEnter"] == {
        "order": {
            "total": "12.50",
            "currency": "EUR",
            "lines": [{"product": "A book", "quantity": 2, "unitPrice": "6.25"}],
        },
        "userErrors": [],
    }
    consent = await Consent.get()
    assert (await Order.get()).consent_id == consent.id
