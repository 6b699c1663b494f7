"""Nobody works for a caller who has hung up, unless something is being changed."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import strawberry
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route

from tests.web.serving import GIVE_UP, calling, heard, serving
from web import abandoned
from web.errors import HTTPProblem
from web.graphql import Endpoint
from web.guards import guarded
from web.places import Places


@dataclass
class Work:
    """Work that takes as long as it is let, and tells how it ended."""

    begun: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    let: threading.Event = field(default_factory=threading.Event)
    how: str = ""

    async def run(self) -> str:
        self.begun.set()
        try:
            await asyncio.to_thread(self.let.wait, GIVE_UP)
            self.how = "done"
        except asyncio.CancelledError:
            self.how = "given up"
            raise
        finally:
            self.ended.set()
        return self.how


@strawberry.type
class Query:
    @strawberry.field
    async def slow(self, info: strawberry.Info[Any, None]) -> str:
        info.context.only_reads = True
        return str(await info.context.work.run())

    @strawberry.field
    def quick(self) -> str:
        return "quick"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def change(self, info: strawberry.Info[Any, None]) -> str:
        return str(await info.context.work.run())


SCHEMA = strawberry.Schema(Query, Mutation)


@dataclass
class Context:
    work: Work
    only_reads: bool = False


@contextmanager
def served(work: Work, places: Places) -> Iterator[int]:
    async def context(_: Request) -> Context:
        return Context(work)

    app = guarded(Starlette(routes=[Route("/graphql", Endpoint(SCHEMA, context))]), places=places)
    with serving(app) as port:
        yield port
        work.let.set()


def asked(document: str) -> bytes:
    body = json.dumps({"query": document}).encode()
    head = f"POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def test_a_query_ends_when_its_caller_hangs_up_and_gives_its_place_to_another():
    work = Work()
    with served(work, Places(most=1, each=1, patience=GIVE_UP)) as port:
        with calling(port, asked("{ slow }")):
            assert work.begun.wait(GIVE_UP)
        with calling(port, asked("{ quick }")) as other:
            assert b"quick" in heard(other)

    assert work.how == "given up"


def test_a_change_is_made_to_its_end():
    work = Work()
    with served(work, Places()) as port:
        with calling(port, asked("mutation { change }")):
            assert work.begun.wait(GIVE_UP)
        with calling(port, asked("{ quick }")) as other:
            assert b"quick" in heard(other)
        assert not work.ended.is_set()
        work.let.set()
        assert work.ended.wait(GIVE_UP)

    assert work.how == "done"


async def never() -> dict[str, str]:
    await asyncio.Event().wait()
    return {}


async def at_once() -> dict[str, str]:
    return {"type": "http.disconnect"}


async def test_a_query_that_takes_too_long_is_ended_and_a_change_is_not():
    work = Work()
    with pytest.raises(HTTPProblem) as refused:
        await abandoned.unless(work.run(), never, lambda: True, seconds=0.01)
    assert (refused.value.code, refused.value.status, work.how) == ("TIMED_OUT", 503, "given up")
    work.let.set()

    changing = Work(let=threading.Event())
    waited = asyncio.create_task(abandoned.unless(changing.run(), never, lambda: False, seconds=0.01))
    done, _ = await asyncio.wait({waited}, timeout=0.1)
    assert not done
    changing.let.set()
    assert await waited == "done"


async def test_whoever_hangs_up_is_told_nothing():
    with pytest.raises(ClientDisconnect):
        await abandoned.unless(asyncio.Event().wait(), at_once, lambda: True)


async def test_what_goes_wrong_is_told_as_it_is():
    async def wrong() -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 the very error
        await abandoned.unless(wrong(), never, lambda: True)


async def test_whoever_ends_the_server_ends_the_work():
    work = Work()
    waited = asyncio.create_task(abandoned.unless(work.run(), never, lambda: False))
    await asyncio.to_thread(work.begun.wait, GIVE_UP)

    waited.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waited
    assert work.how == "given up"
    work.let.set()
