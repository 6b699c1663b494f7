"""What an audit of the ledger may find, in a closed list of codes; findings never hold content of entries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What is wrong: the name is the code that scripts may rely on, the value says it in words."""

    ENTRY_CHANGED = "not what was written"
    ENTRY_REMOVED = "missing"
    ENTRY_ADDED = "put in between, or a copy"
    ENTRY_MOVED = "standing elsewhere than it was written"
    ENTRY_MALFORMED = "not written as entries are, or of no known event"
    LEAF_CHANGED = "with another leaf hash beside it than its own"
    TAIL_CUT = "missing: the end of the ledger was cut off"
    ROOT_DIFFERS = "not what the checkpoint after it was made of"
    HEAD_DIFFERS = "the end of the ledger; its head says otherwise"
    HEAD_MISSING = "the end of the ledger; it has no head"
    RESTORATION_UNKNOWN = "tells of a restored backup, but departs from no witnessed checkpoint"
    WITNESS_LEAVES_DIFFER = "kept by the witness otherwise than its signed checkpoints say"
    CHECKPOINT_FORK = "two of this size state different roots"
    CHECKPOINT_CHANGED = "its row says otherwise than its signed text"
    CHECKPOINT_REMOVED = "a witness has it, the database has not"
    CHECKPOINT_MALFORMED = "its text is none of a checkpoint"
    CHECKPOINT_UNSIGNED = "not signed with the known key"
    CHECKPOINT_FORGED = "its signature does not fit its text"
    KEY_DIFFERS = "the witness knows another signing key than the key provider holds"
    KEY_UNKNOWN = "neither the key provider nor a witness has the key to check them with"


@dataclass(frozen=True, order=True)
class Finding:
    """One trouble, with the entries it concerns; for checkpoints, the size they state."""

    first: int
    last: int
    trouble: Trouble

    def __str__(self) -> str:
        """The line that is printed: code, number, explanation."""
        return f"{self.trouble.name}  {self._subject}: {self.trouble.value}"

    @property
    def _subject(self) -> str:
        if self.trouble.name.startswith("KEY_"):
            return "checkpoints"
        if self.trouble.name.startswith("CHECKPOINT_"):
            return f"checkpoint of size {self.first}"
        if self.first == self.last:
            return f"entry {self.first}"
        return f"entries {self.first} to {self.last}"


def ranges(trouble: Trouble, numbers: Iterable[int]) -> Iterator[Finding]:
    """One finding for each unbroken run of numbers."""
    run: list[int] = []
    for number in sorted(numbers):
        if run and number != run[-1] + 1:
            yield Finding(run[0], run[-1], trouble)
            run = []
        run = [run[0] if run else number, number]
    if run:
        yield Finding(run[0], run[-1], trouble)
