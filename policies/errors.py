"""The errors of the policies.

PolicyError        the policy files cannot be used as they are; names file and line
Refused            an actor may not do what was asked
Undecided          a decision could not be made, which is a no
StepUpRequired     it is granted, and the session has to be confirmed first
"""

from pathlib import Path
from uuid import UUID


class PolicyError(Exception):
    """The policy text is refused at load; the policy in force stays.

    Args:
        message: what is wrong and how to write it instead.
        file: the policy file, where known.
        line, column: where it stands, counted from 1, where known.
    """

    code = "POLICY_REFUSED"

    def __init__(
        self, message: str, file: str | Path | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        self.message = message
        self.file = None if file is None else Path(file).name
        self.line, self.column = line, column
        self.others: list[PolicyError] = []
        super().__init__(str(self))

    def pointed(self, directory: Path) -> str:
        """The line of a file of this directory at which it points, and a sign below the place; empty without one."""
        if self.file is None or self.line is None or self.column is None:
            return ""
        line = (directory / self.file).read_text("utf-8").splitlines()[self.line - 1]
        return f"    {line}\n    {' ' * (self.column - 1)}^\n"

    def __str__(self) -> str:
        where = (
            f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        )
        return where + self.message


def refuse(errors: list[PolicyError]) -> None:
    """Refuse a text for all that is wrong with it: the first error, which has the others beside it.

    Raises:
        PolicyError: there is one.
    """
    distinct = list(
        {(error.file, error.line, error.column, error.message): error for error in errors}.values()
    )
    if distinct:
        first, *first.others = distinct
        raise first


class Refused(Exception):
    """The policies do not let this actor do this; the message says nothing of what is there.

    Args:
        action: what was asked for.
        record: the type of the record to do it to, where known.
        id: which one was named; it need not exist.
    """

    code = "FORBIDDEN"

    def __init__(self, action: str, record: str | None = None, id: UUID | None = None) -> None:
        self.action, self.record, self.id = action, record, id
        self.message = "You may not do this, or there is nothing here to do it to."
        super().__init__(self.message)


class StepUpRequired(Exception):
    """What was asked for is granted, but only to somebody who has just proved to be there."""

    code = "STEP_UP_REQUIRED"

    def __init__(self) -> None:
        self.message = "Confirm first that it is you: call sessionConfirm with your password, then ask again."
        self.field = None
        super().__init__(self.message)


class Undecided(Refused):
    """The decision failed; closed by default."""
