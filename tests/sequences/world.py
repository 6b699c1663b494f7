"""What happens in a town that nobody says: time passes, the clock goes wrong, the worker works, backups are brought back."""

from random import Random

from policies.actor import utc_now
from procedures import clock
from procedures.errors import ClockDoubted
from procedures.installation import clock_care, restoration, upkeep
from tests.procedures.installed import Copies
from tests.procedures.taking import READ
from tests.sequences.machine import DAY, HOUR, NOTHING
from tests.sequences.stage import Act, Stage


async def passes(stage: Stage, chance: Random) -> Act:
    """Time passes, with the server at work or without."""
    time = chance.choice((HOUR, 8 * HOUR, DAY, 4 * DAY, 9 * DAY, 25 * DAY))
    running = chance.random() < 0.8
    stage.town.machine.passes(time, running=running)
    await clock.look()
    return Act("time passes", "the clock", given={"days": time.days, "running": running})


async def set_clock(stage: Stage, chance: Random) -> Act:
    """Somebody sets the clock, by a little or by years; often it is put right again."""
    wrong = chance.choice((NOTHING, NOTHING, NOTHING, HOUR, DAY, -2 * HOUR, 400 * DAY, 3653 * DAY))
    stage.town.machine.set_wrong(wrong)
    await clock.look()
    return Act("the clock is set", "the clock", given={"wrong": str(wrong)})


async def confirm_clock(stage: Stage, chance: Random) -> Act:
    """Somebody looks at the clock, which is put right before it is confirmed."""
    machine, who = stage.town.machine, stage.town.logins["the privacy officer"]
    machine.set_wrong(NOTHING)
    await clock_care.confirm(who, machine.true.date(), clock=utc_now)
    machine.ahead = NOTHING
    return Act("the clock is confirmed", "the privacy officer")


async def chores(stage: Stage, chance: Random) -> Act:
    """The worker does what is due; what needs the clock waits where that is doubted."""
    waited = []
    for job in upkeep.jobs(READ):
        if job.name in _CHORES:
            try:
                await job.run()
            except ClockDoubted:
                waited.append(job.name)
    return Act("chores", "the worker", given={"waited": waited})


_CHORES = {
    "clock", "checkpoint", "erasure", "consent", "withdrawal", "legal hold", "disclosures", "exports", "intakes",
    "dictations", "client keys", "archives", "password codes", "instructions", "deliveries", "requests", "rotation",
}  # fmt: skip


async def restart(stage: Stage, chance: Random) -> Act:
    """The server is stopped and started; now and then a backup is made meanwhile."""
    await stage.town.close()
    kept = stage.town.embedded and chance.random() < 0.6
    if kept:
        stage.town.backup = Copies(stage.town.place)
    await stage.town.open()
    return Act("backup" if kept else "restart", "the operator")


async def restore(stage: Stage, chance: Random) -> Act:
    """The backup is brought back, and what was erased since is erased again."""
    town = stage.town
    if town.backup is None:
        return Act("restore", "the operator", done=False, code="no backup")
    await town.close()
    town.backup.back("database")
    await town.open(mending=True)
    await restoration.replay()
    await town.close()
    await town.open()
    return Act("restore", "the operator")
