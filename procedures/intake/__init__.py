"""Intakes: a new customer's data and consents, entered by staff in a task or by a visitor who confirms a code."""

from procedures.intake import expiry
from procedures.intake.intake import begin, confirm, open, record
