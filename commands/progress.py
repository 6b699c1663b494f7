"""A progress bar for long work, on standard error: what a command prints is for whoever asked, and for programs."""

from collections.abc import Awaitable, Callable
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: Told how many are done, of how many.
Told = Callable[[int, int], object]


async def shown(what: str, work: Callable[[Told], Awaitable[Any]]) -> Any:
    """Do long work under a progress bar, which appears when the work first tells how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, visible=False)
        return await work(lambda done, total: bar.update(task, completed=done, total=total, visible=True))
