"""The records, one file each, and the columns that they share."""

from models.records import export
from models.records.access_change import AccessChange, AccessChangeKind
from models.records.account import Account, AccountKind
from models.records.agreement import Agreement, AgreementTerm
from models.records.attestation import Attestation
from models.records.break_glass import (
    BreakGlass,
    BreakGlassCategory,
    BreakGlassContent,
    BreakGlassState,
    Verdict,
)
from models.records.client_key import ClientKey
from models.records.clock import ClockDoubt, ClockReading, DoubtKind
from models.records.consent import (
    PERMITTING,
    CollectionMethod,
    Consent,
    ConsentContent,
    ConsentEvent,
    ConsentState,
)
from models.records.contact_code import ContactCode
from models.records.customer import Customer, CustomerStatus, new_number
from models.records.desk_lookup import DeskLookup, LookupWay
from models.records.dictation import (
    DICTATED,
    Dictation,
    DictationChange,
    DictationContent,
    DictationState,
)
from models.records.difference import Difference, Settlement
from models.records.disclosure import Disclosure, Recipient, Secrecy
from models.records.earlier import Earlier
from models.records.employee import Employee, EmployeeRole
from models.records.erasure import Erasure
from models.records.export import Export, ExportChunk, ExportState
from models.records.fields import BlindIndex, Content, folded
from models.records.finding import Finding
from models.records.former_address import FormerAddress
from models.records.imported import ImportedRow, is_hash, key_hash
from models.records.instruction import (
    Instruction,
    InstructionContent,
    InstructionKind,
    InstructionState,
    Medium,
    Proof,
)
from models.records.intake import Intake, IntakeConsent, IntakeContent, IntakeRow
from models.records.legal_hold import HeldRow, HoldReason, LegalHold, LegalHoldContent
from models.records.message import Message, MessageChannel, MessageContent, MessageState, Template
from models.records.missed_lookup import MissedLookup
from models.records.notice import Notice
from models.records.obligation import Obligation, ObligationKind
from models.records.outside_key import OutsideKey, OutsideKeyContent
from models.records.partner import Partner, PartnerClient
from models.records.password_code import PasswordCode
from models.records.receipt import Receipt
from models.records.request import Request, RequestContent, RequestKind, RequestState
from models.records.scan import SCAN_PART, Scan, ScanContent, ScanKind, ScanPart, ScanState
from models.records.sealed import SealedRow, opened
from models.records.session import Session, UserAgent
from models.records.submission import Submission
from models.records.suppression import DepartedKey, Suppression
from models.records.task import Occasion, Outcome, Task, TaskContent, TaskPriority, TaskStatus
from models.records.task_review import ReviewContent, ReviewReason, TaskReview
from models.records.totp import RecoveryCode, Totp
from models.records.withdrawal import Withdrawal, WithdrawalStep
