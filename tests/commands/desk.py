"""A database with a support agent at work for one customer, and the commands to ask about them."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from typer.testing import CliRunner, Result

from commands.policy import app
from models import Role
from tests.installation import at_work
from tests.procedures import records

T = TypeVar("T")


class Desk:
    """A database with a support agent at work for one customer, and the command to ask about them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.agent, self.number, self.contact, self.task = self.do(self._people())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Work on the database, on a loop of its own as a command has."""

        async def connected_work() -> T:
            async with at_work(self.url):
                return await work

        return asyncio.run(connected_work())

    def explain(self, *words: str, who: str | None = None, field: str = "ContactPoint.value") -> Result:
        options = ["explain", "--database", self.url, "--as", who or self.agent, "--field", field, *words]
        return CliRunner().invoke(app, options, env={"COLUMNS": "200", "NO_COLOR": "1"})

    def told(self, *words: str, **more: Any) -> tuple[int, str]:
        result = self.explain("--customer", self.number, *words, **more)
        return result.exit_code, result.output

    def who(self, *words: str, field: str = "ContactPoint.value") -> tuple[int, str]:
        """What a privacy officer is told of everybody who could read it, or somebody else who asks."""
        options = ["who", "--database", self.url, "--customer", self.number, "--field", field, *words]
        result = CliRunner().invoke(app, options, env={"COLUMNS": "200", "NO_COLOR": "1"})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    @staticmethod
    async def _people() -> tuple[str, str, str, str]:
        agent = await records.employee(Role.AGENT, login="ruta@office.example")
        customer = await records.customer()
        contact = await records.contact(
            await records.consent(customer.id, expires_at=records.NOON.replace(year=2999))
        )
        until = records.NOON.replace(year=2999)
        task = await records.task(customer.id, assignee_id=agent.id, due_at=until)
        return agent.login, customer.number, str(contact.id), str(task.id)


def words(text: str) -> str:
    """An error as plain words, without the box around it."""
    return " ".join(text.replace("│", " ").split())
