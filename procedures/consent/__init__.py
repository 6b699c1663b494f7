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
from procedures.consent.restored import replay, restate_all
from procedures.consent.states import Action
from procedures.consent.transition import begin_all, latest, locked, longest, new, required

__all__ = [
    "Action",
    "Counts",
    "Which",
    "asked",
    "begin_all",
    "confirmed",
    "consents",
    "defer",
    "expiry",
    "give",
    "invalidate",
    "latest",
    "locked",
    "longest",
    "new",
    "object",
    "refuse",
    "replay",
    "request",
    "required",
    "restate_all",
    "restriction",
    "revoke",
    "transition",
    "verification",
    "withdraw",
]
