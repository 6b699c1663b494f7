"""Processes that die at a chosen step, as by `kill -9`: a mine lies before the n-th call of a function.

The function itself stays what it is. `python -m tests.procedures.mined DATABASE KEYS PROVIDER WITNESS` reads what to do
from its input, a line each (`rotate models.keys.keyring.end 1`), forks a child that does it, and says what became of that.
"""

import asyncio
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from policies.offline import complete_models
from policies.policy import in_force
from procedures.consent import expiry
from procedures.installation import migration, opened, restoration
from procedures.keys import indexing, rotation, sealing
from procedures.leaving import legal_hold
from procedures.place import Place
from vault import vault

ROOT = Path(__file__).resolve().parents[2]

WORK: dict[str, Callable[[], Awaitable[Any]]] = {
    "rotate": rotation.rotate,
    "index": rotation.rotate_indexes,
    "replay": restoration.replay,
    "consents": expiry.keep,
    "holds": legal_hold.expire,
    "seal": lambda: sealing.seal_rows(lambda _done, _all: None),
}
#: Settings under which there are several steps, and nobody is waited for.
SMALL: list[tuple[Any, str, float]] = [
    (rotation, "BATCH", 2),
    (indexing, "BATCH", 2),
    (sealing, "BATCH", 2),
    (rotation, "FRESH", 0.0),
    (vault, "FRESH", 0.0),
]


def unhurried() -> None:
    """Take small steps, and wait for nobody: nobody else is there."""
    for module, name, value in SMALL:
        setattr(module, name, value)


def mine(step: str, number: int) -> None:
    """Kill this process at the n-th call of a function or method, before anything of it is done."""
    holder, name = _holder(step)
    real, left = getattr(holder, name), [number]

    def mined(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    for module in (holder, *_faces(name, real)):
        setattr(module, name, mined)


def _faces(name: str, real: Any) -> list[Any]:
    """The packages that show a function; through them it is called as well."""
    loaded = [module for module in list(sys.modules.values()) if hasattr(module, "__path__")]
    return [module for module in loaded if vars(module).get(name) is real]


def _holder(step: str) -> tuple[Any, str]:
    path, _, name = step.rpartition(".")
    try:
        return import_module(path), name
    except ModuleNotFoundError:
        module, _, kind = path.rpartition(".")
        return getattr(import_module(module), kind), name


async def _work(place: Place, what: str) -> None:
    if what == "migrate":
        await migration.migrate(place.database)
        await migration.seal(place, progress=lambda _done, _all: None)
        return
    async with opened(place, mending=True):
        await WORK[what]()


def _live(place: Place, what: str, step: str, number: int) -> None:
    try:
        unhurried()
        mine(step, number)
        asyncio.run(_work(place, what))
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        # The child of a fork leaves without what its parent has registered for the end.
        os._exit(0)


def main() -> None:
    """Do what each line of the input says in a child of its own."""
    database, keys, provider, witness = sys.argv[1:]
    complete_models()
    in_force()
    for line in sys.stdin:
        what, step, number = line.split()
        child = os.fork()
        if not child:
            _live(Place(database, keys, provider, Path(witness)), what, step, int(number))
        _, status = os.waitpid(child, 0)
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else "ended\n")
        sys.stdout.flush()


@contextmanager
def miner(place: Place) -> Iterator[Callable[[str, str, int], str]]:
    """What kills processes on an installation; tells whether one was `killed` or has `ended` before the mine."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.procedures.mined"),
            *(place.database, place.keys, place.provider, str(place.witness)),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdin as asks, process.stdout as says:

        def kill(what: str, step: str, number: int = 1) -> str:
            asks.write(f"{what} {step} {number}\n")
            asks.flush()
            return says.readline().strip()

        yield kill


if __name__ == "__main__":
    main()
