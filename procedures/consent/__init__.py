"""Consents: given, refused, asked for, withdrawn, expired; and restriction."""

from procedures.consent import consents, expiry, restriction, transition, verification
from procedures.consent.consent import (
    asked,
    confirmed,
    defer,
    give,
    invalidate,
    object,
    refuse,
    request,
    revoke,
    withdraw,
)
from procedures.consent.consents import Counts, Which
from procedures.consent.states import Action
from procedures.consent.transition import ground, lasting, locked

__all__ = [
    "Action",
    "Counts",
    "Which",
    "asked",
    "confirmed",
    "consents",
    "defer",
    "expiry",
    "give",
    "ground",
    "invalidate",
    "lasting",
    "locked",
    "object",
    "refuse",
    "request",
    "restriction",
    "revoke",
    "transition",
    "verification",
    "withdraw",
]
