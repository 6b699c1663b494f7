"""Processes of their own, forked from one that has imported everything already, which takes a new one seconds.

What they do is what a new one would do: nothing is open in the one that they are forked from.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Forked:
    """A process that does something; `stdout` is what it says there and on standard error."""

    process: ForkServerProcess
    stdout: TextIO

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process.pid is not None
        return self.process.pid

    @property
    def killed(self) -> bool:
        """Whether it has ended, and by `kill -9`."""
        return self.process.exitcode == -signal.SIGKILL

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; waits until it has ended."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise TimeoutExpired(self.process.name, timeout or 0)
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


@contextmanager
def forked(work: Callable[..., Any], *arguments: Any) -> Iterator[Forked]:
    """A process that does some work and ends; one that has not at the end is killed.

    Args:
        work: a function of a module of the tests that is no test; what it returns is the exit code, nothing being 0.
        arguments: what it is called with.
    """
    hears, says = ready().Pipe(duplex=False)
    process = ready().Process(target=_live, args=(says, work, arguments), daemon=True)
    process.start()
    says.close()
    with open(os.dup(hears.fileno()), encoding="utf-8", errors="replace") as stdout:  # noqa: PTH123 an open file
        hears.close()
        child = Forked(process, stdout)
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
            process.close()


@cache
def ready() -> ForkServerContext:
    """Have the one process from which others are forked; it ends with this one.

    It has a socket among the temporary files: who moves these calls this before.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.warm"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return context


def _live(says: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 a number is wanted
        os.dup2(nothing.fileno(), 0)
    for number in (1, 2):
        os.dup2(says.fileno(), number)
    says.close()
    sys.stdout, sys.stderr = (open(number, "w", buffering=1, encoding="utf-8") for number in (1, 2))  # noqa: PTH123, SIM115 until the end
    code = 1
    try:
        code = work(*arguments) or 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # What its parent has registered for the end is not this one's to do.
        os._exit(code)
