"""What every server looks after."""

from typing import Any

from policies.actor import Actor
from procedures.installation import upkeep


async def nothing(_by: Actor, _tell: Any) -> dict[str, Any]:
    return {}


async def test_jobs_have_names_of_their_own():
    names = [job.name for job in upkeep.jobs(nothing)]
    assert len(set(names)) == len(names)
