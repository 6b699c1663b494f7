"""Scans of letters: handed in by parts, sealed at once, read by who decides, and deleted once they have served."""

from procedures.scan.content import files
from procedures.scan.retention import ENDED, end_after_decision, expire
from procedures.scan.scan import About, append, begin, open_, remove
