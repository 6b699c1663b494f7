"""Policies without a database: for checking and tabulating them anywhere."""

from tortoise import Tortoise
from tortoise.context import TortoiseContext


def complete_models() -> None:
    """Let the models know one another, so that `registry.resources` can read them; opens no connection.

    The context is left at once: one that stays would hide the database that is opened later.
    """
    with TortoiseContext():
        Tortoise.init_models(["models"], "models")
