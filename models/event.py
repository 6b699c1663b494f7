"""What can be recorded: a closed list; `models.ledger.grammar` says what each entry holds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Effect(StrEnum):
    """What can come of a change, beyond what it is about."""

    ERASE = "erase"
    EXPORT = "export"
    GRANT = "grant"
    #: A row that decides who may read is written, and nobody may read more by it.
    NONE = "none"


#: What events were called in entries of older versions.
FORMER: Final[Mapping[object, str]] = {
    f"{noun}.told": f"{noun}.notified"
    for noun in ("lookup", "desk_lookup", "contradiction", "disclosure", "difference")
}


class Event(StrEnum):
    """What happened: noun and participle; and its effect, where it changes who may read, erases or takes data out."""

    effect: Effect | None

    def __new__(cls, value: str, effect: Effect | None = None) -> "Event":
        """An event with its effect."""
        made = str.__new__(cls, value)
        made._value_, made.effect = value, effect
        return made

    @classmethod
    def _missing_(cls, value: object) -> "Event | None":
        """The event that an older version wrote under another name: what was recorded stays as it is."""
        return cls(FORMER[value]) if value in FORMER else None

    LEDGER_STARTED = "ledger.started"
    LEDGER_RESTORED = "ledger.restored"
    LEDGER_EXPORTED = "ledger.exported"
    LEDGER_VERIFIED = "ledger.verified"
    CHECKPOINT_UNDELIVERED = "checkpoint.undelivered"
    READING_RELEASED = "reading.released"
    LOOKUP_MISSED = "lookup.missed"
    LOOKUP_ALARMED = "lookup.alarmed"
    LOOKUP_NOTIFIED = "lookup.notified"
    DESK_LOOKUP_MADE = "desk_lookup.made", Effect.NONE
    DESK_LOOKUP_ALARMED = "desk_lookup.alarmed"
    DESK_LOOKUP_NOTIFIED = "desk_lookup.notified"
    ACTION_REFUSED = "action.refused"
    SESSION_BEGUN = "session.begun", Effect.GRANT
    SESSION_REFUSED = "session.refused"
    SESSION_ENDED = "session.ended", Effect.NONE
    SESSION_CONFIRMED = "session.confirmed", Effect.NONE
    TOTP_ENROLLED = "totp.enrolled", Effect.GRANT
    TOTP_CONFIRMED = "totp.confirmed", Effect.NONE
    TOTP_REMOVED = "totp.removed", Effect.GRANT
    TOTP_RESET = "totp.reset", Effect.GRANT
    TOTP_RECOVERED = "totp.recovered", Effect.NONE
    USER_ADDED = "user.added", Effect.GRANT
    USER_PASSWORD_CHANGED = "user.password_changed", Effect.GRANT
    USER_PASSWORD_VOIDED = "user.password_voided", Effect.NONE
    USER_DEACTIVATED = "user.deactivated", Effect.NONE
    USER_ACTIVATED = "user.activated", Effect.GRANT
    USER_SESSIONS_ENDED = "user.sessions_ended", Effect.NONE
    SECRET_REPLACED = "secret.replaced", Effect.GRANT
    EMPLOYEE_RENAMED = "employee.renamed"
    ROLE_GIVEN = "role.given", Effect.GRANT
    ROLE_TAKEN = "role.taken", Effect.NONE
    ACCESS_CHANGE_NOTIFIED = "access_change.notified"
    PASSWORD_CODE_REQUESTED = "password_code.requested"  # noqa: S105 the name of an event
    PASSWORD_CODE_SENT = "password_code.sent", Effect.NONE
    PASSWORD_CODE_PRINTED = "password_code.printed", Effect.NONE
    PASSWORD_CODE_REFUSED = "password_code.refused"  # noqa: S105 the name of an event
    PASSWORD_CODE_USED = "password_code.used", Effect.NONE
    PARTNER_ADDED = "partner.added", Effect.GRANT
    PARTNER_DEACTIVATED = "partner.deactivated", Effect.NONE
    PARTNER_ACTIVATED = "partner.activated", Effect.GRANT
    PARTNER_NETWORKS_SET = "partner.networks_set", Effect.GRANT
    NOTICE_ADDED = "notice.added"
    DEMO_FILLED = "demo.filled", Effect.GRANT
    IMPORT_WRITTEN = "import.written", Effect.GRANT
    TASK_OPENED = "task.opened", Effect.NONE
    TASK_ASSIGNED = "task.assigned", Effect.GRANT
    TASK_HANDED_BACK = "task.handed_back", Effect.NONE
    TASK_EXTENDED = "task.extended", Effect.GRANT
    TASK_CHANGED = "task.changed"
    TASK_CLOSED = "task.closed", Effect.NONE
    TASK_REVIEW_BEGUN = "task_review.begun", Effect.NONE
    TASK_REVIEW_DECIDED = "task_review.decided", Effect.NONE
    BREAK_GLASS_REQUESTED = "break_glass.requested", Effect.NONE
    BREAK_GLASS_APPROVED = "break_glass.approved", Effect.GRANT
    BREAK_GLASS_REFUSED = "break_glass.refused", Effect.NONE
    BREAK_GLASS_ENDED = "break_glass.ended", Effect.NONE
    BREAK_GLASS_REVIEWED = "break_glass.reviewed"
    CONSENT_REQUESTED = "consent.requested", Effect.NONE
    CONSENT_DEFERRED = "consent.deferred", Effect.NONE
    CONSENT_REFUSED = "consent.refused", Effect.NONE
    CONSENT_GIVEN = "consent.given", Effect.GRANT
    CONSENT_RENEWED = "consent.renewed", Effect.GRANT
    CONSENT_WITHDRAWN = "consent.withdrawn", Effect.NONE
    CONSENT_REVOKED = "consent.revoked", Effect.NONE
    CONSENT_EXPIRED = "consent.expired", Effect.NONE
    CONSENT_INVALIDATED = "consent.invalidated", Effect.NONE
    CONSENT_ADOPTED = "consent.adopted", Effect.NONE
    CONSENT_CONFIRMED = "consent.confirmed", Effect.GRANT
    CONSENT_CONTRADICTED = "consent.contradicted", Effect.NONE
    CONTRADICTION_NOTIFIED = "contradiction.notified"
    INSTRUCTION_RECORDED = "instruction.recorded", Effect.NONE
    INSTRUCTION_CARRIED_OUT = "instruction.carried_out", Effect.NONE
    INSTRUCTION_REFUSED = "instruction.refused", Effect.GRANT
    INSTRUCTION_CONTRADICTED = "instruction.contradicted", Effect.GRANT
    INSTRUCTION_OVERDUE = "instruction.overdue"
    INSTRUCTION_PROVED = "instruction.proved", Effect.NONE
    INSTRUCTION_EXTENDED = "instruction.extended"
    INSTRUCTION_APPROVED = "instruction.approved", Effect.EXPORT
    INSTRUCTION_DELIVERED = "instruction.delivered", Effect.NONE
    INSTRUCTION_HANDED_OVER = "instruction.handed_over", Effect.EXPORT
    INSTRUCTION_CODE_REFUSED = "instruction.code_refused"
    INSTRUCTION_FETCHED = "instruction.fetched", Effect.EXPORT
    RECEIPT_MADE = "receipt.made"
    CUSTOMER_ADDED = "customer.added", Effect.NONE
    INTAKE_BEGUN = "intake.begun"
    INTAKE_REFUSED = "intake.refused"
    INTAKE_COMPLETED = "intake.completed"
    INTAKE_EXPIRED = "intake.expired"
    ACCURACY_ATTESTED = "accuracy.attested"
    EVIDENCE_RECORDED = "evidence.recorded"
    IDENTITY_VERIFIED = "identity.verified"
    VERIFICATION_BEGUN = "verification.begun"
    VERIFICATION_REFUSED = "verification.refused"
    VERIFICATION_COMPLETED = "verification.completed"
    MESSAGE_QUEUED = "message.queued"
    MESSAGE_SENT = "message.sent"
    MESSAGE_FAILED = "message.failed"
    ERASURE_BEGUN = "erasure.begun", Effect.ERASE
    ERASURE_COMPLETED = "erasure.completed"
    WITHDRAWAL_BEGUN = "withdrawal.begun", Effect.ERASE
    WITHDRAWAL_COMPLETED = "withdrawal.completed"
    EXPORT_BEGUN = "export.begun", Effect.EXPORT
    EXPORT_COMPLETED = "export.completed"
    EXPORT_DOWNLOADED = "export.downloaded", Effect.EXPORT
    EXPORT_EXPIRED = "export.expired"
    SCAN_BEGUN = "scan.begun", Effect.NONE
    SCAN_KEPT = "scan.kept", Effect.NONE
    SCAN_REFUSED = "scan.refused", Effect.NONE
    SCAN_OPENED = "scan.opened", Effect.EXPORT
    SCAN_REMOVED = "scan.removed", Effect.ERASE
    SCAN_EXPIRED = "scan.expired"
    SUPPRESSION_LIFTED = "suppression.lifted"
    LEGAL_HOLD_PLACED = "legal_hold.placed", Effect.NONE
    LEGAL_HOLD_KEPT = "legal_hold.kept"
    LEGAL_HOLD_ENDED = "legal_hold.ended", Effect.ERASE
    LEGAL_HOLD_DISCLOSED = "legal_hold.disclosed", Effect.EXPORT
    DISCLOSURE_NOTIFIED = "disclosure.notified"
    LEGAL_HOLD_ERASED = "legal_hold.erased"
    OWN_DATA_CHANGED = "own_data.changed"
    DICTATION_RECORDED = "dictation.recorded"
    DICTATION_CONFIRMED = "dictation.confirmed"
    DICTATION_CONTRADICTED = "dictation.contradicted"
    DICTATION_LAPSED = "dictation.lapsed"
    RESTRICTION_BEGUN = "restriction.begun", Effect.NONE
    RESTRICTION_ENDED = "restriction.ended", Effect.GRANT
    REQUEST_SUBMITTED = "request.submitted", Effect.NONE
    REQUEST_EXTENDED = "request.extended", Effect.GRANT
    REQUEST_GRANTED = "request.granted", Effect.NONE
    REQUEST_REFUSED = "request.refused", Effect.NONE
    REQUEST_WITHDRAWN = "request.withdrawn", Effect.NONE
    REQUEST_OVERDUE = "request.overdue"
    OBLIGATION_ACKNOWLEDGED = "obligation.acknowledged"
    OBLIGATION_CONFIRMED = "obligation.confirmed"
    AGREEMENT_ADDED = "agreement.added", Effect.GRANT
    AGREEMENT_SIGNED = "agreement.signed", Effect.GRANT
    AGREEMENT_ENDED = "agreement.ended", Effect.NONE
    CLOCK_DOUBTED = "clock.doubted", Effect.NONE
    CLOCK_CONFIRMED = "clock.confirmed", Effect.NONE
    RETENTION_ENDED = "retention.ended"
    POLICY_LOADED = "policy.loaded"
    POLICY_REFUSED = "policy.refused"
    POLICY_EXPLAINED = "policy.explained"
    READERS_LISTED = "readers.listed"
    DIFFERENCE_FOUND = "difference.found", Effect.NONE
    DIFFERENCE_NOTIFIED = "difference.notified"
    DIFFERENCE_SETTLED = "difference.settled", Effect.GRANT
    DATABASE_MIGRATED = "database.migrated", Effect.NONE
    ROWS_SEALED = "rows.sealed"
    SEAL_BROKEN = "seal.broken"
    EPOCH_BEGUN = "epoch.begun"
    EPOCH_DESTROYED = "epoch.destroyed"
    INDEX_EPOCH_BEGUN = "index_epoch.begun"
    INDEX_EPOCH_DESTROYED = "index_epoch.destroyed"
    RECOVERY_MADE = "recovery.made"
    SUBMISSION_KEY_BEGUN = "submission_key.begun"
    SUBMISSION_KEY_DESTROYED = "submission_key.destroyed"
    SUBMISSION_REFUSED = "submission.refused"
    PAYMENT_CARD_SUBMITTED = "payment_card.submitted"
    HEALTH_RECORD_SUBMITTED = "health_record.submitted"
    VAULT_OPENED = "vault.opened"
    VAULT_SEALED = "vault.sealed"
    VAULT_REPLAYED = "vault.replayed"
    WORD_LOST = "word.lost"
    WORD_SETTLED = "word.settled"
    WORD_NOTIFIED = "word.notified"
    WORD_REPLAYED = "word.replayed"
