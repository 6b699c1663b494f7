"""Every column that can hold a text is sealed, a keyed hash, a word of a closed list, or says why nobody is in it."""

from collections.abc import Iterator
from typing import Final

from tortoise import fields
from tortoise.fields.relational import BackwardFKRelation, ForeignKeyFieldInstance, OneToOneFieldInstance

import models
from models import BlindIndex, Content
from models.base import OneOf
from models.categories.personal_code import CountryDigest
from models.vocabulary import WordField
from procedures.erasure import rules
from tests.house.test_traces import RECORDS

#: What holds no text at all.
NUMBERS = (
    fields.IntField, fields.SmallIntField, fields.BigIntField, fields.BooleanField, fields.DatetimeField, fields.DateField,
    fields.UUIDField, ForeignKeyFieldInstance, OneToOneFieldInstance, BackwardFKRelation,
)  # fmt: skip
#: What is sealed, or a keyed hash of a value, or takes only words of a list.
SAFE = (Content, BlindIndex, CountryDigest, OneOf, WordField)
#: Of these every category has one.
SHARED: Final = {
    "source": "the name of a way in or of a system: commands refuse what looks like a person (`impersonal`)",
    "verification_method": "a word of the code: how it was checked",
    "verification_level": "a word of the code: how surely",
    "verification_evidence": "names a row of ours: a message, an intake, a document",
}
#: By table and column, why no value of a customer is in it.
IMPERSONAL: Final = {
    "accesses.kind": "the kind of actor",
    "accesses.roles": "words of roles",
    "accesses.purposes": "words of purposes",
    "accesses.task_ids": "identifiers",
    "accesses.break_glass_ids": "identifiers",
    "accesses.fields_read": "names of fields",
    "accesses.explained": "the name of a field or of a type",
    "accounts.login": "of staff and partners; a customer's is the customer's number, and replaced when they leave",
    "accounts.password_hash": "argon2id, salted",
    "agreement_terms.field": "the name of a field",
    "break_glasses.reason_digest": "a keyed hash",
    "checkpoints.root": "a hash of entries",
    "checkpoints.note": "size, hash, time and signature",
    "checkpoints.delivered": "the kinds of witnesses",
    "client_keys.arguments": "a keyed hash",
    "client_keys.digest": "a keyed hash",
    "client_keys.made": "identifiers of what was made",
    "clock_doubts.ending": "the name of what ends",
    "consents.code": "names a message of ours",
    "contact_codes.digest": "a keyed hash",
    "customers.number": "drawn by chance, and another one after leaving",
    "departed_keys.digest": "a keyed hash",
    "dictations.recorded_roles": "words of roles",
    "differences.field": "the name of a field",
    "differences.policy": "a hash of the policies",
    "disclosures.roles": "words of roles",
    "employees.name": "the company's own staff, at work",
    "erasures.successor": "what a key is known by",
    "export_chunks.content": "sealed under the customer's key",
    "exports.token_hash": "a hash of a random token",
    "former_addresses.digest": "a keyed hash",
    "held_rows.held_table": "the name of a table",
    "held_rows.content": "as it lay there: sealed",
    "held_rows.plain": "the columns of a row that are not sealed, each of which is here",
    "imported_rows.source": SHARED["source"],
    "imported_rows.entity": "a word of the code",
    "imported_rows.key": "a keyed hash",
    "imported_rows.digest": "a keyed hash",
    "instructions.code_digest": "a keyed hash",
    "instructions.link_digest": "a hash of a random token",
    "intakes.key_digest": "a hash of a random key",
    "intakes.code_digest": "a keyed hash",
    "ledger_entries.entry": "the grammar of the ledger refuses every text",
    "ledger_entries.leaf": "a hash of the entry",
    "ledger_head.frontier": "hashes of entries",
    "messages.code": "a code of ours: why it was not sent",
    "missed_lookups.kind": "the kind of actor",
    "missed_lookups.purposes": "words of purposes",
    "missed_lookups.lookups": "names of fields and counts",
    "notices.language": "a tag of a language",
    "notices.version": "what customers are shown; what looks like a person is refused (`impersonal`)",
    "notices.text": "the company's own words to all customers, published",
    "notices.digest": "a hash of the text",
    "outside_keys.source": SHARED["source"],
    "partner_clients.name": "the partner's own staff or machine, by the administrator",
    "partners.networks": "networks in CIDR notation, checked, by the operator",
    "partners.name": "a subcontractor under contract, by the administrator",
    "password_codes.digest": "a keyed hash",
    "receipts.document": "names the customer by number, and words of ours",
    "receipts.digest": "a hash of the document",
    "recovery_codes.digest": "a keyed hash",
    "requests.decided_roles": "words of roles",
    "scan_parts.sealed_under": "the name of a key",
    "sessions.place": "a keyed hash",
    "sessions.token_hash": "a hash of a random token",
    "suppressions.digest": "argon2id of a keyed hash",
    "totps.secret": "sealed under the account's key",
    "withdrawals.token_hash": "a hash of a random token",
    "withdrawals.counts": "names of tables and numbers",
    "withdrawals.certificate": "identifiers, numbers and hashes",
}


def columns() -> Iterator[str]:
    """Each column that can hold a text and is not sealed, as `table.column`."""
    for record in RECORDS:
        shared = SHARED if issubclass(record, models.Personal) else {}
        for name, field in record._meta.fields_map.items():
            if not isinstance(field, NUMBERS + SAFE) and name not in shared:
                yield f"{record._meta.db_table}.{name}"


def test_each_column_that_can_hold_a_text_is_sealed_or_says_why_nobody_is_in_it() -> None:
    assert sorted(columns()) == sorted(IMPERSONAL)


def test_what_people_write_of_a_customer_goes_with_the_customer() -> None:
    """A sealed content of a record that stays is emptied, or its key is erased with the customer."""
    for record, kept in rules.KEPT.items():
        if issubclass(record, models.SealedRow) and not issubclass(record, models.Personal):
            assert "content" in kept.replaced, record
