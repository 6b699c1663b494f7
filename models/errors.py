"""What a value that cannot be used is refused with, and the base of every refusal with a code.

VALUE_UNFIT   a value is longer than any that is kept, or of another form; check how it is written
"""

from collections.abc import Iterator
from contextlib import contextmanager


class ProcedureError(Exception):
    """A procedure that did not happen, and changed nothing.

    A kind of error that always says the same says it in its class; for another it is given where it is raised.

    Args:
        code: UPPER_SNAKE and stable; programs may rely on it.
        message: what happened and what to do, without any value.
        field: the GraphQL name of the argument at fault, where there is one; within a list behind the list's name and the
            place in it, as in `postalAddresses.1.country`.

    Attributes:
        others: what was found to be wrong besides.
    """

    code: str
    message: str
    field: str | None = None
    others: "tuple[ProcedureError, ...]" = ()

    def __init__(self, code: str = "", message: str = "", field: str | None = None) -> None:
        self.code = code or self.code
        self.message = message or self.message
        self.field = field or self.field
        super().__init__(self.message)


class Faults:
    """Gathers what is wrong with several values, so that all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[ProcedureError] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Go on after an error."""
        try:
            yield
        except ProcedureError as error:
            self._found += [error, *error.others]

    def refuse(self) -> None:
        """Raise the first error, with the others in it; nothing if there was none."""
        if self._found:
            first, *others = self._found
            first.others = tuple(others)
            raise first


class Unfit(ProcedureError):
    """A value that cannot be used."""

    code: str = "BAD_USER_INPUT"

    def __init__(self, message: str = "", field: str | None = None, *, code: str = "") -> None:
        super().__init__(code, message, field)


class Unstorable(Unfit):
    """A value that no row could have, where Tortoise found that out: its own error repeats the value."""

    code = "VALUE_UNFIT"
    message = "A value is longer than any that is kept, or of another form. Check how it is written."


class RowEmpty(Unfit):
    """A row in which every field that matters is empty."""
