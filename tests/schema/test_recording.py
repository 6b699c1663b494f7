"""What is recorded of an answer before it leaves."""

import json
from typing import Any

import pytest

from models.ledger import Access, LedgerEntry
from procedures import reading
from procedures.ledger import LedgerUnavailable
from tests.people import Office

READ = "{ customers { nodes { number ...more } } } fragment more on Customer { who: contactPoints { what: value } orders { total } }"


@pytest.fixture
def office(database: str) -> Office:
    """An office with nobody in it."""
    return Office()


async def entries() -> list[dict[str, Any]]:
    """The entries about readings."""
    found = [json.loads(bytes(each.entry)) for each in await LedgerEntry.all().order_by("number")]
    return [each for each in found if each["event"] == "reading.released"]


async def test_an_answer_is_recorded_with_its_fields_its_tasks_and_what_was_withheld(office: Office) -> None:
    ruta = await office.agent("support")
    customer = await office.customer([("contact", "support")])
    task = await office.task(ruta, customer, "support")

    answer = await ruta.asks(READ)

    assert answer.data["customers"]["nodes"][0]["who"] == [{"what": "jone@example.org"}]
    (entry,) = await entries()
    fields = ["ContactPoint.value", "Customer.contactPoints", "Customer.number"]
    assert entry["data"]["groups"] == [
        {"customers": [str(customer.id)], "fields": fields, "tasks": [str(task.id)]}
    ]
    assert entry["data"]["withheld"] == [{"field": "Customer.orders", "reason": "NO_CONSENT", "count": 1}]
    assert "jone@example.org" not in json.dumps(entry)
    access = await Access.get()
    assert (access.customer_id, access.purposes) == (customer.id, "support")
    assert (access.fields_read.split(), access.task_ids) == (fields, str(task.id))


async def test_who_asks_for_the_schema_or_finds_nothing_is_not_recorded(office: Office) -> None:
    ruta = await office.agent("support")
    await office.customer([("contact", "support")])

    await ruta.asks("{ __schema { queryType { name } } }")
    await ruta.asks("{ customers { nodes { number } } }")

    assert await entries() == []


async def test_an_answer_that_cannot_be_recorded_is_not_given(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruta = await office.agent("support")
    await office.task(ruta, await office.customer([("contact", "support")]), "support")

    async def unavailable(*_: object, **__: object) -> int:
        raise LedgerUnavailable

    monkeypatch.setattr(reading, "note", unavailable)
    answer = await ruta.asks(READ)

    assert answer.data is None
    assert not answer.extensions
    assert [getattr(error.original_error, "code", None) for error in answer.errors or ()] == [
        "LEDGER_UNAVAILABLE"
    ]
