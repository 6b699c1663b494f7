"""Whose turn it is when there are more requests than places."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from tests.web.house import post
from tests.web.serving import GIVE_UP, serving
from web.errors import HTTPProblem
from web.guards import guarded
from web.places import Places


def test_a_crowd_is_told_to_come_back_and_those_within_are_served():
    inside, leave = threading.Event(), threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/slow":
            inside.set()
            await asyncio.to_thread(leave.wait, GIVE_UP)
        await PlainTextResponse("done")(scope, receive, send)

    with serving(guarded(slow, places=Places(1, 1, waiting=0))) as port:
        answers: list[httpx.Response] = []
        first = threading.Thread(target=_keep(answers, lambda: post(port, path="/slow")))
        first.start()
        assert inside.wait(GIVE_UP)
        turned_away = post(port)
        leave.set()
        first.join(GIVE_UP)

        assert (turned_away.status_code, turned_away.headers["retry-after"]) == (503, "1")
        assert answers[0].status_code == 200
        assert post(port).status_code == 200


def _keep(answers: list[httpx.Response], call: Callable[[], httpx.Response]) -> Callable[[], None]:
    return lambda: answers.append(call())


async def turned_away(places: Places, caller: bytes) -> bool:
    try:
        await places.enter(caller)
    except HTTPProblem as problem:
        return problem.code == "BUSY"
    return False


async def test_a_place_that_becomes_free_goes_to_who_waits():
    places = Places(most=1, each=1, patience=GIVE_UP)
    await places.enter(b"a")
    waiting = asyncio.create_task(places.enter(b"b"))
    await asyncio.sleep(0)
    assert not waiting.done()

    places.leave(b"a")

    await waiting


async def test_who_asks_much_waits_behind_those_who_ask_little():
    places = Places(most=1, each=1, patience=GIVE_UP)
    served = list[bytes]()

    async def ask(caller: bytes) -> None:
        await places.enter(caller)
        served.append(caller)
        places.leave(caller)

    await places.enter(b"x")
    asked = [asyncio.create_task(ask(caller)) for caller in [b"a"] * 5 + [b"b", b"c"]]
    await asyncio.sleep(0)
    places.leave(b"x")
    await asyncio.gather(*asked)

    assert served == [b"a", b"b", b"c", b"a", b"a", b"a", b"a"]


async def test_one_caller_never_has_all_places():
    places = Places(most=4, each=2, waiting=0)
    assert [await turned_away(places, b"a") for _ in range(4)] == [False, False, True, True]
    assert [await turned_away(places, b"b") for _ in range(4)] == [False, False, True, True]


async def test_of_one_caller_only_a_quarter_of_the_waiting_are():
    places = Places(most=1, each=1, waiting=8, patience=GIVE_UP)
    await places.enter(b"x")
    waiting = [asyncio.create_task(turned_away(places, b"a")) for _ in range(4)]
    await asyncio.sleep(0)
    other = asyncio.create_task(turned_away(places, b"b"))
    await asyncio.sleep(0)

    assert [each.done() for each in [*waiting, other]] == [False, False, True, True, False]

    for each in [*waiting, other]:
        each.cancel()


@pytest.mark.parametrize("patience", [0.01])
async def test_who_waits_too_long_is_told_to_come_back_and_takes_no_place(patience: float):
    places = Places(most=1, each=1, patience=patience)
    await places.enter(b"a")

    assert await turned_away(places, b"b")

    places.leave(b"a")
    assert not await turned_away(places, b"b")


async def test_whatever_happens_no_place_is_lost_and_none_is_given_twice():
    """Callers by chance, who come, stay, hang up and are turned away."""
    places, inside, most = Places(most=3, each=2, waiting=4, patience=0.001), Counter[bytes](), 0

    async def visit(caller: bytes, number: int) -> None:
        nonlocal most
        await places.enter(caller)
        inside[caller] += 1
        try:
            most = max(most, inside.total())
            assert inside.total() <= 3
            assert inside[caller] <= 2
            for _ in range(number % 4):
                await asyncio.sleep(0)
        finally:
            inside[caller] -= 1
            places.leave(caller)

    for turn in range(200):
        visits = [asyncio.create_task(visit(b"abc"[n % 3 : n % 3 + 1], n + turn)) for n in range(9)]
        for _ in range(turn % 5):
            await asyncio.sleep(0)
        for each in visits[turn % 3 :: 4]:
            each.cancel()
        for result in await asyncio.gather(*visits, return_exceptions=True):
            assert result is None or isinstance(result, HTTPProblem | asyncio.CancelledError)

    assert most == 3
    assert not inside.total()
    assert [await turned_away(places, caller) for caller in (b"a", b"b", b"c")] == [False] * 3
