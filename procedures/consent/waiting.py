"""Which instructions to end a consent wait, and which consents they are about; nothing here writes anything."""

from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import PERMITTING, Category, Consent, ConsentState, Instruction, Purpose
from procedures.consent.states import TRANSITIONS, Action
from procedures.errors import InstructionWaits


def waiting_about(customer_id: UUID, category: Category, purpose: Purpose) -> QuerySet[Instruction]:
    """The instructions that wait and would end a consent to the category for the purpose."""
    return Instruction.suspending(customer_id).filter(
        Q(consent_category=None) | Q(consent_category=category),
        Q(consent_purpose=None) | Q(consent_purpose=purpose),
    )


async def check(customer_id: UUID, category: Category, purpose: Purpose, state: ConsentState) -> None:
    """Let no consent permit while an instruction to end such a one waits; raises InstructionWaits."""
    if state in PERMITTING and await waiting_about(customer_id, category, purpose).exists():
        raise InstructionWaits


async def concerned(instruction: Instruction) -> list[Consent]:
    """The consents that carrying it out would end; an objection refuses all others for the purpose besides."""
    if not instruction.kind.suspends:
        return []
    if instruction.consent_id is not None:
        consent, action = await Consent.get(id=instruction.consent_id), Action[instruction.kind.name]
        return [consent] if isinstance(TRANSITIONS[consent.state][action], ConsentState) else []
    named = {"category": instruction.consent_category, "purpose": instruction.consent_purpose}
    scope = {column: value for column, value in named.items() if value is not None}
    return await Consent.filter(customer_id=instruction.customer_id, permits=True, **scope).order_by("id")
