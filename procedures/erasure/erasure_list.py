"""The lists of what must stay erased: one JSON document in a line, outside of the databases, in the witness directory.

They outlive a restored backup: what a list has and one of the databases lacks is to be repeated.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

from models import ConsentState
from models.keys import keybook
from procedures import current
from procedures.ledger import witness
from vault.errors import VaultError


class Line(Protocol):
    """One line, without anything personal."""

    @property
    def id(self) -> UUID:
        """Of the erasure or withdrawal."""

    def encode(self) -> str:
        """The line's text."""


L = TypeVar("L", bound=Line)


class ErasuresDamaged(VaultError):
    """The list of erasures in the witness directory is damaged, so it is not known what must stay erased."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "ERASURES_DAMAGED",
            f"The file `{name}` of the witness directory is damaged. Bring it back from a copy; if there is none, "
            "take out the lines that are no JSON, and erase again whom they may have named.",
        )


def append(name: str, line: Line) -> None:
    """Add a line to a list; it is on disk when this returns.

    Raises:
        WitnessError: that cannot be done.
    """
    witness.append_line(current.addresses().witness, name, line.encode())


def read(name: str, decode: Callable[[str], L]) -> list[L]:
    """The lines of a list, each once.

    Raises:
        ErasuresDamaged: there is a line that `decode` does not understand.
        WitnessError: it cannot be read.
    """
    try:
        lines = [decode(text) for text in witness.lines(current.addresses().witness, name)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ErasuresDamaged(name) from None
    return list({line.id: line for line in lines}.values())


def encoded(states: Mapping[UUID, ConsentState]) -> dict[str, str]:
    """The states of consents as a line holds them."""
    return {str(id): state.value for id, state in states.items()}


def decoded(states: Mapping[str, str]) -> dict[UUID, ConsentState]:
    """The states of consents from a line."""
    return {UUID(id): ConsentState(state) for id, state in states.items()}


async def missing(
    name: str, decode: Callable[[str], L], recorded: Collection[object], incomplete: Collection[object]
) -> list[L]:
    """The lines of a list that one of the databases lacks: a backup was restored.

    Args:
        name: of the list.
        decode: makes a line of its text.
        recorded: the ids that the database has.
        incomplete: those of them that are still to be completed, and so may lack in the key database.
    """
    completed = await keybook.erased() | {str(id) for id in incomplete}
    return [line for line in read(name, decode) if line.id not in recorded or str(line.id) not in completed]
