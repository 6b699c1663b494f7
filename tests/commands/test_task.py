"""`savas task`, run as an operator runs it."""

import asyncio
from typing import Any

from commands.__main__ import main
from commands.exits import Exit
from models import TaskReview
from tests import installation
from tests.procedures import records


def test_it_lists_what_waits_for_a_review_and_never_a_note(
    database_url: str, capsys: Any, monkeypatch: Any
) -> None:
    async def reviewed() -> list[str]:
        async with installation.at_work(database_url):
            numbers = []
            for _ in range(2):
                customer, boss = await records.customer(), await records.manager()
                task = await records.task(customer.id, assignee_id=boss.actor_id)
                await records.task_review(task, boss.actor_id, (await records.employee()).id)
                numbers.append(customer.number)
            officer = await records.employee()
            first = (await TaskReview.all().prefetch_related("customer"))[0]
            await TaskReview.filter(id=first.id).update(
                verdict="JUSTIFIED", reviewed_by_id=officer.id, reviewed_at=records.NOON
            )
            return [first.customer.number, *(number for number in numbers if number != first.customer.number)]

    monkeypatch.setenv("COLUMNS", "200")
    (done, waits), told = asyncio.run(reviewed()), []
    for words in ([], ["--all"]):
        place = [*installation.words(database_url), "task", "reviews", *words, "--database", database_url]
        assert main(place) == Exit.OK
        told.append(capsys.readouterr().out)
    assert [(done in text, waits in text) for text in told] == [(False, True), (True, True)]
    assert "JUSTIFIED" in told[1]
