"""The lists of what must stay erased: one JSON document in a line, outside of the databases, in the witness directory.

They outlive a restored backup: what a list has and one of the databases lacks is to be repeated.
"""

import dataclasses
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, Self, TypeVar
from uuid import UUID

from models import Category, ConsentState, Purpose
from models.keys import keybook
from procedures import current
from procedures.ledger import witness
from vault.errors import VaultError

#: By member of a line, how its value is written in JSON and read from it.
_FORMS: Final[dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {
    "id": (str, UUID),
    "customer": (str, UUID),
    "at": (datetime.isoformat, datetime.fromisoformat),
    "category": (str, Category),
    "consents": (
        lambda states: {str(id): state.value for id, state in states.items()},
        lambda states: {UUID(id): ConsentState(state) for id, state in states.items()},
    ),
    "successor": (bytes.hex, bytes.fromhex),
    "purpose": (str, Purpose),
    "notice": (str, UUID),
    "expires_at": (datetime.isoformat, datetime.fromisoformat),
    "state": (str, ConsentState),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: JSON, without anything personal.

    Attributes:
        LIST: the name of the list.
        id: of the erasure, withdrawal or hold.
        customer_id: whose data.
        at: when.
    """

    LIST: ClassVar[str]

    id: UUID
    customer_id: UUID
    at: datetime

    def encode(self) -> str:
        """The line's text."""
        values = {name: _FORMS[name][0](getattr(self, field)) for field, name in self._members()}
        return json.dumps(values, separators=(",", ":"), sort_keys=True)

    @classmethod
    def decode(cls, text: str) -> Self:
        """A line from its text; raises ValueError, KeyError or TypeError when it is none."""
        values = json.loads(text)
        return cls(**{field: _FORMS[name][1](values[name]) for field, name in cls._members()})

    @classmethod
    def _members(cls) -> list[tuple[str, str]]:
        """The fields, with their names in JSON."""
        return [(each.name, each.name.removesuffix("_id")) for each in dataclasses.fields(cls)]


L = TypeVar("L", bound=Line)


class ErasuresDamaged(VaultError):
    """The list of erasures in the witness directory is damaged, so it is not known what must stay erased."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "ERASURES_DAMAGED",
            f"The file `{name}` of the witness directory is damaged. Bring it back from a copy; if there is none, "
            "take out the lines that are no JSON, and erase again whom they may have named.",
        )


def append(*lines: Line) -> None:
    """Add lines of one kind to their list; they are on disk when this returns.

    Raises:
        WitnessError: that cannot be done.
    """
    text = "\n".join(line.encode() for line in lines)
    witness.append_line(current.addresses().witness, lines[0].LIST, text)


def read(kind: type[L]) -> list[L]:
    """The lines of a list, each once.

    Raises:
        ErasuresDamaged: there is a line that is none of this kind.
        WitnessError: it cannot be read.
    """
    try:
        lines = [kind.decode(text) for text in witness.lines(current.addresses().witness, kind.LIST)]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ErasuresDamaged(kind.LIST) from None
    return list({line.id: line for line in lines}.values())


async def missing(kind: type[L], recorded: Collection[object], incomplete: Collection[object]) -> list[L]:
    """The lines of a list that one of the databases lacks: a backup was restored.

    Args:
        kind: of the lines.
        recorded: the ids that the database has.
        incomplete: those of them that are still to be completed, and so may lack in the key database.
    """
    completed = await keybook.erased() | {str(id) for id in incomplete}
    return [line for line in read(kind) if line.id not in recorded or str(line.id) not in completed]
