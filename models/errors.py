"""What a value that cannot be used is refused with, and the base of every refusal with a code."""


class ProcedureError(Exception):
    """A procedure that did not happen, and changed nothing.

    Args:
        code: UPPER_SNAKE and stable; programs may rely on it.
        message: what happened and what to do, without any value.
        field: the GraphQL name of the argument at fault, where there is one.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        self.code = code
        self.message = message
        self.field = field
        super().__init__(message)


class Unfit(ProcedureError):
    """A value that cannot be used."""

    def __init__(self, message: str, field: str | None = None, *, code: str = "BAD_USER_INPUT") -> None:
        super().__init__(code, message, field)


class RowEmpty(Unfit):
    """A row in which every field that matters is empty."""
