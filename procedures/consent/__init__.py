"""Consents: requested, given, refused, withdrawn, expired; and instructions to end them."""

from procedures.consent import (
    consents,
    contradiction,
    expiry,
    suspension,
    transition,
)
from procedures.consent.consent import (
    confirm,
    contradict,
    defer,
    give,
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
from procedures.consent.recording import give_by_code
from procedures.consent.restored import replay, restate_all
from procedures.consent.states import Action
from procedures.consent.suspension import Wanted
from procedures.consent.transition import Ended, begin_all, decide, end, locked, new, settle
from procedures.consent.usable import longest_usable, required
from procedures.consent.waiting import concerned
