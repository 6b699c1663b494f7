"""How `savas task open` opens tasks for whom an import brought, in whose name and for whom."""

from commands.explaining import signed_in
from commands.options import purposes_from
from commands.terminal import with_progress
from policies.actor import Channel
from procedures import task as tasks


async def opened(
    login: str, source: str, purpose: str, assign_to: str, *, dry_run: bool
) -> tasks.bulk.Opened:
    """Open them in the name of whoever has the login.

    Raises:
        typer.BadParameter: there is no such purpose.
    """
    (about,) = purposes_from([purpose], "--purpose")
    by = await signed_in(login, channel=Channel.CONSOLE)
    to = await signed_in(assign_to)
    assert to.actor_id is not None  # noqa: S101 who signs in has an account
    assignee = to.actor_id
    return await with_progress(
        "Opening",
        lambda tell: tasks.bulk.open_imported(source, about, assignee, by=by, dry_run=dry_run, progress=tell),
    )


def summary(done: tasks.bulk.Opened, *, dry_run: bool) -> str:
    """What came of it, in a line, and a line for each code of what was refused."""
    verb = "Would open" if dry_run else "Opened"
    lines = [f"{verb} {done.opened} tasks; {done.had_one} customers have one already."]
    return "\n".join(lines + [f"{code}: {count} refused." for code, count in sorted(done.refused.items())])
