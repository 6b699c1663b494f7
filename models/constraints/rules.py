"""What the database itself refuses, whoever writes: rules that no migration may lose.

The rules are declared here and put in place by every migration, because a rebuilt table on SQLite
loses its indexes and triggers. A refusal carries one of these codes and never a value:

- `CONSENT_REQUIRED`: a personal row without a permitting consent of its customer and category, or a new one under a
  suspended consent
- `CONSENT_IN_USE`: a consent may not stop permitting while rows rest on it
- `CUSTOMER_LEFT`: a consent may not begin to permit once its customer has left
- `CONSENT_FIXED`: a consent never changes its customer, category or purpose
- `CONSENT_EVENTS_APPEND_ONLY`: what happened to a consent is never edited
- `NOTICE_FIXED`: the notice that somebody was shown is never edited
- `RECEIPT_FIXED`: the receipt that somebody was given is never edited
- `LEDGER_APPEND_ONLY`: an entry of the ledger is never edited
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from models.declaration import PERSONAL

Kind = Literal["index", "check", "trigger", "function"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name in the catalogue, its table (empty for a function), and what creates it."""

    kind: Kind
    name: str
    table: str
    sql: str


#: CHECK constraints: table, name and condition; `{row}` stands for the row, where it must be named.
CHECKS = (
    ("consents", "consents_permits", "{row}permits = ({row}state IN ('GIVEN', 'RENEWED_CONSENT_GIVEN'))"),
    (
        "consents",
        "consents_denies",
        "NOT {row}denies OR {row}state IN ('REFUSED', 'WITHDRAWN', 'REVOKED', 'INVALIDATED')",
    ),
    # What permits nothing has nothing to suspend.
    ("consents", "consents_suspended", "{row}suspended_by_id IS NULL OR {row}permits"),
    ("accounts", "accounts_customer", "({row}kind = 'CUSTOMER') = ({row}customer_id IS NOT NULL)"),
    (
        "agreements",
        "agreements_term",
        "{row}until_at > {row}from_at AND {row}signed = ({row}signed_at IS NOT NULL)",
    ),
    # Nobody approves or reviews their own request afterwards, and nothing opens that nobody approved.
    (
        "break_glasses",
        "break_glasses_hands",
        (
            "({row}decided_by_id IS NULL OR {row}decided_by_id <> {row}requested_by_id)"
            " AND ({row}reviewed_by_id IS NULL OR"
            " ({row}reviewed_by_id <> {row}requested_by_id AND {row}reviewed_by_id <> {row}decided_by_id))"
            " AND ({row}opened_at IS NULL OR {row}decided_by_id IS NOT NULL)"
            " AND ({row}state <> 'APPROVED' OR {row}opened_at IS NOT NULL)"
            " AND ({row}verdict IS NULL) = ({row}reviewed_by_id IS NULL)"
        ),
    ),
    # Nobody reviews a task that they gave or had.
    (
        "task_reviews",
        "task_reviews_hands",
        (
            "({row}reviewed_by_id IS NULL OR"
            " ({row}reviewed_by_id <> {row}given_by_id AND {row}reviewed_by_id <> {row}given_to_id))"
            " AND ({row}verdict IS NULL) = ({row}reviewed_by_id IS NULL)"
            " AND ({row}verdict IS NULL) = ({row}reviewed_at IS NULL)"
        ),
    ),
    # A decided request has the instant of its decision, an extended one that of its extension.
    (
        "requests",
        "requests_states",
        (
            "({row}state IN ('GRANTED', 'REFUSED')) = ({row}decided_at IS NOT NULL)"
            " AND ({row}state <> 'EXTENDED' OR {row}extended_at IS NOT NULL)"
            " AND {row}due_at > {row}received_at"
        ),
    ),
    # Nobody decides on what they recorded, and what waits is decided by nobody yet.
    (
        "instructions",
        "instructions_hands",
        (
            "({row}state = 'WAITING') = ({row}decided_by_id IS NULL)"
            " AND ({row}decided_by_id IS NULL) = ({row}decided_at IS NULL)"
            " AND ({row}decided_by_id IS NULL OR {row}decided_by_id <> {row}recorded_by_id)"
            " AND {row}due_at > {row}recorded_at"
        ),
    ),
    ("differences", "differences_settled", "({row}settlement IS NULL) = ({row}settled_at IS NULL)"),
)


def _unique(name: str, table: str, columns: str, condition: str = "") -> Rule:
    sql = f"CREATE UNIQUE INDEX {name} ON {table} ({columns}){condition}"
    return Rule("index", name, table, sql)


INDEXES = (
    _unique("consents_one_permitting", "consents", "customer_id, category, purpose", " WHERE permits"),
    # A refusal that stands and a consent that permits exclude each other.
    _unique("consents_one_word", "consents", "customer_id, category, purpose", " WHERE permits OR denies"),
    _unique("sessions_token_hash", "sessions", "token_hash"),
    _unique("intakes_key_digest", "intakes", "key_digest"),
    _unique("break_glasses_reason_digest", "break_glasses", "reason_digest"),
    # However many processes see it, and however often.
    _unique("differences_one_open", "differences", "field, granted", " WHERE settled_at IS NULL"),
    _unique("clock_doubts_one_open", "clock_doubts", "kind, ending", " WHERE ended_at IS NULL"),
    _unique("personal_codes_country_digest", "personal_codes", "country_digest"),
)

_FIXED = "NEW.id <> OLD.id OR NEW.customer_id <> OLD.customer_id OR NEW.category <> OLD.category"
_FIXED += " OR NEW.purpose <> OLD.purpose"
_THERE = "EXISTS (SELECT 1 FROM customers WHERE id = NEW.customer_id AND status = 'ACTIVE')"


def personal_tables() -> dict[str, str]:
    """The category of each table that holds personal data."""
    return {model._meta.db_table: category.value for category, model in PERSONAL.items()}


def sqlite_rules() -> list[Rule]:
    """The rules of an embedded database; its CHECKs are triggers, which need no rebuilt table."""
    return [
        *INDEXES,
        *_sqlite_checks(),
        *_sqlite_consent_required(),
        *_sqlite_consents(),
        *_sqlite_kept(),
    ]


def postgres_rules() -> list[Rule]:
    """The rules of a PostgreSQL database; a function comes before the triggers that call it."""
    return [*INDEXES, *_postgres_checks(), *_postgres_functions(), *_postgres_triggers()]


def _sqlite_trigger(name: str, event: str, table: str, condition: str, code: str) -> Rule:
    sql = (
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{code}'); END"
    )
    return Rule("trigger", name, table, sql)


def _sqlite_checks() -> Iterator[Rule]:
    for table, name, condition in CHECKS:
        broken = f"NOT ({condition.format(row='NEW.')})"
        for event in ("INSERT", "UPDATE"):
            yield _sqlite_trigger(f"{name}_{event.lower()}", event, table, broken, f"CHECK {name}")


def _sqlite_consent_required() -> Iterator[Rule]:
    for table, category in personal_tables().items():
        condition = (
            "NOT EXISTS (SELECT 1 FROM consents WHERE id = NEW.consent_id"  # noqa: S608 names from the code
            f" AND customer_id = NEW.customer_id AND category = '{category}' AND permits{{suspended}})"
        )
        # Rows that are there stay where they are under a suspended consent, and none is added.
        for event, suspended in (("INSERT", " AND suspended_by_id IS NULL"), ("UPDATE", "")):
            name = f"{table}_consent_{event.lower()}"
            broken = condition.format(suspended=suspended)
            yield _sqlite_trigger(name, event, table, broken, "CONSENT_REQUIRED")


def _resting() -> str:
    """Whether any personal row rests on the consent that is being changed."""
    tables = personal_tables()
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE consent_id = OLD.id)" for table in tables)  # noqa: S608 names from the code


def _sqlite_consents() -> Iterator[Rule]:
    in_use = f"OLD.permits AND NOT NEW.permits AND ({_resting()})"
    replaced = "EXISTS (SELECT 1 FROM consents WHERE id = NEW.id)"
    yield _sqlite_trigger("consents_in_use", "UPDATE", "consents", in_use, "CONSENT_IN_USE")
    for event, begins in (("INSERT", "NEW.permits"), ("UPDATE", "NEW.permits AND NOT OLD.permits")):
        name = f"consents_left_{event.lower()}"
        yield _sqlite_trigger(name, event, "consents", f"{begins} AND NOT {_THERE}", "CUSTOMER_LEFT")
    yield _sqlite_trigger("consents_fixed", "UPDATE", "consents", _FIXED, "CONSENT_FIXED")
    # INSERT OR REPLACE deletes a row without firing the triggers on deletion.
    yield _sqlite_trigger("consents_replaced", "INSERT", "consents", replaced, "CONSENT_FIXED")


#: Tables to which rows are only ever added: the code of the refusal.
APPEND_ONLY = {"consent_events": "CONSENT_EVENTS_APPEND_ONLY", "ledger_entries": "LEDGER_APPEND_ONLY"}

#: Tables whose rows may go, but never change: the code of the refusal.
NEVER_EDITED = {"notices": "NOTICE_FIXED", "receipts": "RECEIPT_FIXED"}


def _sqlite_kept() -> Iterator[Rule]:
    for table, code in {**APPEND_ONLY, **NEVER_EDITED}.items():
        key = "number" if table == "ledger_entries" else "id"
        replaced = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 names from the code
        yield _sqlite_trigger(f"{table}_update", "UPDATE", table, "1", code)
        yield _sqlite_trigger(f"{table}_replaced", "INSERT", table, replaced, code)
        if table in APPEND_ONLY:
            yield _sqlite_trigger(f"{table}_delete", "DELETE", table, "1", code)


def _postgres_checks() -> Iterator[Rule]:
    for table, name, condition in CHECKS:
        check = condition.format(row="")
        yield Rule("check", name, table, f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})")


def _postgres_function(name: str, body: str) -> Rule:
    sql = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
    return Rule("function", name, "", sql)


def _raise(code: str) -> str:
    return f"RAISE EXCEPTION '{code}' USING ERRCODE = 'integrity_constraint_violation';"


def _postgres_functions() -> Iterator[Rule]:
    # FOR SHARE makes a withdrawal under way and a row being written wait for each other.
    yield _postgres_function(
        "savas_consent_required",
        " BEGIN PERFORM 1 FROM consents WHERE id = NEW.consent_id AND customer_id = NEW.customer_id"
        " AND category = TG_ARGV[0] AND permits"
        " AND (TG_OP = 'UPDATE' OR suspended_by_id IS NULL) FOR SHARE;"
        f" IF NOT FOUND THEN {_raise('CONSENT_REQUIRED')} END IF; RETURN NEW; END ",
    )
    yield _postgres_function(
        "savas_consent_kept",
        f" BEGIN IF {_FIXED} THEN {_raise('CONSENT_FIXED')} END IF;"
        f" IF OLD.permits AND NOT NEW.permits AND ({_resting()}) THEN {_raise('CONSENT_IN_USE')} END IF;"
        " RETURN NEW; END ",
    )
    # FOR SHARE again: a consent being given and its customer leaving wait for each other.
    yield _postgres_function(
        "savas_consent_there",
        " BEGIN IF NEW.permits THEN PERFORM 1 FROM customers WHERE id = NEW.customer_id AND status = 'ACTIVE' FOR SHARE;"
        f" IF NOT FOUND THEN {_raise('CUSTOMER_LEFT')} END IF; END IF; RETURN NEW; END ",
    )
    for table, code in {**APPEND_ONLY, **NEVER_EDITED}.items():
        yield _postgres_function(f"savas_{table}_kept", f" BEGIN {_raise(code)} END ")


def _postgres_trigger(name: str, event: str, table: str, call: str, for_each: str = "ROW") -> Rule:
    sql = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {for_each} EXECUTE FUNCTION {call}"
    return Rule("trigger", name, table, sql)


def _postgres_triggers() -> Iterator[Rule]:
    for table, category in personal_tables().items():
        call = f"savas_consent_required('{category}')"
        yield _postgres_trigger(f"{table}_consent", "INSERT OR UPDATE", table, call)
    yield _postgres_trigger("consents_kept", "UPDATE", "consents", "savas_consent_kept()")
    yield _postgres_trigger(
        "consents_there", "INSERT OR UPDATE OF permits", "consents", "savas_consent_there()"
    )
    for table in APPEND_ONLY:
        function = f"savas_{table}_kept()"
        yield _postgres_trigger(f"{table}_kept", "UPDATE OR DELETE", table, function)
        yield _postgres_trigger(f"{table}_truncate", "TRUNCATE", table, function, for_each="STATEMENT")
    for table in NEVER_EDITED:
        yield _postgres_trigger(f"{table}_kept", "UPDATE", table, f"savas_{table}_kept()")
