"""What customers do with their own data: see to whom they went, add, change, remove and confirm them."""

from procedures.own import (
    contact_point,
    double_opt_in,
    identity,
    own_change,
    own_data,
    postal_address,
    preference,
    recipient,
)
from procedures.own.attestation import attested
from procedures.own.contact_point import ChannelUnavailable
from procedures.own.own_change import ACTIONS, ChangedMeanwhile, Wanted

__all__ = [
    "ACTIONS",
    "ChangedMeanwhile",
    "ChannelUnavailable",
    "Wanted",
    "attested",
    "contact_point",
    "double_opt_in",
    "identity",
    "own_change",
    "own_data",
    "postal_address",
    "preference",
    "recipient",
]
