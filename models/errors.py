"""What a value that cannot be used is refused with, and the base of every refusal with a code.

VALUE_UNFIT   a value is longer than any that is kept, or of another form; check how it is written
"""


class ProcedureError(Exception):
    """A procedure that did not happen, and changed nothing.

    A kind of error that always says the same says it in its class; for another it is given where it is raised.

    Args:
        code: UPPER_SNAKE and stable; programs may rely on it.
        message: what happened and what to do, without any value.
        field: the GraphQL name of the argument at fault, where there is one.
    """

    code: str
    message: str
    field: str | None = None

    def __init__(self, code: str = "", message: str = "", field: str | None = None) -> None:
        self.code = code or self.code
        self.message = message or self.message
        self.field = field or self.field
        super().__init__(self.message)


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
