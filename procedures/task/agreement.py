"""Agreements with subcontractors: which fields a partner may read, for which purposes and how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models import PERSONAL, Agreement, AgreementTerm, Category, Partner, Purpose
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from policies.actor import utc_now
from policies.policy import in_force
from procedures.errors import NotFound, found
from procedures.ledger import record
from procedures.work import Clock


@dataclass(frozen=True)
class Listed:
    """One agreement for display; each term is `purpose: category.field`."""

    id: UUID
    partner: str
    signed: bool
    from_at: datetime
    until_at: datetime
    in_force: bool
    terms: tuple[str, ...]


async def add(
    partner: str,
    purposes: Iterable[Purpose],
    fields: Iterable[str],
    *,
    until_at: datetime,
    from_at: datetime | None = None,
    signed_at: datetime | None = None,
    clock: Clock = utc_now,
) -> Agreement:
    """Record an agreement; once it is signed, it permits the reading of what it names.

    Args:
        partner: the partner's name.
        purposes: what the partner works for.
        fields: `category.field`, or a category for all of its fields.
        until_at: when it ends.
        from_at: when it begins; now unless given.
        signed_at: when it was signed; an unsigned agreement permits nothing.
        clock: gives the present instant in UTC.

    Raises:
        NotFound: there is no partner of this name.
        Unfit: a field is none, or the agreement would end before it begins.
    """
    now = clock()
    begin = from_at or now
    if until_at <= begin:
        raise Unfit("The agreement would end before it begins. Name a later end.", "until")
    if signed_at is not None and signed_at > now:
        raise Unfit("Nothing can be signed in the future. Name the day it was signed.", "signedOn")
    pairs = sorted({pair for field in fields for pair in _fields(field)})
    async with transaction():
        owner = found(await Partner.get_or_none(name=partner.strip()), "partner", "partner")
        agreement = await Agreement.create(
            partner_id=owner.id, from_at=begin, until_at=until_at, created_at=now,
            signed=signed_at is not None, signed_at=signed_at,
        )  # fmt: skip
        terms = [
            AgreementTerm(agreement_id=agreement.id, purpose=purpose, category=category, field=field)
            for purpose in dict.fromkeys(purposes)
            for category, field in pairs
        ]
        await AgreementTerm.bulk_create(terms)
        changed = {Agreement: [agreement.id], AgreementTerm: [term.id for term in terms]}
        record(Event.AGREEMENT_ADDED, None, changed=changed, agreement=agreement.id, partner=owner.id)
    return agreement


async def sign(agreement_id: UUID, signed_at: datetime, *, clock: Clock = utc_now) -> None:
    """Record that an agreement was signed.

    Raises:
        NotFound: there is no such agreement that is still to be signed.
        Unfit: the instant lies in the future.
    """
    if signed_at > clock():
        raise Unfit("Nothing can be signed in the future. Name the day it was signed.", "signedOn")
    async with transaction():
        if not await Agreement.filter(id=agreement_id, signed=False).update(signed=True, signed_at=signed_at):
            raise NotFound("agreement that is still to be signed", "agreement")
        record(Event.AGREEMENT_SIGNED, None, changed={Agreement: [agreement_id]}, agreement=agreement_id)


async def end(agreement_id: UUID, *, clock: Clock = utc_now) -> None:
    """End an agreement now: from this instant it permits nothing.

    Raises:
        NotFound: there is no such agreement, or it is over.
    """
    now = clock()
    async with transaction():
        running = await Agreement.get_or_none(id=agreement_id, until_at__gt=now)
        agreement = found(running, "agreement that has not ended", "agreement")
        # One that has not begun yet never does; the database wants an end after the beginning.
        begin = min(agreement.from_at, now - timedelta(microseconds=1))
        await Agreement.filter(id=agreement_id).update(from_at=begin, until_at=now)
        record(Event.AGREEMENT_ENDED, None, changed={Agreement: [agreement_id]}, agreement=agreement_id)


async def listed(*, clock: Clock = utc_now) -> list[Listed]:
    """Every agreement, the latest end first."""
    now = clock()
    agreements = await Agreement.all().prefetch_related("partner", "terms").order_by("-until_at", "id")
    return [
        Listed(
            each.id, each.partner.name, each.signed, each.from_at, each.until_at,
            each.signed and each.from_at <= now < each.until_at,
            tuple(sorted(f"{term.purpose}: {term.category}.{term.field}" for term in each.terms)),
        )
        for each in agreements
    ]  # fmt: skip


def _fields(name: str) -> list[tuple[Category, str]]:
    """A field, or all fields of a category, as the policies know them."""
    head, _, field = name.strip().partition(".")
    if head not in set(Category):
        raise Unfit(f"There is no such category. Known: {', '.join(Category)}.", "field")
    category = Category(head)
    names = sorted(in_force().classified(PERSONAL[category].__name__))
    if field and field not in names:
        raise Unfit(f"There is no such field of {category}. Known: {', '.join(names)}.", "field")
    return [(category, each) for each in names if field in ("", each)]
