"""One installation: settings, start, migration, what a running server does by itself, restored backups."""

from procedures.installation import key_care, restoration, upkeep
from procedures.installation.key_care import Status
from procedures.installation.migration import migrate, pending, plain, seal
from procedures.installation.settings import Settings
from procedures.installation.start import opened

__all__ = [
    "Settings",
    "Status",
    "key_care",
    "migrate",
    "opened",
    "pending",
    "plain",
    "restoration",
    "seal",
    "upkeep",
]
