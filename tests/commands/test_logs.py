"""Whatever is logged of a failure, by whichever library, its text is not: it may hold a value."""

import asyncio
import gc
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette

from commands import logs
from web import guards

SECRET = "Ona Kazlauskienė"


@pytest.fixture(autouse=True)
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    before = logging.getLogRecordFactory()
    logs.begin()
    yield
    logging.setLogRecordFactory(before)


async def fails() -> None:
    raise ValueError(SECRET)


def test_an_exception_is_logged_by_its_kind_and_its_places(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise RuntimeError(SECRET) from ValueError(SECRET)
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("It failed.")

    assert "It failed.\nRuntimeError, raised at\n  tests/commands/test_logs.py:" in caplog.text
    assert "ValueError, raised at" in caplog.text
    assert SECRET not in caplog.text


async def test_a_task_that_nobody_waits_for_is_logged_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await asyncio.wait([asyncio.create_task(fails())])
    gc.collect()

    assert "FAULT_UNAWAITED  fault=ValueError at=tests/commands/test_logs.py:" in caplog.text
    assert SECRET not in caplog.text


async def test_a_call_that_fails_is_logged_without_what_it_was_called_with(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asyncio.get_running_loop().call_soon(int, SECRET)
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert "FAULT_UNAWAITED  fault=ValueError at=" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_fails_is_logged_without_its_text(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.watch()
    thread = threading.Thread(target=lambda: int(SECRET))
    thread.start()
    thread.join()

    assert "FAULT_UNAWAITED  fault=ValueError at=tests/commands/test_logs.py:" in caplog.text
    assert SECRET not in caplog.text + capsys.readouterr().err


class _Failing:
    def __del__(self) -> None:
        raise ValueError(SECRET)


def test_what_fails_when_it_is_let_go_of_is_logged_without_its_text(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.watch()
    _Failing()
    gc.collect()

    assert "FAULT_UNAWAITED  fault=ValueError at=tests/commands/test_logs.py:" in caplog.text
    assert SECRET not in caplog.text + capsys.readouterr().err


async def test_a_start_that_fails_tells_the_server_no_text(caplog: pytest.LogCaptureFixture) -> None:
    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        await fails()
        yield

    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "lifespan.startup"}

    async def send(message: Any) -> None:
        told.append(message)

    with pytest.raises(ValueError, match=SECRET):
        await guards.guarded(Starlette(lifespan=lifespan))({"type": "lifespan", "state": {}}, receive, send)

    assert told == [{"type": "lifespan.startup.failed"}]
    assert "fault=ValueError at=tests.commands.test_logs:" in caplog.text
    assert SECRET not in caplog.text
