"""What is logged of a failure, whoever logs it: its kind and its places, never its text, which may hold a value.

FAULT_UNAWAITED   something failed that nobody waited for; the line has the kind of the error, and where it was raised
"""

import logging
import sys
import threading
from typing import Any, Final

from commands.failures import places

log = logging.getLogger("savas.faults")

#: Whose errors are told with the objects that they concern, and those with what they hold.
_TELLING: Final = "asyncio"


def begin() -> None:
    """From now on every record of every logger is such a one."""
    logging.setLogRecordFactory(_record)


def watch() -> None:
    """Log likewise what would be printed whole: the failure of a thread, and of what is being let go of."""
    threading.excepthook = _unawaited
    sys.unraisablehook = _unawaited


def _record(*given: Any, **more: Any) -> logging.LogRecord:
    record = logging.LogRecord(*given, **more)
    error = record.exc_info[1] if record.exc_info else None
    if record.name == _TELLING and record.levelno >= logging.ERROR:
        record.msg, record.args, record.exc_info = _line(error), None, None
    elif error is not None:
        # Every formatter takes this for its own work, done before.
        record.exc_text = "\n".join(places(error))
    return record


def _unawaited(failed: Any) -> None:
    log.error(_line(failed.exc_value))


def _line(error: BaseException | None) -> str:
    told = list(places(error))
    where = told[-1].strip() if len(told) > 1 else "-"
    return f"FAULT_UNAWAITED  fault={type(error).__name__} at={where}"
