"""Data taken in with the consents given for them: by staff in a task, or by a visitor whose code came back."""

from procedures.intake import expiry
from procedures.intake.intake import begin, confirm, open, record

__all__ = [
    "begin",
    "confirm",
    "expiry",
    "open",
    "record",
]
