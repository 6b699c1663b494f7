"""What each person of the demo may like to ask first; every one works as it is pasted.

A query that needs a variable gets it from what was drawn: `$me` is the customer who asks, or else the demo's first,
`$point` an address of theirs, and so on. An identifier is kept as its type and key, `{"type": …, "id": …}`: how one looks to callers is the schema's to say.
"""

from dataclasses import dataclass
from typing import Any


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
QUEUE = Query(
    "What waits: nobody's, over its day, due next",
    """{
  nobodys: tasks(first: 20, filter: {status: OPEN, assigned: false}, orderBy: {by: PRIORITY}) { nodes { ...Waiting } }
  overdue: tasks(first: 20, filter: {overdue: true}, orderBy: {by: DUE_AT}) { nodes { ...Waiting } }
  dueNext: tasks(first: 20, filter: {overdue: false}, orderBy: {by: DUE_AT}) { nodes { ...Waiting } }
  assignees(purpose: SUPPORT, first: 5) { employee { id name } client { id name } openTasks overdueTasks }
  withoutTask: customers(first: 10, filter: {withoutTask: true, status: ACTIVE}) { nodes { id number } }
}
fragment Waiting on Task { id purpose priority dueAt assignee { name } client { name } customer { id number } }""",
)
GIVE = Query(
    "Give a task of nobody's to somebody",
    """mutation ($task: ID!, $assignee: ID!) {
  taskAssign(input: {taskId: $task, assigneeId: $assignee}) {
    task { id purpose dueAt assignee { name } } userErrors { code message }
  }
}""",
)
CLOSE = Query(
    "Close a task, and open the next",
    """mutation ($mine: ID!) {
  taskClose(input: {taskId: $mine, outcome: DONE, nextTask: {purpose: BILLING, subject: "The invoice of May"}}) {
    task { status } nextTask { id status } userErrors { code message }
  }
}""",
)
PEOPLE_HERE = Query(
    "Who works here",
    """{
  employees(filter: {active: true}) { nodes { name roles active openTasks overdueTasks } }
  partnerClients { nodes { name active openTasks partner { name } } }
}""",
)
DUTIES = Query(
    "What waits for me",
    """{
  instructions(first: 20, filter: {state: WAITING}) { nodes { id kind dueAt overdue recordedBy { name } customer { number } } }
  requests(first: 20, filter: {open: true}) { nodes { id kind category dueAt customer { number } } }
  toApprove: breakGlasses(first: 20, filter: {state: REQUESTED}) { nodes { ...Glass } }
  toReview: breakGlasses(first: 20, filter: {reviewed: false}) { nodes { ...Glass } }
  taskReviews(first: 20, filter: {reviewed: false}) { nodes { id reason givenBy { name } givenTo { name } task { purpose status } } }
  differences(first: 20) { nodes { id field granted settledAt } }
  missedLookups(first: 20, filter: {alarm: true}) { nodes { at employee { name } client { name } refusedUntil } }
  deskLookups(first: 20, filter: {alarm: true}) { nodes { at employee { name } } }
}
fragment Glass on BreakGlass { id purpose categories reason requestedBy { name } endsAt customer { number } }""",
)
CONSENTS = Query(
    "What customers consent to",
    "{ customers(first: 10) { nodes { number restricted consents { category purpose state expiresAt evidence } } } }",
)
COMPANIES = Query(
    "Who speaks for a company",
    """query ($company: String!) {
  customers(first: 10, filter: {companyName: $company}) { nodes { number identity { familyName companyName } } }
}""",
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
ENDED = Query("Where to deliver: nothing, since the agreement ended", DELIVERIES.query)

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
SAID = Query(
    "Record that a customer wants consents for support ended",
    """# Use of the data stops at once; a second person has to approve it: the manager.
mutation ($me: ID!) {
  consentsWithdraw(input: {customerId: $me, purpose: SUPPORT, evidence: "Said so on the telephone."}) {
    instruction { id state dueAt } userErrors { code message }
  }
}""",
)
WAITING = Query(
    "Which consents wait to be ended",
    """{ instructions(first: 20, filter: {state: WAITING}) {
  nodes { id kind consentCategory consentPurpose evidence dueAt overdue recordedBy { name } customer { number } }
} }""",
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
FOUND = Query(
    "A caller who does not know their number",
    """mutation ($email: String!) {
  deskLookupMake(input: {email: $email}) { customers { number customerId } userErrors { code message } }
}""",
)
CALLED = Query(
    "Open a task for the caller whom you found",
    """mutation ($me: ID!) {
  taskOpen(input: {customerId: $me, purpose: SUPPORT, subject: "Asks for a call back."}) {
    task { id status } userErrors { code message }
  }
}""",
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

#: Whom the demo lets sign in: the part played, a title, the purpose to state, and what to ask.
CAST: tuple[tuple[str, str, str | None, tuple[Query, ...]], ...] = (
    ("support.agent", "A support agent", "support", (PEOPLE, TASKS, WITHOUT_TASK, SAID, CLOSE)),
    ("sales.agent", "A sales agent", "sales", (WISHES, PEOPLE, COMPANIES)),
    ("verification.agent", "A verification agent", "verification", (CODES, TASKS)),
    ("billing.agent", "A billing agent", "billing", (CARDS, TASKS)),
    ("care.agent", "A care agent", "care", (HEALTH, TASKS)),
    ("manager", "The manager", None, (QUEUE, GIVE, OVERSEEN, WITHHELD, ASKED_WITHOUT, WAITING, PEOPLE_HERE)),
    ("privacy.officer", "The privacy officer", None, (CONSENTS, DUTIES, WITHHELD, LOOKED, HOLD, HELD)),
    ("front.desk", "Somebody at the front desk", None, (FOUND, CALLED)),
    ("administrator", "The administrator", None, (PEOPLE_HERE,)),
    ("customer", "A customer", None, (OWN, *RIGHTS)),
    ("other.customer", "Another customer", None, (OWN, BY_CODE)),
    ("partner.van", "A delivery partner, bound by an agreement", "delivery", (DELIVERIES, TASKS)),
    ("former.partner.van", "A former partner, whose agreement has ended", "delivery", (ENDED,)),
)
