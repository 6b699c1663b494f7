"""What the exit codes of every command mean."""

from enum import IntEnum


class Exit(IntEnum):
    """The closed list of exit codes; scripts may rely on it."""

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNREACHABLE = 4
    TAKEN = 5

    @property
    def meaning(self) -> str:
        """Say it in words, as the help prints it."""
        return MEANINGS[self]


MEANINGS = {
    Exit.OK: "done",
    Exit.FAILED: "what was asked for failed",
    Exit.USAGE: "wrong usage: unknown command, option or value",
    Exit.REFUSED: "refused, by a policy or by the state of the data",
    Exit.UNREACHABLE: "the database cannot be reached",
    Exit.TAKEN: "nobody can listen at this address: the port is taken, or not to be had",
}
