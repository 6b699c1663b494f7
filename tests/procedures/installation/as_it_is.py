"""All our migrations in one step: for what is tried on top of them, and where what each of them did does not matter.

Reading them one after the other takes seconds; that they lead to the records as they are is proved for itself.
"""

from inspect import isclass

from tortoise import Model
from tortoise.migrations.operations import Operation
from tortoise.migrations.schema_generator.state import ModelState, State

import models


class AsItIs(Operation):
    """The records as they are, known all at once; of a database that has them already."""

    def state_forward(self, app_label: str, state: State) -> None:
        known = {
            (app_label, record.__name__): ModelState.make_from_model(app_label, record)
            for record in vars(models).values()
            if isclass(record) and issubclass(record, Model) and not record._meta.abstract
        }
        state.models |= known
        state.reload_models(known)
