"""A progress bar for long work: on standard error, so that programs can read standard output."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")

#: Called with how many are done, and how many there are.
Progressed = Callable[[int, int], object]


async def with_progress(label: str, work: Callable[[Progressed], Awaitable[T]]) -> T:
    """What the work returns; meanwhile a progress bar appears as soon as the work first reports progress."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, visible=False)
        return await work(lambda done, total: bar.update(task, completed=done, total=total, visible=True))
