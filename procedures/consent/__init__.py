"""Consents: requested, given, refused, withdrawn, expired; and restriction."""

from procedures.consent import consents, contradiction, expiry, restriction, transition, verification
from procedures.consent.consent import (
    confirm,
    contradict,
    defer,
    give,
    invalidate,
    object,
    refuse,
    request,
    request_in_transaction,
    revoke,
    withdraw,
)
from procedures.consent.consents import ConsentFilter, Counts
from procedures.consent.recording import give_by_code
from procedures.consent.restored import replay, restate_all
from procedures.consent.states import Action
from procedures.consent.transition import begin_all, locked, longest_lasting, new, required
