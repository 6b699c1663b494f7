"""Plain Oso, asked about records of the database: everything is known, and nothing that was compiled decides."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from policies.conditions import PURPOSE, Facts, Kind, facts
from policies.errors import PolicyError
from policies.judging.engine import Engine
from policies.judging.imagined import classes

#: How many records are loaded at most in answer to one look, so that a partner's history is not.
MOST = 2_000


class NotLoaded(Exception):
    """A rule follows a relation that was not loaded; `path` leads there from the record that is asked about."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(".".join(path))
        self.path = path


class Loaded(Facts):
    """A record with those of its relations that were loaded; the same as another when its id is.

    Raises:
        NotLoaded: a relation was not loaded.
    """

    _path: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._resource.relations:
            raise AttributeError(name)
        raise NotLoaded((*self._path, name))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and bool(self.id == other.id)

    def __hash__(self) -> int:
        return hash(self.id)


class Plain:
    """Plain Oso with the text of policies.

    Which relations the rules follow is learnt: what was missed once is loaded along from then on.

    Args:
        sources: policy text by file name.
        zone: where the clock hangs by which the policies tell days and times.
    """

    def __init__(self, sources: Mapping[str, str], zone: str) -> None:
        self._kinds, self._zone = classes(Loaded), zone
        self._oso = Engine(sources, self._kinds)
        self._followed: dict[tuple[str, str], facts.Shape] = {}

    async def load(self, kind: Kind, record: str, ids: Collection[UUID]) -> list[Loaded]:
        """Records by id, with the relations that rules were seen to follow from them for this kind of actor.

        Raises:
            PolicyError: there are too many records to load.
        """
        followed = self._followed.setdefault((kind.name, record), {})
        loaded: list[Any] = await facts.Loader(self._kinds, MOST).load(record, ids, followed)
        _place(loaded, followed, ())
        return loaded

    def follow(self, kind: Kind, record: str, path: tuple[str, ...]) -> None:
        """Load this relation along from now on.

        Raises:
            PolicyError: it was loaded, so that loading it again is no use.
        """
        tree = self._followed[kind.name, record]
        for step in path[:-1]:
            tree = tree[step]
        if path[-1] in tree:
            raise PolicyError(f"{record}.{'.'.join(path)} does not load")
        tree[path[-1]] = {}

    def reads(
        self, kind: Kind, values: Mapping[str, Any], record: Loaded, fields: Iterable[str]
    ) -> frozenset[str]:
        """Those of some fields that an actor may read of a record, for any of the purposes stated.

        Args:
            kind: of the actor, with all roles.
            values: the question's parameters by name, as `values_of` gives them.
            record: a record that `load` gave.
            fields: of the record.

        Raises:
            NotLoaded: what a rule asks was not loaded.
        """
        people = [
            kind.actor({**values, PURPOSE.name: purpose}, self._zone)
            for purpose in values[PURPOSE.name] or (None,)
        ]
        return frozenset(
            name for name in fields if any(self._oso.reads(one, "read", record, name) for one in people)
        )


def _place(records: Iterable[Any], followed: facts.Shape, path: tuple[str, ...]) -> None:
    """Tell each record the way that leads to it."""
    for record in records:
        record._path = path
        for step, below in followed.items():
            there = vars(record)[step]
            _place(there if isinstance(there, list) else (there,), below, (*path, step))
