"""What customers do with their own data: see to whom they went, add, change, remove and confirm them."""

from procedures.own import contact_point, double_opt_in, recipient
from procedures.own.attestation import attested
from procedures.own.contact_point import ChannelUnavailable
from procedures.own.own_change import ChangedMeanwhile, Wanted, add, alone, change, remove, rewrite, written

__all__ = [
    "ChangedMeanwhile",
    "ChannelUnavailable",
    "Wanted",
    "add",
    "alone",
    "attested",
    "change",
    "contact_point",
    "double_opt_in",
    "recipient",
    "remove",
    "rewrite",
    "written",
]
