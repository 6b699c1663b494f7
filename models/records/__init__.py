"""What is kept: one file for each record, and what they share."""

from models.records import export
from models.records.actor import Actor, ActorKind
from models.records.agreement import Agreement, AgreementTerm
from models.records.attestation import Attestation
from models.records.break_glass import (
    BreakGlass,
    BreakGlassCategory,
    BreakGlassContent,
    BreakGlassState,
    Verdict,
)
from models.records.company import Company
from models.records.consent import PERMITTING, CollectionMethod, Consent, ConsentEvent, ConsentState
from models.records.contact_code import ContactCode
from models.records.contact_point import ContactContent, ContactKind, ContactPoint, reachable
from models.records.customer import Customer, CustomerStatus, new_number
from models.records.employee import Employee, EmployeeRole
from models.records.erasure import Erasure
from models.records.export import Export, ExportChunk, ExportState
from models.records.fields import BlindIndex, Content, folded
from models.records.health_record import HealthKind, HealthRecord, HealthRecordContent
from models.records.identity import Identity, IdentityContent
from models.records.identity_evidence import EvidenceContent, EvidenceKind, IdentityEvidence, Strength
from models.records.imported import ImportedRow
from models.records.intake import Intake, IntakeAddress, IntakeConsent, IntakeContent, IntakePoint
from models.records.interaction import Interaction, InteractionChannel, InteractionContent
from models.records.legal_hold import HeldRow, HoldReason, LegalHold
from models.records.message import Message, MessageChannel, MessageContent, MessageState, Template
from models.records.notice import Notice
from models.records.obligation import Obligation, ObligationKind
from models.records.order import Order, OrderContent, OrderLine
from models.records.partner import Partner, PartnerClient
from models.records.payment_card import PaymentCard, PaymentCardContent, exact
from models.records.personal import PERSONAL, Personal
from models.records.personal_code import CountryDigest, PersonalCode, PersonalCodeContent, compact
from models.records.postal_address import AddressContent, AddressKind, PostalAddress
from models.records.preference import ContactChannel, Preference, PreferenceContent
from models.records.receipt import Receipt
from models.records.request import Request, RequestContent, RequestKind, RequestState
from models.records.sealed import SealedRow, opened
from models.records.session import Session
from models.records.submission import Submission
from models.records.suppression import Suppression
from models.records.task import Outcome, Task, TaskStatus
from models.records.totp import RecoveryCode, Totp
from models.records.withdrawal import Withdrawal, WithdrawalStep

__all__ = [
    "PERMITTING",
    "PERSONAL",
    "Actor",
    "ActorKind",
    "AddressContent",
    "AddressKind",
    "Agreement",
    "AgreementTerm",
    "Attestation",
    "BlindIndex",
    "BreakGlass",
    "BreakGlassCategory",
    "BreakGlassContent",
    "BreakGlassState",
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
    "Content",
    "CountryDigest",
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
    "Receipt",
    "RecoveryCode",
    "Request",
    "RequestContent",
    "RequestKind",
    "RequestState",
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
    "compact",
    "exact",
    "export",
    "folded",
    "new_number",
    "opened",
    "reachable",
]
