"""Explanations show rules as they are written, the nearest way through them, and what would open it."""

from dataclasses import replace

import pytest

from models import Customer, Purpose, TaskStatus
from policies.policy import in_force
from tests.policies.office import Office, failing, furnished, line


@pytest.fixture
async def office(database: str) -> Office:
    return await furnished()


async def test_a_rule_and_those_that_it_asks_are_shown_as_they_are_written(office: Office) -> None:
    """The text of the files is the canonical one, so that an auditor finds each line there."""
    lines = (await office.explains()).lines
    text = "\n".join(in_force().sources.values())

    assert lines[1].text == 'allow_field(actor: Anyone, "read", record: Personal, field) if'
    assert [each.text for each in lines if each.depth > 0 and each.text not in text] == []
    file, number = line(await office.explains(), "carries_task(actor, customer, task)").note.split(":")
    assert (
        in_force()
        .sources[file]
        .splitlines()[int(number) - 1]
        .startswith("carries_task(actor, customer, task) if")
    )


async def test_what_would_open_it_is_a_sentence_of_the_fewest_conditions(office: Office) -> None:
    assert (await office.explains()).missing == ""
    await Customer.filter(id=office.customer.id).update(restricted=True)
    office.task.status = TaskStatus.CLOSED
    await office.task.save()

    found = await office.explains()

    release = line(found, found.lines[0].text).note
    assert (
        found.missing
        == f'{release} would grant it if task.status = "OPEN", and if customer.restricted = false.'
    )


async def test_what_would_open_it_says_what_would_have_to_be_there(office: Office) -> None:
    await office.task.delete()

    found = await office.explains()

    assert (
        "would grant it if there were a task in customer.tasks with task.assigneeId = actor.id and"
        in found.missing
    )
    assert 'task.status = "OPEN"' in found.missing
    assert "breakGlasses" not in found.missing


async def test_the_nearest_of_several_purposes_is_shown(office: Office) -> None:
    office.task.status = TaskStatus.CLOSED
    await office.task.save()

    found = await office.explains(replace(office.agent, purposes=frozenset({Purpose.SALES, Purpose.SUPPORT})))

    assert failing(found) == ['task.status = "OPEN"']
