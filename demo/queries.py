"""What each person of the demo may like to ask first; every one works as it is pasted.

A query that needs a variable gets it from what was drawn: `$me` is the customer who asks, or else the demo's first,
`$point` an address of theirs, and so on. An identifier is kept as its type and key, `{"type": …, "id": …}`: how one looks to callers is the schema's to say.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar
from uuid import UUID

from demo.world import World
from models import (
    Account,
    Category,
    Consent,
    ConsentState,
    ContactKind,
    ContactPoint,
    Customer,
    CustomerStatus,
    Notice,
    Purpose,
    Record,
)

R = TypeVar("R", Consent, ContactPoint)


@dataclass(frozen=True, slots=True)
class Query:
    """An example query, with its title, and what its variables are in this demo."""

    title: str
    query: str
    variables: dict[str, Any] | None = None


PEOPLE = Query(
    "The customers of my tasks",
    """{
  customers(first: 10) {
    nodes {
      number
      identity { givenName familyName companyName withheld { field reason } }
      contactPoints { kind value }
      postalAddresses { kind street city postalCode country }
      orders { number placedAt total currency }
      withheld { field reason }
    }
  }
}""",
)
WITHHELD = Query("Customers, with what is withheld and why", PEOPLE.query)
TASKS = Query(
    "My tasks",
    "{ tasks(first: 20) { nodes { purpose status dueAt customer { number identity { givenName familyName } } } } }",
)
WISHES = Query(
    "What my customers want to hear about",
    "{ customers(first: 10) { nodes { number preferences { channel topic monthlyLimit hours } } } }",
)
OVERSEEN = Query(
    "Who works for whom, without a personal value",
    "{ tasks(first: 20) { nodes { purpose status assignee { name } customer { number identity { familyName } } } } }",
)
CONSENTS = Query(
    "What customers consent to",
    "{ customers(first: 10) { nodes { number restricted consents { category purpose state expiresAt evidence } } } }",
)
COMPANIES = Query(
    "Companies and their parents", "{ companies(first: 20) { nodes { name parent { name } } } }"
)
OWN = Query(
    "All that is kept about me",
    """{
  me {
    ... on Customer {
      number
      identity { givenName familyName companyName provenance { source collectedAt } }
      personalCodes { code country }
      contactPoints { kind value }
      postalAddresses { kind street city postalCode country }
      preferences { channel topic }
      interactions { channel occurredAt subject body }
      orders { number total currency }
      paymentCards { brand lastFour expiry }
      healthRecords { kind description onsetOn }
      consents { category purpose state expiresAt }
      tasks { purpose status }
    }
  }
}""",
)
DELIVERIES = Query(
    "Where to deliver",
    """{
  customers(first: 10) {
    nodes {
      number
      identity { givenName familyName }
      contactPoints { kind value }
      postalAddresses { kind street city postalCode country }
      orders { total }
    }
  }
}""",
)

CODES = Query(
    "Whom I verify",
    """{
  customers(first: 10) {
    nodes {
      number
      identity { givenName familyName }
      personalCodes { code country }
      contactPoints { kind value }
      withheld { field reason }
    }
  }
}""",
)

CARDS = Query(
    "Whom I bill",
    """{
  customers(first: 10) {
    nodes {
      number
      identity { givenName familyName }
      postalAddresses { kind street city postalCode country }
      orders { number total currency }
      paymentCards { brand lastFour expiry }
      withheld { field reason }
    }
  }
}""",
)
HEALTH = Query(
    "Whom I care for",
    """{
  customers(first: 10) {
    nodes {
      number
      identity { givenName familyName }
      contactPoints { kind value }
      healthRecords { kind description onsetOn abatedOn }
      withheld { field reason }
    }
  }
}""",
)

WITHOUT_TASK = Query(
    "Ask to break glass: to read without a task",
    """# A second person has to approve it: the manager.
mutation ($password: String!, $number: String!) {
  sessionConfirm(input: {password: $password}) { userErrors { code message } }
  breakGlassRequest(input: {
    customerNumber: $number, categories: [CONTACT_POINT], purpose: SUPPORT
    reason: "The customer rings from hospital and asks for a call back."
  }) { breakGlass { id state endsAt } userErrors { code message } }
}""",
)
ASKED_WITHOUT = Query(
    "Who asked to break glass",
    "{ breakGlasses(first: 20) { nodes { id state purpose categories reason requestedAt requestedBy { name } } } }",
)
LOOKED = Query(
    "Who looked at a customer's data",
    """query ($me: ID!) {
  accessLog(customerId: $me) { nodes { at actorKind actorRoles purposes fields taskIds breakGlassIds } }
}""",
)
HOLD = Query(
    "Hold orders back from erasure, as the law asks",
    """mutation ($me: ID!) {
  legalHoldPlace(input: {
    customerId: $me, category: ORDER, reason: LEGAL_OBLIGATION, basis: "VAT act, section 79", until: "2099-01-01T00:00:00Z"
  }) { legalHold { id category until } userErrors { code message } }
}""",
)
HELD = Query(
    "What the law holds back",
    "{ customers(first: 10) { nodes { number legalHolds { category reason basis placedAt until endedAt } } } }",
)
BY_CODE = Query(
    "Consent to marketing by a code (needs --smtp)",
    """# Nothing permits until contactPointConfirm takes the code.
mutation ($point: ID!, $notice: ID!) {
  doubleOptInBegin(input: {contactPointId: $point, categories: [PREFERENCE], purpose: MARKETING, noticeId: $notice}) {
    consents { category purpose state } expiresAt userErrors { code message }
  }
}""",
)

#: What a customer may do; what ends most comes last.
RIGHTS = (
    Query(
        "My consents and their receipts",
        "{ me { ... on Customer { consents { category purpose state receipts { state madeAt digest html } } } } }",
    ),
    Query("Who looked at my data", LOOKED.query),
    Query(
        "Refuse a request",
        """mutation ($request: ID!) {
  consentRefuse(input: {consentId: $request}) { consent { category purpose state } userErrors { code message } }
}""",
    ),
    Query(
        "Add an address of mine",
        """mutation ($me: ID!) {
  contactPointAdd(input: {customerId: $me, kind: EMAIL, value: "new@example.org"}) {
    contactPoint { id value provenance { source revision } } userErrors { code message field }
  }
}""",
    ),
    Query(
        "Have a code sent to an address (needs --smtp)",
        """# contactPointConfirm takes the code.
mutation ($point: ID!) {
  contactPointVerify(input: {contactPointId: $point}) { contactPoint { value } expiresAt userErrors { code message } }
}""",
    ),
    Query(
        "Have my data kept, and not used",
        """mutation ($me: ID!) {
  restrictionBegin(input: {customerId: $me}) { customer { restricted } userErrors { code message } }
}""",
    ),
    Query(
        "Let them be used again",
        """mutation ($me: ID!) {
  restrictionEnd(input: {customerId: $me}) { customer { restricted } userErrors { code message } }
}""",
    ),
    Query(
        "Take everything of mine along",
        """# Then: GET /export/<token>, with the same Authorization.
mutation ($password: String!, $me: ID!) {
  sessionConfirm(input: {password: $password}) { userErrors { code message } }
  exportBegin(input: {customerId: $me}) { export { state progress expiresAt } token userErrors { code message } }
}""",
    ),
    Query(
        "What the law would hold back, were I to leave",
        """query ($me: ID!) {
  withdrawalPreview(customerId: $me) { erased { of rows } held { of rows } }
  me { ... on Customer { legalHolds { category reason basis until } } }
}""",
    ),
    Query(
        "What withdrawing all consents to a category would erase",
        """query ($me: ID!) {
  consentsWithdrawalPreview(customerId: $me, category: PREFERENCE) {
    consents erased { category rows } kept { category rows }
  }
}""",
    ),
    Query(
        "Withdraw all consents to a category",
        """mutation ($me: ID!) {
  consentsWithdraw(input: {customerId: $me, category: PREFERENCE}) {
    consents { category purpose state receipts { state digest } }
    erased { category rows } kept { category rows } userErrors { code message }
  }
}""",
    ),
)

_VARIABLE: Final = re.compile(r"\$(\w+):")


def filled_in(query: Query, world: World, actor: Account, password: str) -> Query:
    """A query with its variables as they are in a world, for an actor who signs in with a password."""
    of = actor.customer_id or world.actors["customer"].customer_id
    names = _VARIABLE.findall(query.query)
    values = {name: password if name == "password" else _STAND[name](world, of) for name in names}
    return replace(query, variables=values or None)


def _named(record: Record) -> dict[str, str]:
    return {"type": type(record).__name__, "id": str(record.id)}


def _own(world: World, model: type[R], of: UUID | None) -> Iterator[R]:
    return (each for each in world.records[model] if each.customer_id == of)


def _me(world: World, of: UUID | None) -> dict[str, str]:
    return _named(next(each for each in world.records[Customer] if each.id == of))


def _point(world: World, of: UUID | None) -> dict[str, str]:
    return _named(next(each for each in _own(world, ContactPoint, of) if each.kind is ContactKind.EMAIL))


def _request(world: World, of: UUID | None) -> dict[str, str]:
    return _named(next(each for each in _own(world, Consent, of) if each.state is ConsentState.REQUESTED))


def _notice(world: World, of: UUID | None) -> dict[str, str]:
    """The notice on marketing, in the customer's language."""
    notices = {each.notice_id for each in _own(world, Consent, of)}
    return _named(
        next(
            each for each in world.records[Notice] if each.id in notices and each.purpose is Purpose.MARKETING
        )
    )


def _number(world: World, of: UUID | None) -> str:
    """The number of somebody else, who can be reached for support."""
    reachable = {
        each.customer_id
        for each in world.records[Consent]
        if each.permits and (each.category, each.purpose) == (Category.CONTACT_POINT, Purpose.SUPPORT)
    } - {of}
    active = (each for each in world.records[Customer] if each.status is CustomerStatus.ACTIVE)
    return [str(each.number) for each in active if each.id in reachable and not each.restricted][-1]


#: By variable: what stands for it, given the world and the customer it is about.
_STAND: Final[dict[str, Callable[[World, UUID | None], Any]]] = {
    "me": _me,
    "point": _point,
    "request": _request,
    "notice": _notice,
    "number": _number,
}
