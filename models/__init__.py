"""What is kept: records, and nothing that decides.

One data category is one table, one GraphQL type and one consent. A `Customer` is only an anchor;
everything personal lies in the category tables, each row of which names the consent it rests on.
"""

from models.actor import Actor, ActorKind
from models.address import AddressContent, AddressKind, PostalAddress
from models.agreement import Agreement, AgreementTerm
from models.attestation import Attestation
from models.base import SPECIAL, Category, Purpose, Record
from models.break_glass import BreakGlass, BreakGlassCategory, BreakGlassContent, BreakGlassState, Verdict
from models.company import Company
from models.consent import PERMITTING, CollectionMethod, Consent, ConsentEvent, ConsentState
from models.contact import ContactContent, ContactKind, ContactPoint
from models.contact_code import ContactCode
from models.customer import Customer, CustomerStatus
from models.employee import Employee, EmployeeRole, Role
from models.erasure import Erasure
from models.export import Export, ExportChunk, ExportState
from models.health_record import HealthKind, HealthRecord, HealthRecordContent
from models.identity import Identity, IdentityContent
from models.identity_evidence import EvidenceContent, EvidenceKind, IdentityEvidence, Strength
from models.imported import ImportedRow
from models.intake import Intake, IntakeAddress, IntakeConsent, IntakeContent, IntakePoint
from models.interaction import Interaction, InteractionChannel, InteractionContent
from models.ledger import Access, Checkpoint, LedgerEntry, LedgerHead
from models.legal_hold import HeldRow, HoldReason, LegalHold
from models.message import Message, MessageChannel, MessageContent, MessageState, Template
from models.notice import Notice
from models.obligation import Obligation, ObligationKind
from models.order import Order, OrderContent, OrderLine
from models.partner import Partner, PartnerClient
from models.payment_card import PaymentCard, PaymentCardContent
from models.personal import PERSONAL, Personal
from models.personal_code import PersonalCode, PersonalCodeContent
from models.preference import ContactChannel, Preference, PreferenceContent
from models.receipt import Receipt
from models.request import Request, RequestContent, RequestKind, RequestState
from models.sealed import SealedRow, opened
from models.session import Session
from models.submission import Submission
from models.suppression import Suppression
from models.task import Outcome, Task, TaskStatus
from models.totp import RecoveryCode, Totp
from models.withdrawal import Withdrawal, WithdrawalStep

__all__ = [
    "PERMITTING",
    "PERSONAL",
    "SPECIAL",
    "Access",
    "Actor",
    "ActorKind",
    "AddressContent",
    "AddressKind",
    "Agreement",
    "AgreementTerm",
    "Attestation",
    "BreakGlass",
    "BreakGlassCategory",
    "BreakGlassContent",
    "BreakGlassState",
    "Category",
    "Checkpoint",
    "CollectionMethod",
    "Company",
    "Consent",
    "ConsentEvent",
    "ConsentState",
    "ContactChannel",
    "ContactCode",
    "ContactContent",
    "ContactKind",
    "ContactPoint",
    "Customer",
    "CustomerStatus",
    "Employee",
    "EmployeeRole",
    "Erasure",
    "EvidenceContent",
    "EvidenceKind",
    "Export",
    "ExportChunk",
    "ExportState",
    "HealthKind",
    "HealthRecord",
    "HealthRecordContent",
    "HeldRow",
    "HoldReason",
    "Identity",
    "IdentityContent",
    "IdentityEvidence",
    "ImportedRow",
    "Intake",
    "IntakeAddress",
    "IntakeConsent",
    "IntakeContent",
    "IntakePoint",
    "Interaction",
    "InteractionChannel",
    "InteractionContent",
    "LedgerEntry",
    "LedgerHead",
    "LegalHold",
    "Message",
    "MessageChannel",
    "MessageContent",
    "MessageState",
    "Notice",
    "Obligation",
    "ObligationKind",
    "Order",
    "OrderContent",
    "OrderLine",
    "Outcome",
    "Partner",
    "PartnerClient",
    "PaymentCard",
    "PaymentCardContent",
    "Personal",
    "PersonalCode",
    "PersonalCodeContent",
    "PostalAddress",
    "Preference",
    "PreferenceContent",
    "Purpose",
    "Receipt",
    "Record",
    "RecoveryCode",
    "Request",
    "RequestContent",
    "RequestKind",
    "RequestState",
    "Role",
    "SealedRow",
    "Session",
    "Strength",
    "Submission",
    "Suppression",
    "Task",
    "TaskStatus",
    "Template",
    "Totp",
    "Verdict",
    "Withdrawal",
    "WithdrawalStep",
    "opened",
]
