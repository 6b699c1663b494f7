"""Work for which nobody waits any more is not gone on with."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from web.errors import HTTPProblem

T = TypeVar("T")

#: Seconds that a query may take, however patient the caller.
SECONDS: Final = 30.0


async def unless(
    work: Awaitable[T], receive: Receive, ends: Callable[[], bool], seconds: float = SECONDS
) -> T:
    """What comes of work, unless the caller hangs up before, or it takes too long.

    Args:
        work: what is done; it is cancelled.
        receive: tells of the caller, whose body was read.
        ends: whether the work may be ended; what changes something is done to its end.
        seconds: how long it may take.

    Raises:
        ClientDisconnect: the caller has hung up.
        HTTPProblem: 503 `TIMED_OUT`.
    """
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({doing, gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if doing.done() or not ends():
            return await doing
        doing.cancel()
        await asyncio.wait({doing})
        raise ClientDisconnect if gone.done() else _too_slow()
    finally:
        gone.cancel()
        doing.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _too_slow() -> HTTPProblem:
    return HTTPProblem(
        503,
        "TIMED_OUT",
        "The query took too long and was ended.",
        "Ask for less at a time, or try again later.",
        headers={"Retry-After": "5"},
    )
