"""The closed lists of the schema: the models' own, described for the world."""

import strawberry

from models import (
    AddressKind,
    Category,
    ConsentState,
    ContactChannel,
    ContactKind,
    CustomerStatus,
    InteractionChannel,
    Purpose,
    Role,
    TaskStatus,
)
from models import Outcome as TaskOutcome

strawberry.enum(Purpose, description="Why personal data may be used.")
strawberry.enum(Category, description="A kind of personal data, consented to as one.")
strawberry.enum(ConsentState, description="The state of a consent, as the Data Privacy Vocabulary names it.")
strawberry.enum(ContactKind, description="By what means a contact point reaches somebody.")
strawberry.enum(AddressKind, description="What an address is for.")
strawberry.enum(ContactChannel, description="A channel a customer may wish to be addressed by.")
strawberry.enum(InteractionChannel, description="How an interaction took place.")
strawberry.enum(CustomerStatus, description="Where a customer stands with us.")
strawberry.enum(TaskStatus, description="Whether a task opens a door.")
strawberry.enum(TaskOutcome, name="TaskOutcome", description="How a task ended.")
strawberry.enum(Role, description="What an employee is here to do.")

__all__ = [
    "AddressKind",
    "Category",
    "ConsentState",
    "ContactChannel",
    "ContactKind",
    "CustomerStatus",
    "InteractionChannel",
    "Purpose",
    "Role",
    "TaskOutcome",
    "TaskStatus",
]
