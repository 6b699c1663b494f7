"""From here on entries of the ledger say what rows that decide who may have become; those there are told once.

No table changes: the name alone tells `procedures.installation.migration` that it is this database's first time.
"""

from tortoise import migrations
from tortoise.migrations.operations import Operation


class Migration(migrations.Migration):
    """Nothing but the mark."""

    dependencies = [("models", "0013_request")]

    initial = False

    operations: list[Operation] = []
