"""Consents: requested, given, refused, withdrawn, expired; instructions to end them; and restriction."""

from procedures.consent import consents, expiry, restriction, suspension, transition, verification
from procedures.consent.consent import (
    defer,
    give,
    give_by_code,
    invalidate,
    object,
    object_in_transaction,
    refuse,
    request,
    request_in_transaction,
    revoke,
    withdraw,
)
from procedures.consent.consents import ConsentFilter, Counts
from procedures.consent.restored import replay, restate_all
from procedures.consent.states import Action
from procedures.consent.transition import Ended, begin_all, concerned, decide, end, locked, new, settle
from procedures.consent.usable import longest_usable, required
