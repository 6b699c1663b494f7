"""One installation: settings, start, migration, jobs of a running server, restored backups."""

from procedures.installation import clock_care, key_care, restoration, upkeep, vocabulary
from procedures.installation.key_care import Status
from procedures.installation.migration import migrate, pending, plain, seal
from procedures.installation.settings import Settings
from procedures.installation.start import opened, opened_sealed
