"""Which entries were changed: the ledger is compared with the leaf hashes that a witness has.

Roots show that something was changed; the leaves show what. Entries are compared one by one, so that one that was
removed, added or moved is named alone, and not everything behind it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from procedures.audit.finding import Finding, Trouble, ranges
from vault.merkle import HASH_SIZE


class Leaves:
    """Leaf hashes one after the other, as a witness keeps them in a file."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._count = len(raw) // HASH_SIZE

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[bytes]:
        return (self[number] for number in range(self._count))

    def __getitem__(self, number: int) -> bytes:
        return self._raw[number * HASH_SIZE : (number + 1) * HASH_SIZE]

    def until(self, count: int) -> "Leaves":
        """The first so many of them."""
        return Leaves(self._raw[: count * HASH_SIZE])


@dataclass(frozen=True)
class _Jump:
    """An entry found where its neighbours are not: after the leaf `before` came the leaf `place`."""

    before: int
    place: int


class Alignment:
    """Compares entries with leaves, in the order of the ledger."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._matched = bytearray(len(leaves))
        self._before = -1  # the leaf that the last known entry was
        self._unknown: list[tuple[int, int]] = []  # entry, and the leaf that would be due there
        self._run = 0  # how many unknown entries came since the last known one
        self._jumps: list[_Jump] = []
        self._added: list[int] = []
        self._in_step = True

    @cached_property
    def _places(self) -> dict[bytes, int]:
        # Made only once something is out of step: for a sound ledger it would be the largest cost of all.
        return {leaf: place for place, leaf in enumerate(self._leaves)}

    def take(self, number: int, leaf: bytes) -> bool:
        """Compare the next entry with the leaves; returns whether it is in its place, or newer than all leaves."""
        if 0 <= number < len(self._leaves) and self._leaves[number] == leaf:
            self._match(number)
            return True
        if self._in_step and number >= len(self._leaves):
            return True
        return self._out_of_step(number, leaf)

    def _match(self, place: int) -> None:
        self._matched[place] = True
        self._before, self._run = place, 0

    def _out_of_step(self, number: int, leaf: bytes) -> bool:
        place = self._places.get(leaf)
        if place is None:
            due = self._before + 1 + self._run
            self._run += 1
            if due < len(self._leaves):
                self._in_step = False
                self._unknown.append((number, due))
            return due >= len(self._leaves)
        self._in_step = False
        if self._matched[place]:
            self._added.append(number)
        elif place < self._before:
            self._jump_back(place)
        else:
            if place != self._before + 1:
                self._jumps.append(_Jump(self._before, place))
            self._match(place)
        return False

    def _jump_back(self, place: int) -> None:
        last = self._jumps[-1] if self._jumps else None
        if last is not None and last.place == self._before and place == last.before + 1:
            # It was the entry before this one that did not belong here: it alone was moved to the front.
            self._jumps[-1] = _Jump(len(self._leaves), last.place)
            self._match(place)
        else:
            self._jumps.append(_Jump(self._before, place))
            self._matched[place] = True

    def findings(self) -> list[Finding]:
        """The findings, once all entries were taken."""
        if self._in_step and 0 not in self._matched:
            return []
        missing = {place for place, matched in enumerate(self._matched) if not matched}
        changed = {due for _, due in self._unknown if due in missing}
        added = [*self._added, *(number for number, due in self._unknown if due not in missing)]
        missing -= changed
        cut = set(range(_end_of_rest(missing, len(self._leaves)), len(self._leaves)))
        by_trouble = (
            (Trouble.ENTRY_CHANGED, changed),
            (Trouble.ENTRY_ADDED, added),
            (Trouble.ENTRY_MOVED, self._moved(missing | changed)),
            (Trouble.ENTRY_REMOVED, missing - cut),
            (Trouble.TAIL_CUT, cut),
        )
        return sorted(one for trouble, numbers in by_trouble for one in ranges(trouble, numbers))

    def _moved(self, absent: set[int]) -> list[int]:
        """The entries that were moved; one that only follows a gap was not."""
        back = {jump.place for jump in self._jumps if jump.place < jump.before}
        explained = absent | back
        return [
            jump.place
            for jump in self._jumps
            if jump.place in back or not explained.issuperset(range(jump.before + 1, jump.place))
        ]


def _end_of_rest(missing: set[int], end: int) -> int:
    """The first of the leaves that are missing without a gap up to the end."""
    while end - 1 in missing:
        end -= 1
    return end
