"""The lists of the schema: the models' own, described for the world, and the words that policies declare."""

from collections.abc import Mapping
from enum import Enum, EnumMeta, StrEnum
from typing import Any, TypeVar, cast

import strawberry
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition

from models import (
    AddressKind,
    BreakGlassState,
    Category,
    CollectionMethod,
    ConsentState,
    ContactChannel,
    ContactKind,
    CustomerStatus,
    EvidenceKind,
    ExportState,
    HealthKind,
    HoldReason,
    InteractionChannel,
    MessageChannel,
    MessageState,
    ObligationKind,
    Purpose,
    RequestKind,
    RequestState,
    Role,
    Strength,
    TaskStatus,
    Template,
    Verdict,
    Word,
)
from models import Outcome as TaskOutcome
from policies.declared import Declared

W = TypeVar("W", bound=Word)


def describe(enumeration: type[Enum], description: str, name: str | None = None, /, **values: str) -> None:
    """Make an enum of the models one of the schema, with a sentence for each of its values."""
    strawberry.enum(enumeration, name=name, description=description)
    definition: Any = enumeration.__strawberry_definition__  # type: ignore[attr-defined] # made the line above
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise LookupError(f"{enumeration.__name__} has no {', '.join(values)}")


def declare(words: type[Word], description: str, sentences: Mapping[W, str]) -> None:
    """Make declared words an enum of the schemas that are built from now on, each with the policies' sentence."""
    values = [EnumValue(word.name, word.value, description=said) for word, said in sentences.items()]
    # Strawberry makes definitions of Python's enums only, and reads the definition of whatever has one.
    words.__strawberry_definition__ = StrawberryEnumDefinition(  # type: ignore[attr-defined] # as it does itself
        wrapped_cls=cast(EnumMeta, words), name=words.__name__, values=values, description=description
    )


def of_policies(declared: Declared) -> None:
    """Make the purposes and roles of policies the schema's."""
    declare(Purpose, "Why personal data may be used.", declared.purposes)
    declare(Role, "What an employee is here to do.", declared.roles)


describe(
    Category,
    "A kind of personal data, consented to as one.",
    IDENTITY="Who a customer is.",
    IDENTITY_EVIDENCE="What a customer showed to prove who they are.",
    PERSONAL_CODE="The number by which a state knows a customer.",
    CONTACT="How a customer can be reached.",
    ADDRESS="Where a customer receives things.",
    PREFERENCE="What a customer wants to hear about.",
    INTERACTION="What was said.",
    ORDER="What was bought.",
    PAYMENT_CARD="What a customer pays with.",
    HEALTH="What ails a customer: a special category, consented to by name and for care alone.",
)
describe(
    CollectionMethod,
    "How a customer's word on consent reached us.",
    ACCOUNT="The customer gave it while signed in.",
    STAFF="Staff recorded it for the customer.",
    IMPORT="It was taken over from other records.",
    DOUBLE_OPT_IN="It was asked for, and a code that was sent to the customer came back.",
)
describe(
    ConsentState,
    "The state of a consent, as the Data Privacy Vocabulary names it.",
    REQUESTED="Asked for, not yet answered.",
    REQUEST_DEFERRED="Asked for; the customer put the answer off.",
    REFUSED="Refused by the customer.",
    GIVEN="Given by the customer; permits processing.",
    RENEWED_CONSENT_GIVEN="Given again by the customer; permits processing.",
    EXPIRED="Run out.",
    INVALIDATED="Found not to have been valid.",
    REVOKED="Ended by somebody other than the customer.",
    WITHDRAWN="Withdrawn by the customer.",
    UNKNOWN="Not known; permits nothing.",
)
describe(
    ContactKind,
    "By what means a contact point reaches somebody.",
    EMAIL="An e-mail address.",
    PHONE="A telephone number.",
    FAX="A fax number.",
)
describe(
    AddressKind,
    "What an address is for.",
    HOME="Where the customer lives.",
    BILLING="Where invoices go.",
    DELIVERY="Where deliveries go.",
)
describe(
    ContactChannel,
    "A channel a customer may wish to be addressed by.",
    EMAIL="By e-mail.",
    PHONE="By telephone.",
    POST="By post.",
)
describe(
    InteractionChannel,
    "How an interaction took place.",
    NOTE="A note of ours.",
    CALL="A telephone call.",
    EMAIL="An e-mail.",
    MEETING="A meeting.",
)
describe(
    HealthKind,
    "What a health record is about.",
    CONDITION="A disease, an injury, a finding.",
    ALLERGY="What the body does not bear.",
)
describe(
    EvidenceKind,
    "What a customer showed.",
    ELECTRONIC_IDENTITY_CARD="An identity card of which the chip was read.",
    ELECTRONIC_PASSPORT="A passport of which the chip was read.",
    PASSPORT="A passport.",
    IDENTITY_CARD="An identity card.",
    RESIDENCE_PERMIT="A residence permit.",
    DRIVING_LICENCE="A driving licence.",
    STUDENT_CARD="A student's card.",
    BANK_STATEMENT="A statement of a bank account.",
)
describe(
    Strength,
    "How much a document proves, as NIST SP 800-63A counts it.",
    FAIR="Something.",
    STRONG="Much.",
    SUPERIOR="Enough by itself.",
)
describe(
    Template,
    "What a message says.",
    "MessageTemplate",
    BREAK_GLASS_OPENED="Somebody opened data of the customer without a task.",
    CONSENT_CODE="A code by which one consents, and which confirms a contact point.",
    CONTACT_CODE="A code that confirms a contact point.",
    INTAKE_CODE="A code that confirms a registration.",
    INTAKE_COMPLETED="A registration is completed.",
    REQUEST_RECEIVED="What the customer asked to be put right has arrived.",
    REQUEST_EXTENDED="The answer to it takes longer.",
    REQUEST_GRANTED="It was put right.",
    REQUEST_REFUSED="It was not, and with whom the customer can complain.",
)
describe(
    MessageChannel,
    "By which way a message reaches somebody.",
    EMAIL="By e-mail.",
    SMS="By text message.",
    ACCOUNT="Here, to be read when signing in.",
)
describe(
    MessageState,
    "How far a message has come.",
    QUEUED="It is on its way.",
    KEPT="It is here to be read.",
    SENT="It was handed over; its text is gone.",
    FAILED="It was not handed over and will not be; its text is gone.",
)
describe(
    CustomerStatus,
    "Where a customer stands with us.",
    ACTIVE="A customer.",
    WITHDRAWN="One who has left.",
)
describe(
    TaskStatus,
    "Whether a task opens a door.",
    OPEN="To be done: it opens what it needs to its carrier.",
    CLOSED="Over: it opens nothing.",
)
describe(
    TaskOutcome,
    "How a task ended.",
    "TaskOutcome",
    DONE="What was to be done is done.",
    CANCELLED="It need not be done any more.",
)
describe(
    BreakGlassState,
    "How far a request to break glass went.",
    REQUESTED="Waits for somebody to let it pass, until `endsAt`.",
    APPROVED="Opens what it names, until `endsAt`.",
    REFUSED="Was refused.",
    ENDED="Was ended early.",
)
describe(
    Verdict,
    "What a review of broken glass came to.",
    "BreakGlassVerdict",
    JUSTIFIED="It had to be.",
    UNJUSTIFIED="It had not to be.",
)


class AskerKind(StrEnum):
    """The kinds of callers, by the names that the policies give them."""

    EMPLOYEE = "Employee"
    CUSTOMER = "Customer"
    PARTNER_CLIENT = "PartnerClient"
    ANONYMOUS = "Anonymous"


describe(
    AskerKind,
    "What kind of caller asked.",
    EMPLOYEE="One of the company's staff.",
    CUSTOMER="A customer.",
    PARTNER_CLIENT="A subcontractor's program.",
    ANONYMOUS="Somebody who had not signed in.",
)
describe(
    ExportState,
    "How far an archive has come.",
    PENDING="It is being made.",
    READY="It can be fetched.",
)
describe(
    HoldReason,
    "Why something may not be erased yet: the reasons of Article 17(3) of the GDPR.",
    EXPRESSION="The freedom of expression and information.",
    LEGAL_OBLIGATION="A law that asks to keep it.",
    PUBLIC_HEALTH="The public interest in the area of public health.",
    ARCHIVING="Archiving in the public interest, research or statistics.",
    LEGAL_CLAIMS="Establishing, exercising or defending legal claims.",
)
describe(
    RequestKind,
    "Which right a request is about; what needs nobody's decision is done at once, and is no request.",
    RECTIFICATION="To have put right what is wrong: Article 16 of the GDPR.",
)
describe(
    RequestState,
    "How far a request has come.",
    RECEIVED="It waits for its answer, until `dueAt`.",
    EXTENDED="It waits for its answer, which was put off until `dueAt`.",
    GRANTED="It was put right.",
    REFUSED="It was not; `decisionReason` says why.",
    WITHDRAWN="The customer took it back.",
)
describe(
    ObligationKind,
    "What a partner is to do.",
    ERASE="To erase what it holds of the customer.",
    RECTIFY="To put a row right as it is with us, or to erase it.",
)

__all__ = [
    "AddressKind",
    "AskerKind",
    "BreakGlassState",
    "Category",
    "CollectionMethod",
    "ConsentState",
    "ContactChannel",
    "ContactKind",
    "CustomerStatus",
    "EvidenceKind",
    "ExportState",
    "HealthKind",
    "HoldReason",
    "InteractionChannel",
    "MessageChannel",
    "MessageState",
    "ObligationKind",
    "Purpose",
    "RequestKind",
    "RequestState",
    "Role",
    "Strength",
    "TaskOutcome",
    "TaskStatus",
    "Template",
    "Verdict",
    "describe",
    "of_policies",
]
