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
from web.places import Caller, Places

A, B, C, X = (Caller(known=True, mark=letter) for letter in (b"a", b"b", b"c", b"x"))
STRANGERS = [Caller(known=False, mark=bytes([number])) for number in range(20)]


def test_a_crowd_is_told_to_come_back_and_those_within_are_served():
    inside, leave = threading.Event(), threading.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/slow":
            inside.set()
            await asyncio.to_thread(leave.wait, GIVE_UP)
        await PlainTextResponse("done")(scope, receive, send)

    with serving(guarded(slow, places=Places(1, 1, waiting=0, refusing=0))) as port:
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


async def turned_away(places: Places, caller: Caller) -> bool:
    try:
        await places.enter(caller)
    except HTTPProblem as problem:
        return problem.code == "BUSY"
    return False


async def test_a_place_that_becomes_free_goes_to_who_waits():
    places = Places(most=1, each=1, patience=GIVE_UP)
    await places.enter(A)
    waiting = asyncio.create_task(places.enter(B))
    await asyncio.sleep(0)
    assert not waiting.done()

    places.leave(A)

    await waiting


async def test_who_asks_much_waits_behind_those_who_ask_little():
    places = Places(most=1, each=1, patience=GIVE_UP)
    served = list[Caller]()

    async def ask(caller: Caller) -> None:
        await places.enter(caller)
        served.append(caller)
        places.leave(caller)

    await places.enter(X)
    asked = [asyncio.create_task(ask(caller)) for caller in [A] * 5 + [B, C]]
    await asyncio.sleep(0)
    places.leave(X)
    await asyncio.gather(*asked)

    assert served == [A, B, C, A, A, A, A]


async def test_one_caller_never_has_all_places():
    places = Places(most=6, each=2, waiting=0, refusing=0)
    assert [await turned_away(places, A) for _ in range(4)] == [False, False, True, True]
    assert [await turned_away(places, B) for _ in range(4)] == [False, False, True, True]


async def test_of_one_caller_only_a_quarter_of_the_waiting_are():
    places = Places(most=1, each=1, waiting=8, patience=GIVE_UP, refusing=0)
    await places.enter(X)
    waiting = [asyncio.create_task(turned_away(places, A)) for _ in range(4)]
    await asyncio.sleep(0)
    other = asyncio.create_task(turned_away(places, B))
    await asyncio.sleep(0)

    assert [each.done() for each in [*waiting, other]] == [False, False, True, True, False]

    for each in [*waiting, other]:
        each.cancel()


@pytest.mark.parametrize("patience", [0.01])
async def test_who_waits_too_long_is_told_to_come_back_and_takes_no_place(patience: float):
    places = Places(most=1, each=1, patience=patience)
    await places.enter(A)

    assert await turned_away(places, B)

    places.leave(A)
    assert not await turned_away(places, B)


async def test_whatever_happens_no_place_is_lost_and_none_is_given_twice():
    """Callers by chance, who come, stay, hang up and are turned away."""
    places, inside, most = Places(most=4, each=2, waiting=4, patience=0.001, refusing=0), Counter[Caller](), 0

    async def visit(caller: Caller, number: int) -> None:
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
        visits = [asyncio.create_task(visit((A, B, C)[n % 3], n + turn)) for n in range(9)]
        for _ in range(turn % 5):
            await asyncio.sleep(0)
        for each in visits[turn % 3 :: 4]:
            each.cancel()
        for result in await asyncio.gather(*visits, return_exceptions=True):
            assert result is None or isinstance(result, HTTPProblem | asyncio.CancelledError)

    assert most == 3
    assert not inside.total()
    assert [await turned_away(places, caller) for caller in (A, B, C)] == [False] * 3


async def test_strangers_leave_places_for_those_who_say_who_they_are_and_these_for_strangers():
    places = Places(most=8, each=4, waiting=0, refusing=0)
    assert [await turned_away(places, each) for each in STRANGERS] == [False] * 6 + [True] * 14
    assert [await turned_away(places, each) for each in (A, B, C)] == [False, False, True]


async def test_who_is_refused_is_not_refused_at_once():
    """Whoever asks again at once whatever the answer costs little so."""
    places = Places(most=1, each=1, waiting=0, refusing=GIVE_UP)
    await places.enter(A)
    refused = asyncio.create_task(turned_away(places, B))
    done, _ = await asyncio.wait({refused}, timeout=0.05)
    assert not done
    refused.cancel()
