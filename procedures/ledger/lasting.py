"""By event, what becomes of it when a backup from before it is restored: a table over all of them.

What somebody asked for or said, and was told that it is so, must not be undone by a backup that does not know it. Every
event has a treatment, and why it is the right one; one without stops the program at its start. What the list beside the
witness has to hold (`procedures.ledger.words`) is said here; `procedures.lost` carries it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from models.event import Event


class After(StrEnum):
    """What becomes of an event that a restored backup does not know."""

    CLOSED = "is closed again before anybody is served"
    REPEATED = "is repeated as soon as the vault is open"
    LISTED = "is listed for whoever must act: savas vault lost"
    LATER = "shows that what was said before it counts no more"
    ELSEWHERE = "is repeated from a list of its own"
    NOTHING = "is lost, and that harms nobody"


#: The treatments of which the list has a line.
WRITTEN: Final = frozenset({After.CLOSED, After.REPEATED, After.LISTED, After.LATER})


@dataclass(frozen=True, slots=True)
class Treatment:
    """What becomes of an event, and why; `about` are the noun and the details that say about what it is.

    Of several events about the same, the latest counts.
    """

    after: After
    why: str
    about: tuple[str, ...] = ()

    def subject(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        """What an entry with these details is about."""
        noun, *details = self.about
        return (noun, *(str(data[detail]) for detail in details))


def _about(*about: str) -> dict[str, Any]:
    return {"about": about}


_ACCESS, _PASSWORD = _about("access", "actor"), _about("password", "actor")
_ROLE, _PARTNER = _about("role", "actor", "role"), _about("partner", "partner")
_TASK, _GLASS = _about("task", "task"), _about("break_glass", "breakGlass")
_USE = _about("use of break_glass", "breakGlass")
_INSTRUCTION, _REQUEST = _about("instruction", "instruction"), _about("request", "request")
_RESTRICTION, _EXPORT = _about("restriction", "customer"), _about("export", "export")
_HOLD, _ROW, _DIFFERENCE = _about("hold", "hold"), _about("row", "row"), _about("difference", "difference")
_DICTATION, _OBLIGATION = _about("dictation", "dictation"), _about("obligation", "obligation")

_AGAIN = "who needs it does it again, and until then there is less, not more"
_CONSENT_LIST = "the list `consents` has each consent that was refused or ended"
_ERASURES = "the lists `erasures` and `withdrawals` have it"
_VOID = "the password of before opens nothing; who it is sets another by a code"
_SEEN = "nobody asked for it; that entries are lost, the ledger tells"
_BY_ITSELF = "it happens again by itself"
_SAID_AGAIN = "whoever said yes since says so again"
_CODE = "codes of the backup are ended, and later ones it does not know"
_TOLD = "it told of what is lost, or is told again"
_TRUST = "the data are trusted less than they could be until it is done again"
_DATA = "the values lay in the lost database alone, so people have to enter them again"

_CLOSED: Final[dict[Event, Treatment]] = {
    event: Treatment(After.CLOSED, why, **about)
    for event, why, about in (
        (Event.SESSION_ENDED, "every session of the backup ends", _about("session", "session")),
        (Event.USER_SESSIONS_ENDED, "every session of the backup ends", _about("sessions", "actor")),
        (Event.USER_DEACTIVATED, "who was deactivated stays so", _ACCESS),
        (Event.USER_PASSWORD_CHANGED, _VOID, _PASSWORD),
        (Event.USER_PASSWORD_VOIDED, _VOID, _PASSWORD),
        (Event.SECRET_REPLACED, "the secret of before opens nothing; an administrator renews it", _PASSWORD),
        (Event.PASSWORD_CODE_USED, _VOID, _PASSWORD),
        (Event.TOTP_CONFIRMED, "a password must not suffice where a second factor was asked for", _PASSWORD),
        (Event.TOTP_RECOVERED, "a recovery code that was used must not serve twice", _PASSWORD),
        (Event.ROLE_TAKEN, "a role that was taken stays taken", _ROLE),
        (Event.PARTNER_DEACTIVATED, "a partner that was deactivated stays so", _PARTNER),
        (Event.AGREEMENT_ENDED, "an agreement that ended stays ended", _about("agreement", "agreement")),
        (Event.TASK_ASSIGNED, "who had the task before has it no more", _TASK),
        (Event.TASK_HANDED_BACK, "who had the task before has it no more", _TASK),
        (Event.TASK_CLOSED, "a closed task opens nothing", _TASK),
        (Event.BREAK_GLASS_REFUSED, "what was refused opens nothing", _GLASS),
        (Event.BREAK_GLASS_ENDED, "what ended opens nothing", _GLASS),
        (Event.RESTRICTION_BEGUN, "nobody uses the data of who had that restricted", _RESTRICTION),
        (Event.REQUEST_WITHDRAWN, "nobody decides what the customer took back", _REQUEST),
        (Event.DIFFERENCE_FOUND, "a field stays closed until people have looked", _DIFFERENCE),
    )
}

_REPEATED: Final[dict[Event, Treatment]] = {
    event: Treatment(After.REPEATED, why, **about)
    for event, why, about in (
        (Event.RESTRICTION_ENDED, "the customer's latest word counts", _RESTRICTION),
        (Event.INSTRUCTION_RECORDED, "it waits again, and suspends again what it suspended", _INSTRUCTION),
        (Event.INSTRUCTION_PROVED, "it waits again with its proof", _INSTRUCTION),
        (Event.INSTRUCTION_EXTENDED, "it waits again until its day", _INSTRUCTION),
        (Event.INSTRUCTION_APPROVED, "it waits again to be approved", _INSTRUCTION),
        (Event.INSTRUCTION_DELIVERED, "it was answered; one that waits in the backup is over", _INSTRUCTION),
        (Event.INSTRUCTION_CARRIED_OUT, "it is over, and nobody carries it out twice", _INSTRUCTION),
        (Event.INSTRUCTION_REFUSED, "it is over, and suspends nothing", _INSTRUCTION),
        (Event.INSTRUCTION_CONTRADICTED, "nobody ends what the customer wants to stay", _INSTRUCTION),
        (Event.OWN_DATA_CHANGED, "what was removed is erased again; what was written is listed", _ROW),
        (Event.SCAN_REMOVED, "what was removed is erased again", _about("scan", "scan")),
    )
}

_LISTED: Final[dict[Event, Treatment]] = {
    event: Treatment(After.LISTED, why, **about)
    for event, why, about in (
        (Event.REQUEST_SUBMITTED, "what was asked for lay in the lost database; its day stays", _REQUEST),
        (Event.REQUEST_EXTENDED, "the customer was told another day", _REQUEST),
        (Event.REQUEST_GRANTED, "the row has its old value again", _REQUEST),
        (Event.DICTATION_RECORDED, _DATA, _DICTATION),
        (Event.DICTATION_CONTRADICTED, "what the customer never said stands there again", _DICTATION),
        (Event.PAYMENT_CARD_SUBMITTED, _DATA, _about("row", "payment_card")),
        (Event.HEALTH_RECORD_SUBMITTED, _DATA, _about("row", "health_record")),
        (Event.INTAKE_COMPLETED, "the customer is unknown, and has to come again", _about("intake", "customer")),
        (Event.EXPORT_BEGUN, "the customer waits for an archive that nobody makes", _EXPORT),
        (Event.SCAN_KEPT, "the letter has to be scanned again", _about("scan", "scan")),
        (Event.LEGAL_HOLD_PLACED, "it has to be placed again before anything is erased", _HOLD),
        (Event.LEGAL_HOLD_DISCLOSED, "the customer is to be told of what was handed over", _HOLD),
        (Event.PARTNER_NETWORKS_SET, "where its clients come from may have been told otherwise since", _PARTNER),
        (Event.BREAK_GLASS_APPROVED, "it was used, and nobody would review it", _USE),
        (Event.TOTP_REMOVED, "an authenticator that is gone is asked for again", _about("totp", "actor")),
        (Event.TOTP_RESET, "an authenticator that is gone is asked for again", _about("totp", "actor")),
        (Event.SUPPRESSION_LIFTED, "who wanted to be reached is kept away again", _about("suppression", "evidence")),
        (Event.WORD_LOST, "it stays listed", _about("lost", "subject")),
    )
}  # fmt: skip

_LATER: Final[dict[Event, Treatment]] = {
    event: Treatment(After.LATER, why, **about)
    for event, why, about in (
        (Event.USER_ACTIVATED, "who was let in again is not shut out", _ACCESS),
        (Event.ROLE_GIVEN, "a role that was given again is not taken", _ROLE),
        (Event.PARTNER_ACTIVATED, "a partner that was let in again is not shut out", _PARTNER),
        (Event.DIFFERENCE_SETTLED, "people have looked", _DIFFERENCE),
        (Event.REQUEST_REFUSED, "the customer has an answer; one that waits in the backup is decided again", _REQUEST),
        (Event.DICTATION_CONFIRMED, "the customer has answered", _DICTATION),
        (Event.EXPORT_DOWNLOADED, "the customer has the archive", _EXPORT),
        (Event.EXPORT_EXPIRED, "the archive is over", _EXPORT),
        (Event.BREAK_GLASS_REVIEWED, "it was reviewed", _USE),
        (Event.SCAN_EXPIRED, "it has served", _about("scan", "scan")),
        (Event.LEGAL_HOLD_ENDED, "the list `holds` has it", _HOLD),
        (Event.WORD_SETTLED, "somebody has seen to it", _about("lost", "subject")),
        (Event.WORD_NOTIFIED, "people were told", _about("notified")),
        (Event.WORD_REPLAYED, "what stands before it is done", _about("replayed")),
    )
}  # fmt: skip


def _all(after: After, why: str, *events: Event) -> dict[Event, Treatment]:
    return {event: Treatment(after, why) for event in events}


_OTHERS: Final[dict[Event, Treatment]] = {
    **_all(
        After.ELSEWHERE, _CONSENT_LIST, Event.CONSENT_REFUSED, Event.CONSENT_WITHDRAWN, Event.CONSENT_REVOKED,
        Event.CONSENT_EXPIRED, Event.CONSENT_INVALIDATED, Event.CONSENT_CONTRADICTED,
    ),
    **_all(
        After.ELSEWHERE, _ERASURES, Event.ERASURE_BEGUN, Event.ERASURE_COMPLETED, Event.WITHDRAWAL_BEGUN,
        Event.WITHDRAWAL_COMPLETED, Event.LEGAL_HOLD_ERASED,
    ),
    **_all(
        After.NOTHING, _SAID_AGAIN, Event.CONSENT_REQUESTED, Event.CONSENT_DEFERRED, Event.CONSENT_GIVEN,
        Event.CONSENT_RENEWED, Event.CONSENT_ADOPTED, Event.CONSENT_CONFIRMED,
    ),
    **_all(
        After.NOTHING, _AGAIN, Event.SESSION_BEGUN, Event.SESSION_CONFIRMED, Event.TOTP_ENROLLED, Event.USER_ADDED,
        Event.EMPLOYEE_RENAMED, Event.PARTNER_ADDED, Event.NOTICE_ADDED, Event.DEMO_FILLED, Event.IMPORT_WRITTEN,
        Event.TASK_OPENED, Event.TASK_EXTENDED, Event.TASK_CHANGED, Event.TASK_REVIEW_BEGUN, Event.TASK_REVIEW_DECIDED,
        Event.BREAK_GLASS_REQUESTED, Event.INTAKE_BEGUN, Event.AGREEMENT_ADDED, Event.AGREEMENT_SIGNED, Event.SCAN_BEGUN,
        Event.INSTRUCTION_HANDED_OVER, Event.INSTRUCTION_FETCHED, Event.OBLIGATION_ACKNOWLEDGED,
        Event.OBLIGATION_CONFIRMED, Event.RECOVERY_MADE,
    ),
    **_all(
        After.NOTHING, "whom a lost intake took in is listed by it; who came by a file or an archive comes by it again",
        Event.CUSTOMER_ADDED,
    ),
    **_all(
        After.NOTHING, _CODE, Event.PASSWORD_CODE_REQUESTED, Event.PASSWORD_CODE_SENT, Event.PASSWORD_CODE_PRINTED,
        Event.PASSWORD_CODE_REFUSED, Event.INSTRUCTION_CODE_REFUSED,
    ),
    **_all(
        After.NOTHING, _TRUST, Event.ACCURACY_ATTESTED, Event.EVIDENCE_RECORDED, Event.IDENTITY_VERIFIED,
        Event.VERIFICATION_BEGUN, Event.VERIFICATION_REFUSED, Event.VERIFICATION_COMPLETED,
    ),
    **_all(
        After.NOTHING, _TOLD, Event.ACCESS_CHANGE_NOTIFIED, Event.CONTRADICTION_NOTIFIED, Event.LOOKUP_NOTIFIED,
        Event.DESK_LOOKUP_NOTIFIED, Event.DIFFERENCE_NOTIFIED, Event.DISCLOSURE_NOTIFIED, Event.MESSAGE_QUEUED,
        Event.MESSAGE_SENT, Event.MESSAGE_FAILED, Event.RECEIPT_MADE,
    ),
    **_all(
        After.NOTHING, _SEEN, Event.LEDGER_STARTED, Event.LEDGER_RESTORED, Event.LEDGER_EXPORTED, Event.LEDGER_VERIFIED,
        Event.CHECKPOINT_UNDELIVERED, Event.READING_RELEASED, Event.LOOKUP_MISSED, Event.LOOKUP_ALARMED,
        Event.DESK_LOOKUP_MADE, Event.DESK_LOOKUP_ALARMED, Event.ACTION_REFUSED, Event.SESSION_REFUSED,
        Event.INTAKE_REFUSED, Event.SUBMISSION_REFUSED, Event.SCAN_REFUSED, Event.SCAN_OPENED, Event.POLICY_LOADED,
        Event.POLICY_REFUSED, Event.POLICY_EXPLAINED, Event.READERS_LISTED, Event.DATABASE_MIGRATED, Event.ROWS_SEALED,
        Event.SEAL_BROKEN, Event.VAULT_OPENED, Event.VAULT_SEALED, Event.VAULT_REPLAYED, Event.EPOCH_BEGUN,
        Event.EPOCH_DESTROYED, Event.INDEX_EPOCH_BEGUN, Event.INDEX_EPOCH_DESTROYED,
    ),
    **_all(
        After.NOTHING, _BY_ITSELF, Event.INSTRUCTION_OVERDUE, Event.REQUEST_OVERDUE, Event.INTAKE_EXPIRED,
        Event.EXPORT_COMPLETED, Event.LEGAL_HOLD_KEPT, Event.DICTATION_LAPSED, Event.CLOCK_DOUBTED,
        Event.CLOCK_CONFIRMED, Event.RETENTION_ENDED, Event.SUBMISSION_KEY_BEGUN, Event.SUBMISSION_KEY_DESTROYED,
    ),
}  # fmt: skip

#: By event, its treatment.
TREATMENTS: Final[Mapping[Event, Treatment]] = {**_CLOSED, **_REPEATED, **_LISTED, **_LATER, **_OTHERS}

#: The events of which the list has a line.
LASTING: Final = frozenset(event for event, each in TREATMENTS.items() if each.after in WRITTEN)

if lacking := set(Event) - TREATMENTS.keys():
    raise RuntimeError(f"what a restored backup loses of these is not decided: {sorted(lacking)}")
