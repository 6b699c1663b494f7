"""What a request may read in all, counted over everything that it asks."""

from dataclasses import replace

import pytest

from models import Task, TaskStatus
from models.event import Event
from schema.reading import Context, encode
from tests.ledger import entries
from tests.people import BUILT, Office

pytestmark = pytest.mark.every_database

QUERY = """query ($id: ID!) {
    customer(id: $id) { number tasks { purpose } consents { category state } contactPoints { value } }
    again: customer(id: $id) { tasks { purpose } }
}"""


async def test_nothing_is_read_beyond_what_one_operation_may_and_nothing_of_it_is_told(
    office: Office,
) -> None:
    ruta = await office.agent("support")
    customer = await office.customer([("contact_point", "support"), ("identity", "support")])
    for _ in range(3):
        await office.task(ruta, customer, "support")

    enough = Context(ruta.actor)
    answered = await BUILT.execute(QUERY, {"id": encode("Customer", customer.id)}, enough)
    assert not answered.errors
    read = Context(ruta.actor).rows - enough.rows
    # The customer twice with three tasks, two consents and a contact point.
    assert read == 2 * (1 + 3) + 2 + 1
    told = len(await entries(Event.READING_RELEASED))

    for most in range(read):
        context = replace(Context(ruta.actor), rows=most)
        answered = await BUILT.execute(QUERY, {"id": encode("Customer", customer.id)}, context)
        assert answered.data is None
        assert [getattr(each.original_error, "code", "") for each in answered.errors or ()] == [
            "QUERY_TOO_COMPLEX"
        ]
        assert answered.extensions in (None, {})
    assert len(await entries(Event.READING_RELEASED)) == told

    assert not (
        await BUILT.execute(
            QUERY, {"id": encode("Customer", customer.id)}, replace(Context(ruta.actor), rows=read)
        )
    ).errors


CLOSE = "mutation ($id: ID!) { taskClose(input: {taskId: $id}) { task { status } userErrors { code } } }"


async def test_a_change_says_that_it_is_done_only_where_it_is(office: Office) -> None:
    ruta, tomas = await office.agent("support"), await office.agent("support")
    customer = await office.customer([("contact_point", "support")])
    mine, his = [await office.task(each, customer, "support") for each in (ruta, tomas)]
    for task, code, status in (
        (his, "FORBIDDEN", TaskStatus.OPEN),
        (mine, "ANSWER_TOO_LARGE", TaskStatus.CLOSED),
    ):
        answered = await BUILT.execute(
            CLOSE, {"id": encode("Task", task.id)}, replace(Context(ruta.actor), rows=0)
        )
        assert [getattr(each.original_error, "code", "") for each in answered.errors or ()] == [code]
        assert answered.data == {"taskClose": None}
        assert (await Task.get(id=task.id)).status == status
