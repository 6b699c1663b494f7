"""`savas request`, run as an operator runs it."""

import asyncio
from typing import Any

from commands.__main__ import main
from commands.exits import Exit
from models import Request
from policies.actor import utc_now
from tests import installation
from tests.people import Office
from tests.procedures.asking import WANTED, Scene


def test_it_tells_what_is_due_and_never_what_is_asked(database_url: str, capsys: Any):
    async def asked() -> str:
        async with installation.at_work(database_url):
            scene = await Scene.set_up(Office(now=utc_now()))
            await scene.asks()
            await Request.all().update(received_at=utc_now().replace(year=2020), due_at=utc_now())
            await scene.asks("total", "7")
            return scene.customer.number

    number, told = asyncio.run(asked()), []
    for words in (["list"], ["due"], ["due", "--days", "60"]):
        assert (
            main([*installation.words(database_url), "request", *words, "--database", database_url])
            == Exit.OK
        )
        told.append(capsys.readouterr().out)
    assert [text.count(number) for text in told] == [2, 1, 2]
    assert "yes" in told[1]
    assert WANTED not in "".join(told)
