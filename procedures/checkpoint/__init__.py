"""Signing the ledger, and handing the signature to witnesses outside."""

from procedures.checkpoint import witnesses
from procedures.checkpoint.checkpoint import Delivery, deliver, issue, keep
