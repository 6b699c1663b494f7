"""The columns of which the ledger has a digest are all that the policies ask of such rows, and tell nothing of a person."""

from collections.abc import Iterator
from itertools import product

import pytest

from models import Role
from policies.actor import Actor
from policies.conditions import ir
from policies.policy import Policy
from policies.registry import RECORDS, resources
from procedures.ledger import COLUMNS, authority
from tests.policies.compiled import whole

ACTORS = (
    Actor("Employee", roles=frozenset(Role)),
    Actor("Customer"),
    Actor("PartnerClient"),
    Actor(),
)
#: What says whose a row is, of rows that decide about themselves only: the sealed ones open for nobody else.
OWN = {"customer_id", "consent_id", "partner_id"}

#: The categories of which staff write rows on the customer's word.
DICTATED = ("Identity", "ContactPoint", "PostalAddress", "Preference", "Interaction", "Order")

Column = tuple[str, str]


def followed(record: str, steps: tuple[str, ...]) -> tuple[str, list[Column]]:
    """Where a way leads to, and the columns by which it goes."""
    columns = []
    for step in steps:
        way = resources()[record].relations[step]
        columns += [(record, way.key), (way.target, way.target_key)]
        record = way.target
    return record, columns


def asked(condition: ir.Condition, scope: dict[str, str]) -> Iterator[Column]:
    """The columns that a condition looks at."""
    match condition:
        case ir.And(parts) | ir.Or(parts):
            for part in parts:
                yield from asked(part, scope)
        case ir.Not(part):
            yield from asked(part, scope)
        case ir.Exists(var, over, where) | ir.ForAll(var, over, where):
            target, columns = followed(scope[over.var], over.steps)
            yield from columns
            yield from asked(where, {**scope, var: target})
        case ir.Compare():
            for path in ir.paths(condition):
                record, columns = followed(scope[path.var], path.steps[:-1])
                yield from columns
                yield record, resources()[record].fields[path.steps[-1]].column


def asked_of(policy: Policy) -> Iterator[tuple[str, Column]]:
    """Every column that decides about anything, with the record that is decided about."""
    for actor in ACTORS:
        for record in RECORDS:
            for grant in policy.plan(actor, record).grants.values():
                yield from ((record, column) for column in asked(grant.condition, {ir.THIS: record}))
        for action, record in policy.actions:
            condition = policy.action(actor, action, record).condition
            yield from ((record, column) for column in asked(condition, {ir.THIS: record}))


@pytest.mark.usefixtures("sqlite")
async def test_whatever_the_policies_ask_of_other_rows_is_in_the_ledger():
    known = {(record.__name__, column) for record in COLUMNS for column in ("id", *authority.columns(record))}
    found = set(asked_of(whole()))

    left = {(about, column) for about, column in found if column not in known}
    assert {(about, record) for about, (record, _) in left if about != record} == {
        # An obligation opens the name of a partner to the customer, and nothing else.
        ("Partner", "Obligation"),
    }
    assert {(record, column) for _, (record, column) in left if column not in OWN} == {
        # Who reads it is its customer anyway; it tells messages to be read here from those that went elsewhere.
        ("Message", "channel"),
        # Whose task it concerns that it was confirmed; no value is in it.
        ("Attestation", "category"),
        # Whether the customer may say that it was never given; who gave it in truth withdraws it with the same effect.
        ("Consent", "collection_method"),
        # Who wrote an address down brings no code back; whoever can change this can put in a code that fits, too.
        ("ContactPoint", "collected_by"),
        # Where a code to set a password by goes: the address itself is sealed, so that nobody puts in another one; whoever
        # can change these makes one count that is kept of the customer already, and the ledger has when it was verified.
        *(
            ("ContactPoint", each)
            for each in ("kind", "collected_at", "verified_by", "verification_expires_at")
        ),
        ("ContactPoint", "source"),
        # What was written is asked about in the transaction that has just written it.
        *product(DICTATED, ("collected_by", "source", "verified_at")),
    }
    assert ("Identity", ("Consent", "permits")) in found


def test_no_text_that_people_write_is_among_the_columns():
    written = {"name", "login", "evidence", "basis", "content", "number", "note", "reason"}

    assert not written & {column for record in COLUMNS for column in authority.columns(record)}
