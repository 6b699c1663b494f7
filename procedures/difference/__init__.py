"""Differences between what the server decided and what plain Oso says: recorded, told, closed, and settled by people."""

from procedures.difference.difference import (
    AlreadySettled,
    Seen,
    closed_fields,
    listed,
    record_found,
    settle,
)
from procedures.difference.telling import tell
