"""`savas instruction`, run as an operator runs it."""

import asyncio
from typing import Any

from commands.__main__ import main
from commands.exits import Exit
from models import Instruction, InstructionState
from policies.actor import utc_now
from procedures import instruction
from tests import installation
from tests.people import Office
from tests.procedures.instructing import SAID, objection, scene, single


def test_it_tells_what_waits_and_never_what_was_said(database_url: str, capsys: Any):
    async def recorded() -> str:
        async with installation.at_work(database_url):
            staff, given, herself = await scene(Office(now=utc_now()))
            said = await single(given, staff["at work"])
            await instruction.contradict(said.id, by=herself.actor)
            await objection(given, staff["at work"])
            waiting = Instruction.filter(state=InstructionState.WAITING)
            await waiting.update(recorded_at=utc_now().replace(year=2020), due_at=utc_now())
            return str((await given.customer).number)

    number, told = asyncio.run(recorded()), []
    for words in (["list"], ["list", "--all"]):
        command = [*installation.words(database_url), "instruction", *words, "--database", database_url]
        assert main(command) == Exit.OK
        told.append(capsys.readouterr().out)
    assert [text.count(number) for text in told] == [1, 2]
    assert "OBJECT" in told[0]
    assert "yes" in told[0]
    assert "CONTRADICTED" in told[1]
    assert SAID not in "".join(told)
