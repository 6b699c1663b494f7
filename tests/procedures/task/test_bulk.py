"""Tasks for whom an import brought: as if each were given alone."""

from uuid import UUID

from models import Customer, CustomerStatus, ImportedRow, Purpose, Role, Task, TaskReview
from procedures.task import bulk
from tests.procedures import records
from tests.procedures.records import NOON


async def imported(*customers: Customer, source: str = "shop") -> None:
    """An import brought them."""
    await ImportedRow.bulk_create(
        ImportedRow(
            source=source, entity="customer", key=str(place), digest=b"", record_id=each.id, imported_at=NOON
        )
        for place, each in enumerate(customers)
    )


async def opened(by=None, to: UUID | None = None, **more) -> bulk.Opened:
    """Open them for support."""
    agent = to or (await records.employee(Role.AGENT)).id
    return await bulk.open_imported("shop", Purpose.SUPPORT, agent, by=by or await records.manager(), **more)


async def test_each_customer_of_the_import_gets_a_task_and_nobody_else(database: str) -> None:
    brought = [await records.customer() for _ in range(3)]
    await imported(*brought)
    await imported(await records.customer(), source="elsewhere")

    assert (await opened()).opened == 3
    assert {task.customer_id for task in await Task.all()} == {each.id for each in brought}


async def test_again_it_opens_none_and_says_so(database: str) -> None:
    await imported(await records.customer(), await records.customer())
    await opened()

    again = await opened()

    assert (again.opened, again.had_one, await Task.all().count()) == (0, 2, 2)


async def test_an_import_is_no_occasion(database: str) -> None:
    """Else whoever brings in a file could give tasks for everybody in it, and nobody would look at that."""
    customer = await records.customer()
    await records.consent(customer.id)
    await imported(customer)

    await opened()

    assert [each.reason for each in await TaskReview.all()] == ["NO_OCCASION"]


async def test_a_dry_run_opens_none(database: str) -> None:
    await imported(await records.customer())

    assert (await opened(dry_run=True)).opened == 1
    assert not await Task.exists()


async def test_what_is_refused_is_counted_by_its_code_and_the_others_are_done(database: str) -> None:
    restricted, gone = await records.customer(), await records.customer()
    await Customer.filter(id=restricted.id).update(restricted=True)
    await Customer.filter(id=gone.id).update(status=CustomerStatus.WITHDRAWN)
    await imported(restricted, gone, await records.customer())

    done = await opened()

    assert (done.opened, done.refused) == (1, {"FORBIDDEN": 1})


async def test_who_is_no_manager_opens_none_and_nobody_gives_them_to_themselves(database: str) -> None:
    await imported(await records.customer())
    agent, boss = records.staff(await records.employee(Role.AGENT), Role.AGENT), await records.manager()

    assert (await opened(agent)).refused == {"FORBIDDEN": 1}
    assert (await opened(boss, boss.actor_id)).refused == {"SELF_ASSIGNMENT": 1}
    assert not await Task.exists()
