"""The tables of an empty database, as one script for each kind: what all migrations make, without going through them.

Written from the records, never by hand; a test compares what it makes with what the migrations make.
"""

from pathlib import Path

import models
from models.database import Dialect


def script(kind: Dialect) -> str:
    """The statements that make the tables of an empty database of a kind."""
    return file(kind).read_text(encoding="utf-8")


def file(kind: Dialect) -> Path:
    """Where the script for a kind of database lies."""
    return Path(models.__file__).with_name("migrations") / f"fresh.{kind}.sql"
