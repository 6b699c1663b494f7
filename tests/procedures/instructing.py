"""Instructions to end consents: every way to say so, everybody who works there, and a second person who decides."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from models import PERSONAL, Consent, ConsentState, Instruction, Role
from policies.actor import Actor
from procedures import instruction
from procedures.consent import ConsentFilter, consent, consents
from procedures.instruction.instruction import Approved
from tests.people import Office, Someone
from tests.procedures import records

SAID = "She rang on Monday and said so."


async def officer(now: datetime = records.NOON) -> Actor:
    """A privacy officer, confirmed a moment ago."""
    account = await records.employee(Role.PRIVACY_OFFICER)
    return await records.confirmed(records.staff(account, Role.PRIVACY_OFFICER, clock=records.Clock(now)))


async def approved(said: Instruction | None, by: Actor | None = None) -> Approved:
    """What comes of an instruction that another privacy officer approves."""
    assert said is not None
    return await instruction.approve(said.id, by=by or await officer())


Way = Callable[[Consent, Someone], Awaitable[Any]]


async def single(given: Consent, by: Someone) -> Any:
    return (await consent.withdraw(given.id, by=by.actor, evidence=SAID)).instruction


async def whole_category(given: Consent, by: Someone) -> Any:
    which = ConsentFilter(given.category)
    return (await consents.withdraw(given.customer_id, which, by=by.actor, evidence=SAID)).instruction


async def whole_purpose(given: Consent, by: Someone) -> Any:
    which = ConsentFilter(purpose=given.purpose)
    return (await consents.withdraw(given.customer_id, which, by=by.actor, evidence=SAID)).instruction


async def objection(given: Consent, by: Someone) -> Any:
    said = await consent.object(given.customer_id, given.purpose, by=by.actor, evidence=SAID)
    return said.instruction


async def revocation(given: Consent, by: Someone) -> Any:
    return (await consent.revoke(given.id, by=by.actor, evidence=SAID)).instruction


async def invalidation(given: Consent, by: Someone) -> Any:
    return (await consent.invalidate(given.id, by=by.actor, evidence=SAID)).instruction


#: Every way by which a member of staff can have a consent ended.
WAYS: dict[str, Way] = {
    "one": single, "category": whole_category, "purpose": whole_purpose, "objection": objection, "revocation": revocation,
    "invalidation": invalidation,
}  # fmt: skip
#: Who records which of them, of a consent that is given.
RECORDED = {
    "at work": {"one", "purpose", "objection"},
    "at work for another purpose": set[str](),
    "an agent": set[str](),
    "a manager": set[str](),
    "an administrator": set[str](),
    "the officer": WAYS.keys(),
    "unconfirmed": set[str](),
    "everything": WAYS.keys(),
}


async def people(office: Office) -> dict[str, Someone]:
    """Everybody who works there, in confirmed sessions but for one."""
    roles = {
        "at work": ("agent",), "at work for another purpose": ("agent",), "an agent": ("agent",),
        "a manager": ("manager",), "an administrator": ("administrator",), "the officer": ("privacy_officer",),
        "everything": ("agent", "manager", "privacy_officer", "administrator"),
    }  # fmt: skip
    purposes = {"at work for another purpose": ["delivery"]}
    known = {
        name: await office.session(await office.employee(*held, purposes=purposes.get(name, ["support"])))
        for name, held in roles.items()
    }
    return known | {"unconfirmed": await office.employee("privacy_officer", purposes=["support"])}


async def customer_of(office: Office, staff: dict[str, Someone], state: ConsentState) -> Consent:
    """A customer with a consent in a state, a row where it permits, and another consent with its row; gives the first."""
    customer = await office.customer([("identity", "support")])
    given = await office.consent(customer, "contact_point", "support", state=state)
    if given.permits:
        await office.row(customer, given)
    await office.task(staff["at work"], customer, "support")
    await office.task(staff["at work for another purpose"], customer, "delivery")
    await office.notice("support")
    return given


async def kept(customer_id: UUID) -> dict[Any, Any]:
    """What is kept of a customer: its rows, and what its consents say but for their being suspended."""
    said = await Consent.filter(customer_id=customer_id).order_by("id")
    rows = {
        category: sorted([row.id for row in await model.filter(customer_id=customer_id)])
        for category, model in PERSONAL.items()
    }
    return rows | {each.id: (each.state, each.permits, each.denies) for each in said}


async def scene(office: Office) -> tuple[dict[str, Someone], Consent, Someone]:
    """Staff, a customer's consent with a row, and the customer."""
    staff = await people(office)
    given = await customer_of(office, staff, ConsentState.GIVEN)
    herself = await office.himself(await given.customer)
    return staff, given, herself
