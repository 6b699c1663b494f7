"""The audit itself, on entries as they come: pure, so that it can be tested on any ledger that somebody could make.

An audit trusts signed checkpoints and nothing else. Those of the database and those handed to witnesses are compared
with the entries; the leaf hashes of a witness only help to name the entry.

A restored backup is no tampering when the ledger says so: an entry `ledger.restored` names the newest witnessed
checkpoint that the ledger departs from, and the checkpoints made between are then those of the lost branch. Only the
system itself may have written since the backup (erasures are repeated before anybody is served).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.ledger import well_formed
from procedures.audit.entry import Restoration, by_system, restoration
from procedures.audit.finding import Finding, Trouble, ranges
from procedures.audit.leaves import Alignment, Leaves
from vault import checkpoint
from vault.checkpoint import CheckpointError
from vault.merkle import EMPTY_ROOT, Frontier, leaf_hash


@dataclass(frozen=True)
class Stated:
    """What a signed checkpoint states: so many entries have this root."""

    size: int
    root: bytes


@dataclass(frozen=True)
class Row:
    """A checkpoint as the database keeps it."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True)
class Evidence:
    """What is stored outside of the database.

    Attributes:
        notes: the signed texts of checkpoints, in the order they were handed over.
        leaves: the leaf hashes of the entries, one after the other.
        public: the signing key that the witness knows.
        provided: the signing key that the key provider holds.
    """

    notes: tuple[str, ...] = ()
    leaves: bytes = b""
    public: bytes | None = None
    provided: bytes | None = None

    @property
    def key(self) -> bytes | None:
        """The key to verify with; that of the witness comes first, for it lies outside of the databases."""
        return self.public or self.provided


@dataclass(frozen=True)
class Head:
    """Where the database says that the ledger ends."""

    size: int
    frontier: bytes


@dataclass(frozen=True)
class Report:
    """The result of an audit.

    Attributes:
        entries: how many were read.
        covered: how many of them a signed checkpoint covers.
        checkpoints: how many signed checkpoints were compared, those of witnesses included.
        witnessed: how many of these a witness has.
        findings: what is wrong, by entry number.
        restorations: the entries about restored backups, with the size of the lost branch.
    """

    entries: int
    covered: int
    checkpoints: int
    witnessed: int
    findings: tuple[Finding, ...]
    restorations: tuple[Restoration, ...] = ()


@dataclass
class _Claims:
    """The signed statements found: those of the database, and those of the witness in their order."""

    rows: list[Stated] = field(default_factory=list)
    witnessed: list[Stated] = field(default_factory=list)

    def all(self) -> Iterator[Stated]:
        yield from self.rows
        yield from self.witnessed


class Check:
    """One audit; entries are taken one by one, in the order of their numbers."""

    def __init__(self, rows: Iterable[Row], evidence: Evidence) -> None:
        self._findings: list[Finding] = []
        self._claims = _Claims()
        self._read_checkpoints(list(rows), evidence)
        self._sizes = {stated.size for stated in self._claims.all()}
        self._leaves = Leaves(evidence.leaves)
        self._leaf_roots = _roots(self._leaves, self._sizes)
        self._alignment = Alignment(self._leaves)
        self._frontier = Frontier()
        self._roots = {0: EMPTY_ROOT}
        self._restorations: list[Restoration] = []
        self._system_since = 0
        self._malformed: list[int] = []
        self._leaf_differs: list[tuple[int, bool]] = []
        self._gaps: list[range] = []
        self._next = 0

    def take(self, number: int, entry: bytes, stored: bytes) -> None:
        """Check one entry and the leaf hash that is stored beside it."""
        leaf = leaf_hash(entry)
        in_place = self._alignment.take(number, leaf)
        if leaf != stored:
            self._leaf_differs.append((number, in_place and number < len(self._leaves)))
        if number != self._next:
            self._gaps.append(range(max(self._next, len(self._leaves)), number))
        self._next = number + 1
        self._frontier.append(leaf)
        if self._frontier.size in self._sizes:
            self._roots[self._frontier.size] = self._frontier.root()
        self._classify(number, entry)

    def _classify(self, number: int, entry: bytes) -> None:
        if not well_formed(entry):
            self._malformed.append(number)
        elif (restored := restoration(number, self._system_since, entry)) is not None:
            self._restorations.append(restored)
        elif by_system(entry):
            return
        self._system_since = number + 1

    def report(self, head: Head | None) -> Report:
        """The result, when all entries were taken."""
        forgotten = self._forgotten()
        lost = {stated for stated in forgotten if not self._holds(stated)}
        claims = [stated for stated in self._claims.all() if stated not in lost]
        self._add(self._entry_findings(claims, lost))
        self._add(self._head_findings(head))
        self._add(self._root_findings(claims))
        self._add(self._fork_findings(claims))
        known = set(self._claims.rows) | forgotten
        removed = {stated.size for stated in self._claims.witnessed if stated not in known}
        self._add(Finding(size, size, Trouble.CHECKPOINT_REMOVED) for size in removed)
        sound = [stated.size for stated in claims if self._holds(stated)]
        return Report(
            self._frontier.size,
            max(sound, default=0),
            len(set(self._claims.all())),
            len(set(self._claims.witnessed)),
            tuple(sorted(set(self._findings))),
            tuple(self._restorations),
        )

    def _holds(self, stated: Stated) -> bool:
        return self._roots.get(stated.size) == stated.root

    def _add(self, findings: Iterable[Finding]) -> None:
        self._findings.extend(findings)

    def _read_checkpoints(self, rows: list[Row], evidence: Evidence) -> None:
        """Verify every signature; checkpoints without a valid one are reported and used no further."""
        public = evidence.key
        if evidence.public and evidence.provided and evidence.public != evidence.provided:
            self._findings.append(Finding(0, 0, Trouble.KEY_DIFFERS))
        if public is None:
            if rows or evidence.notes:
                self._findings.append(Finding(0, 0, Trouble.KEY_UNKNOWN))
            return
        for row in rows:
            stated = self._verified(row.note, public, row.size)
            if stated is not None:
                self._claims.rows.append(stated)
                if (row.size, row.root) != (stated.size, stated.root):
                    self._findings.append(Finding(row.size, row.size, Trouble.CHECKPOINT_CHANGED))
        for place, note in enumerate(evidence.notes):
            if (stated := self._verified(note, public, place)) is not None:
                self._claims.witnessed.append(stated)

    def _verified(self, note: str, public: bytes, place: int) -> Stated | None:
        try:
            signed = checkpoint.verified(note, public)
        except CheckpointError as error:
            size = _stated_size(note, place)
            self._findings.append(Finding(size, size, Trouble[error.code]))
            return None
        return Stated(signed.size, signed.root)

    def _forgotten(self) -> set[Stated]:
        """The witnessed checkpoints that restored backups lack, by the entries about the restorations."""
        forgotten: set[Stated] = set()
        order = self._claims.witnessed
        for restored in self._restorations:
            last_known = Stated(restored.size, restored.root)
            if last_known not in order:
                self._findings.append(Finding(restored.number, restored.number, Trouble.RESTORATION_UNKNOWN))
                continue
            if self._holds(last_known):
                # The backup has all entries that it covers: of the checkpoints it lacks this one alone.
                forgotten.add(last_known)
                continue
            before = order[: len(order) - order[::-1].index(last_known)]
            forgotten |= {stated for stated in before if stated.size >= restored.since}
        return forgotten

    def _entry_findings(self, claims: list[Stated], lost: set[Stated]) -> Iterator[Finding]:
        yield from ranges(Trouble.ENTRY_MALFORMED, self._malformed)
        for gap in self._gaps:
            yield from ranges(Trouble.ENTRY_REMOVED, gap)
        reliable, end = self._reliable_leaves(claims, lost)
        located = [one for one in self._alignment.findings() if one.first < reliable]
        yield from (Finding(one.first, min(one.last, reliable - 1), one.trouble) for one in located)
        if reliable < end:
            yield Finding(reliable, end - 1, Trouble.WITNESS_LEAVES_DIFFER)
        changed = {number for one in located for number in range(one.first, one.last + 1)}
        for number, sound in self._leaf_differs:
            if number not in changed:
                yield Finding(number, number, Trouble.LEAF_CHANGED if sound else Trouble.ENTRY_CHANGED)

    def _reliable_leaves(self, claims: list[Stated], lost: set[Stated]) -> tuple[int, int]:
        """Up to where the witness's leaves are those it signed for, and where the first of another kind would end.

        Leaves of a branch that a restoration left behind are sound, but say nothing about this ledger.
        """
        for stated in sorted(lost, key=lambda one: one.size, reverse=True):
            if self._leaf_roots.get(stated.size) == stated.root:
                start = min(restored.since for restored in self._restorations)
                return start, start
        sound = 0
        for stated in sorted(claims, key=lambda one: one.size):
            if stated in self._claims.witnessed and stated.size in self._leaf_roots:
                if self._leaf_roots[stated.size] != stated.root:
                    return sound, stated.size
                sound = stated.size
        return len(self._leaves), 0

    def _head_findings(self, head: Head | None) -> Iterator[Finding]:
        end = max(self._next - 1, 0)
        if head is None:
            yield Finding(end, end, Trouble.HEAD_MISSING)
        elif (head.size, head.frontier) != (self._frontier.size, self._frontier.encode()):
            yield Finding(end, end, Trouble.HEAD_DIFFERS)

    def _root_findings(self, claims: list[Stated]) -> Iterator[Finding]:
        """The first stretch of entries that does not come to a signed root, unless its trouble is named already."""
        located = [one.first for one in self._findings if one.trouble in _LOCATED]
        sound = 0
        for stated in sorted(claims, key=lambda one: one.size):
            if self._holds(stated):
                sound = stated.size
                continue
            if stated.size > self._next:
                if not any(one.trouble is Trouble.TAIL_CUT for one in self._findings):
                    largest = max(one.size for one in claims)
                    yield Finding(self._next, largest - 1, Trouble.TAIL_CUT)
            elif not any(first < stated.size for first in located):
                yield Finding(sound, stated.size - 1, Trouble.ROOT_DIFFERS)
            return

    def _fork_findings(self, claims: list[Stated]) -> Iterator[Finding]:
        roots: dict[int, set[bytes]] = defaultdict(set)
        for stated in claims:
            roots[stated.size].add(stated.root)
        return (Finding(size, size, Trouble.CHECKPOINT_FORK) for size in roots if len(roots[size]) > 1)


_LOCATED = {
    Trouble.ENTRY_CHANGED,
    Trouble.ENTRY_REMOVED,
    Trouble.ENTRY_ADDED,
    Trouble.ENTRY_MOVED,
    Trouble.TAIL_CUT,
}


def _roots(leaves: Leaves, sizes: set[int]) -> dict[int, bytes]:
    """The roots of the first so many leaves, for each size that there is."""
    frontier, roots = Frontier(), {0: EMPTY_ROOT}
    for leaf in leaves:
        frontier.append(leaf)
        if frontier.size in sizes:
            roots[frontier.size] = frontier.root()
    return roots


def _stated_size(note: str, place: int) -> int:
    """The size that an unsigned note claims, to name it by; its place where it claims none."""
    try:
        return checkpoint.parse(note)[0].size
    except CheckpointError:
        return place
