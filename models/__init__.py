"""What is kept: records, and nothing that decides.

One data category is one table, one GraphQL type and one consent. A `Customer` is only an anchor;
everything personal lies in the category tables, each row of which names the consent it rests on.
"""

from models.actor import Actor, ActorKind
from models.address import AddressContent, AddressKind, PostalAddress
from models.agreement import Agreement, AgreementTerm
from models.base import Category, Purpose, Record
from models.break_glass import BreakGlass, BreakGlassCategory, BreakGlassContent, BreakGlassState, Verdict
from models.company import Company
from models.consent import PERMITTING, Consent, ConsentEvent, ConsentState
from models.contact import ContactContent, ContactKind, ContactPoint
from models.contact_code import ContactCode
from models.customer import Customer, CustomerStatus
from models.employee import Employee, EmployeeRole, Role
from models.erasure import Erasure
from models.identity import Identity, IdentityContent
from models.imported import ImportedRow
from models.interaction import Interaction, InteractionChannel, InteractionContent
from models.ledger import Access, Checkpoint, LedgerEntry, LedgerHead
from models.message import Message, MessageChannel, MessageContent, MessageState, Template
from models.notice import Notice
from models.order import Order, OrderContent, OrderLine
from models.partner import Partner, PartnerClient
from models.personal import PERSONAL, Personal
from models.personal_code import PersonalCode, PersonalCodeContent
from models.preference import ContactChannel, Preference, PreferenceContent
from models.sealed import SealedRow, opened
from models.session import Session
from models.task import Outcome, Task, TaskStatus
from models.totp import RecoveryCode, Totp

__all__ = [
    "PERMITTING",
    "PERSONAL",
    "Access",
    "Actor",
    "ActorKind",
    "AddressContent",
    "AddressKind",
    "Agreement",
    "AgreementTerm",
    "BreakGlass",
    "BreakGlassCategory",
    "BreakGlassContent",
    "BreakGlassState",
    "Category",
    "Checkpoint",
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
    "Identity",
    "IdentityContent",
    "ImportedRow",
    "Interaction",
    "InteractionChannel",
    "InteractionContent",
    "LedgerEntry",
    "LedgerHead",
    "Message",
    "MessageChannel",
    "MessageContent",
    "MessageState",
    "Notice",
    "Order",
    "OrderContent",
    "OrderLine",
    "Outcome",
    "Partner",
    "PartnerClient",
    "Personal",
    "PersonalCode",
    "PersonalCodeContent",
    "PostalAddress",
    "Preference",
    "PreferenceContent",
    "Purpose",
    "Record",
    "RecoveryCode",
    "Role",
    "SealedRow",
    "Session",
    "Task",
    "TaskStatus",
    "Template",
    "Totp",
    "Verdict",
    "opened",
]
