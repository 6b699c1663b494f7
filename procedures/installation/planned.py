"""What the records were and become while migrations are gone through: Tortoise's state of them, without what nobody asks of it.

Tortoise makes all records anew at each operation, copies them before it, in case the operation asks what they were, and
prepares queries of each. Few operations ask, and none queries rows through these records; together that was nine tenths
of the time that migrating took.
"""

from collections.abc import Iterable
from functools import cached_property

from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model


class Records(StateApps):
    """The records of a state, of which no rows are asked; those that changed are made anew when one is asked for."""

    planned: "Planned | None" = None

    def get_model(self, app_label: str, model_name: str | None = None) -> type[Model]:
        """A record as it is by now."""
        if self.planned is not None:
            self.planned.make()
        return super().get_model(app_label, model_name)

    def _build_initial_querysets(self) -> None:
        """Prepare no queries."""


class Planned(State):
    """A state that is copied, and of which records are made, only as far as it is asked."""

    def __init__(self, connections: dict[str, str]) -> None:
        made = Records(default_connections=connections)
        super().__init__({}, made)
        self.changed: set[tuple[str, str]] = set()
        made.planned = self

    def reload_model(self, app_label: str, model_name: str) -> None:
        """A record has changed."""
        self.changed.add((app_label, model_name))

    def reload_models(self, model_tuples: Iterable[tuple[str, str]]) -> None:
        """Some records have changed."""
        self.changed |= set(model_tuples)

    def make(self) -> None:
        """Make the records that changed."""
        changed, self.changed = self.changed & self.models.keys(), set()
        if changed:
            super().reload_models(changed)

    def validate_relations_initialized(self) -> None:
        """Make what changed, then refuse what leads nowhere."""
        self.make()
        super().validate_relations_initialized()

    def clone(self) -> State:
        """The state as it is now, whatever becomes of this one."""
        return _Earlier({key: model.clone() for key, model in self.models.items()}, self.apps)


class _Earlier(State):
    """A state from before an operation."""

    def __init__(self, models: dict[tuple[str, str], ModelState], made_like: StateApps) -> None:
        self.models, self._made_like = models, made_like

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]  # made when it is asked for
        """The records, made of their state."""
        return self._made_like.clone(model_states=self.models)


async def planned(
    loader: MigrationLoader, applied: Iterable[MigrationKey], connections: dict[str, str]
) -> Planned:
    """The state that migrations lead to which were applied already, in their order.

    Args:
        loader: of the migrations.
        applied: their keys.
        connections: the name of the connection by app; empty where there is none.
    """
    state = Planned(connections)
    for key in applied:
        migration = loader.graph.nodes[key]
        assert migration is not None, f"{key} is no file"  # noqa: S101 the plan names only what was read
        await migration.apply(state, dry_run=True, schema_editor=None)
    return state
