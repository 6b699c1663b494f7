"""Processes that die at a chosen step, as by `kill -9`: a mine lies before the n-th call of a function.

The function itself stays what it is.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any
from uuid import UUID

from policies.actor import Actor
from procedures.consent import expiry
from procedures.current import Addresses
from procedures.installation import migration, opened, restoration
from procedures.keys import indexing, rotation, sealing
from procedures.leaving import legal_hold, withdrawal
from tests.contents import NOON
from tests.forked import forked
from vault import vault

#: What is done, some of it with further words.
WORK: dict[str, Callable[..., Awaitable[Any]]] = {
    "rotate": rotation.rotate,
    "index": rotation.rotate_indexes,
    "replay": restoration.replay,
    "consents": expiry.expire,
    "holds": legal_hold.expire,
    "seal": lambda: sealing.seal_rows(lambda _done, _all: None),
    "leave": lambda customer, number, account, session: _left(
        UUID(customer), number, UUID(account), UUID(session)
    ),
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


async def _left(customer: UUID, number: str, account: UUID, session: UUID) -> None:
    by = Actor("Customer", account, customer_id=customer, session_id=session, clock=lambda: NOON)
    await withdrawal.begin(customer, number, by=by)


async def _work(place: Addresses, what: str, words: Sequence[str]) -> None:
    if what == "migrate":
        await migration.migrate(place.database)
        await migration.seal(place, progress=lambda _done, _all: None)
        return
    async with opened(place, mending=True):
        await WORK[what](*words)


def _live(place: Addresses, what: str, step: str, number: int, words: Sequence[str]) -> None:
    unhurried()
    mine(step, number)
    asyncio.run(_work(place, what, words))


def kill(place: Addresses, what: str, step: str, number: int = 1, *words: str) -> None:
    """Let a process work on an installation until it is killed, before the n-th call of a function."""
    with forked(_live, place, what, step, number, words) as child:
        said = child.stdout.read()
        child.wait()
        assert child.killed, f"{what} ended before {step} ({number}): {said}"
