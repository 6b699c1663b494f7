"""What a failing command says: one line, an exit code, and never a value.

INTERNAL   something failed that should not; run again as `savas --debug …` to see where
"""

import hashlib
import traceback
from collections.abc import Iterator
from pathlib import Path

from commands.exits import Exit

ROOT = Path(__file__).resolve().parent.parent

# By name, so that naming an error costs no import: it can only be raised where its module is loaded.
EXITS = {
    "policies.errors.Refused": Exit.REFUSED,
    "policies.errors.PolicyError": Exit.FAILED,
    "models.errors.Unfit": Exit.USAGE,
    "tortoise.exceptions.ValidationError": Exit.USAGE,
    "models.errors.ProcedureError": Exit.REFUSED,
    "procedures.ledger.witness.WitnessError": Exit.REFUSED,
    "vault.errors.VaultError": Exit.REFUSED,
    "models.database.connection.DatabaseError": Exit.UNREACHABLE,
    "tortoise.exceptions.DBConnectionError": Exit.UNREACHABLE,
    "asyncpg.exceptions.PostgresConnectionError": Exit.UNREACHABLE,
    "asyncpg.exceptions.InvalidAuthorizationSpecificationError": Exit.UNREACHABLE,
    "asyncpg.exceptions.InvalidCatalogNameError": Exit.UNREACHABLE,
    "builtins.ConnectionRefusedError": Exit.UNREACHABLE,
    "builtins.ConnectionResetError": Exit.UNREACHABLE,
    "builtins.TimeoutError": Exit.UNREACHABLE,
    "socket.gaierror": Exit.UNREACHABLE,
}

UNREACHABLE = (
    "DATABASE_UNREACHABLE  The database cannot be reached. Check --database (or SAVAS_DATABASE), "
    "that the server runs, and that its user may sign in."
)


def exit_of(error: BaseException) -> Exit | None:
    """Return the code of an expected failure; None for one that nobody foresaw."""
    for kind in type(error).__mro__:
        if (code := EXITS.get(f"{kind.__module__}.{kind.__qualname__}")) is not None:
            return code
    return None


def failure_line(error: BaseException, *, debug: bool = False) -> tuple[str, Exit]:
    """Return the line to print and the exit code.

    An error of our own speaks for itself: its text is written to hold no value. Any other error's text may hold
    one, so only its kind and the place are told.
    """
    code = exit_of(error)
    if code is None:
        text = (
            f"INTERNAL  Something failed that should not ({type(error).__name__}, incident {incident(error)}). "
            + ("Its places:" if debug else "Run again as `savas --debug …` to see where.")
        )
    elif own := getattr(error, "code", None):
        text = f"{own}  {error}"
    else:
        text = UNREACHABLE if code is Exit.UNREACHABLE else _unstorable()
    if debug:
        text = "\n".join([text, *places(error)])
    return text, code or Exit.FAILED


def incident(error: BaseException) -> str:
    """Return a mark of where and how it failed: the same failure has the same mark, on every machine."""
    return hashlib.sha256("\n".join(places(error)).encode()).hexdigest()[:8]


def _unstorable() -> str:
    from models.errors import Unstorable

    return f"{Unstorable.code}  {Unstorable.message}"


def places(error: BaseException | None) -> Iterator[str]:
    """Lines that say where an error, and what it came from, was raised: kinds, files and lines, no text."""
    while error is not None:
        yield f"{type(error).__name__}, raised at"
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(ROOT) and ".venv" not in path.parts:
        return path.relative_to(ROOT).as_posix()
    return "/".join(path.parts[-2:])
