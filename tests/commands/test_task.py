"""`savas task`, run as an operator runs it."""

import asyncio
from typing import Any

from commands.__main__ import main
from commands.exits import Exit
from models import ImportedRow, Role, Task, TaskReview
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


def test_it_opens_a_task_for_whom_an_import_brought(database_url: str, capsys: Any, monkeypatch: Any) -> None:
    async def imported() -> tuple[str, str]:
        async with installation.at_work(database_url):
            customer = await records.customer()
            await ImportedRow.create(
                source="shop",
                entity="customer",
                key="7",
                digest=b"",
                record_id=customer.id,
                imported_at=records.NOON,
            )
            boss, agent = await records.employee(Role.MANAGER), await records.employee(Role.AGENT)
            return boss.login, agent.login

    async def tasks() -> int:
        async with installation.at_work(database_url):
            return await Task.all().count()

    boss, agent = asyncio.run(imported())
    words = ["task", "open", "--import", "shop", "--purpose", "support", "--database", database_url]
    found = []
    for more in (["--dry-run"], [], []):
        by = ["--as", boss, "--assign-to", agent, *more]
        assert main([*installation.words(database_url), *words, *by]) == Exit.OK
        found.append((capsys.readouterr().out.strip().splitlines()[-1], asyncio.run(tasks())))

    assert found == [
        ("Would open 1 tasks; 0 customers have one already.", 0),
        ("Opened 1 tasks; 0 customers have one already.", 1),
        ("Opened 0 tasks; 1 customers have one already.", 1),
    ]
    refused = ["--as", agent, "--assign-to", boss, "--purpose", "billing"]
    assert main([*installation.words(database_url), *words, *refused]) == Exit.FAILED
    assert "FORBIDDEN: 1 refused." in capsys.readouterr().out
