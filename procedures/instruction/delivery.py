"""Delivering the archive that somebody asked for on paper: a link by one verified way, a code by another.

    begin      the ways are there, and the archive is being made
    send       once it is made, link and code are sent, and until when the archive can be fetched is said
    handed     where there is one way only, a second person gives the code to the customer, in person
    fetch      whoever has both gets the archive, for a week; five wrong codes void them

Ways are contact points that were verified before the request came, and that neither who recorded it, nor who said how
surely it was the customer, nor who decided had written down or verified.

    ARCHIVE_UNDELIVERED   link and code could not be sent; the instruction's identifier and the code of the reason follow
"""

import hmac
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import ContactPoint, Export, ExportState, Instruction, InstructionState, Template, opened
from models.database import after_commit, transaction
from models.errors import ProcedureError
from models.event import Event
from policies.actor import ANONYMOUS, Actor, utc_now
from policies.decide import may
from procedures import export
from procedures.access import TRIES, CodeExpired, CodeVoid, CodeWrong, one_time_code, token_hash
from procedures.consent import decide
from procedures.current import addresses
from procedures.errors import NotFound
from procedures.fetched import Fetched
from procedures.instruction.errors import NothingToDeliver, NoVerifiedChannel
from procedures.instruction.opening import waiting
from procedures.ledger import Changed, record
from procedures.message import delivery, outbox
from procedures.work import Clock
from procedures.worker import ring
from vault import vault

log = logging.getLogger("savas.instruction")

#: Decimal digits of the code: more than of one that is good for minutes.
DIGITS: Final = 8
#: Hexadecimal digits of the identifier that a token begins with.
_ID: Final = 32


@dataclass(frozen=True)
class Ways:
    """Where the link goes, and where the code; None: a second person hands it over."""

    link: ContactPoint
    code: ContactPoint | None


async def begin(instruction: Instruction, *, by: Actor) -> Instruction:
    """Have the archive made and delivered, in the transaction under way; the caller has asked whether the actor may.

    The ways are chosen now, with regard to everybody who takes part; who approved it first stays who decided.

    Raises:
        NoVerifiedChannel: there is no way to deliver it.
    """
    ways = await _ways(instruction, by)
    await export.begin_on_paper(instruction.customer_id, by=by, now=by.now)
    values = {"link_point_id": ways.link.id, "code_point_id": ways.code and ways.code.id, "sent_at": None}
    await Instruction.filter(id=instruction.id).update(**values, tries=0, **_NO_LINK)
    after_commit(lambda: ring("deliveries"))
    if instruction.state is InstructionState.WAITING:
        return await decide(instruction, InstructionState.APPROVED, by)
    await Instruction.filter(id=instruction.id).update(state=InstructionState.APPROVED)
    changed: Changed = {Instruction: [instruction.id]}
    record(Event.INSTRUCTION_APPROVED, by, changed=changed, **_details(instruction))
    return await Instruction.get(id=instruction.id)


async def new_code(instruction: Instruction, *, by: Actor) -> str:
    """A new code for an archive whose link has only one way, in the transaction under way; told once.

    Raises:
        NothingToDeliver: the link was not sent yet, has ended, or the code was sent.
    """
    if instruction.link_digest is None or instruction.code_point_id is not None or _ended(instruction, by):
        raise NothingToDeliver
    code = _code()
    values = {"code_digest": one_time_code.digest(instruction.id, code), "tries": 0}
    await Instruction.filter(id=instruction.id).update(**values)
    record(
        Event.INSTRUCTION_HANDED_OVER, by, changed={Instruction: [instruction.id]}, **_details(instruction)
    )
    return code


async def send(*, clock: Clock = utc_now) -> int:
    """Send link and code of each archive that is made; returns of how many."""
    count = 0
    if vault.reason() is not None:
        return count
    for each in await Instruction.filter(state=InstructionState.APPROVED).order_by("decided_at", "id"):
        try:
            async with transaction():
                count += await _deliver(each.id, clock)
        except ProcedureError as error:
            log.error("ARCHIVE_UNDELIVERED instruction=%s code=%s", each.id, error.code)
    return count


async def fetch(token: str, code: str, *, by: Actor = ANONYMOUS) -> Fetched:
    """The archive that a link and a code open, for whoever has both; recorded before anything is sent.

    Raises:
        NotFound: there is none, not yet or not any more; the error is the same for all.
        CodeExpired: the code was not handed over yet.
        CodeWrong, CodeVoid: it is not the code; after five the link is worth nothing.
        SealedError: the vault is sealed.
    """
    id = _id_of(token)
    if id is None or not await Instruction.exists(id=id):
        raise NotFound("archive")
    async with transaction():
        instruction = await waiting(id, tuple(InstructionState))
        if not _fits(instruction, token) or not await may(by, "fetch", "Instruction", id):
            raise NotFound("archive")
        archive = await Export.get_or_none(customer_id=instruction.customer_id, state=ExportState.READY)
        if archive is None or archive.expires_at <= by.now:
            raise NotFound("archive")
        error = await _try(instruction, code, by)
        if error is None:
            await Instruction.filter(id=id).update(fetched_at=by.now)
            await Export.filter(id=archive.id).update(downloaded_at=by.now)
            record(Event.INSTRUCTION_FETCHED, by, **_details(instruction))
    if error is not None:
        raise error
    return await export.content(archive)


async def stop(instruction: Instruction, *, by: Actor) -> None:
    """Discard the archive of an instruction, so that its link opens nothing, in the transaction under way."""
    if await Export.exists(customer_id=instruction.customer_id, begun_by_id=None):
        await export.discard(instruction.customer_id, by=by)
    await Instruction.filter(id=instruction.id).update(**_NO_LINK)


_NO_LINK: Final = {"link_digest": None, "code_digest": None, "link_ends_at": None}


async def _deliver(id: UUID, clock: Clock) -> bool:
    instruction = await waiting(id, tuple(InstructionState))
    if instruction.state is not InstructionState.APPROVED:
        return False
    archive = await Export.get_or_none(customer_id=instruction.customer_id)
    if archive is None or archive.begun_by_id is not None:
        # What was made is gone, because something was erased that it held, or it is of an older backup.
        await export.begin_on_paper(instruction.customer_id, by=None, now=clock())
        return False
    if archive.state is not ExportState.READY:
        return False
    await _send(instruction, await _chosen(instruction, clock()), archive, clock)
    return True


async def _send(instruction: Instruction, ways: Ways, archive: Export, clock: Clock) -> None:
    token, code = f"{instruction.id.hex}{secrets.token_urlsafe(32)}", _code()
    digest = one_time_code.digest(instruction.id, code) if ways.code else None
    await Instruction.filter(id=instruction.id).update(
        state=InstructionState.CARRIED_OUT,
        link_digest=token_hash(token),
        code_digest=digest,
        sent_at=clock(),
        link_ends_at=archive.expires_at,
    )
    until = f"{archive.expires_at:%Y-%m-%d %H:%M} UTC"
    link = f"{addresses().public}/delivery/{token}"
    common: dict[str, Any] = {"expires_at": archive.expires_at, "until": until}
    customer_id = instruction.customer_id
    await outbox.queue(customer_id, Template.ARCHIVE_LINK, contact_point_id=ways.link.id, link=link, **common)
    if ways.code:
        await outbox.queue(
            customer_id, Template.ARCHIVE_CODE, contact_point_id=ways.code.id, code=code, **common
        )
    record(
        Event.INSTRUCTION_DELIVERED, None, changed={Instruction: [instruction.id]}, **_details(instruction)
    )


async def _ways(instruction: Instruction, by: Actor) -> Ways:
    """The ways by which an archive is delivered, an e-mail address before a telephone, the code by another kind if possible."""
    points = [each for each in await _usable(instruction, by.now) if await _is_clean(each, instruction, by)]
    if not points:
        raise NoVerifiedChannel
    link, *others = points
    other = next((each for each in others if each.kind is not link.kind), None)
    return Ways(link, other or next(iter(others), None))


async def _chosen(instruction: Instruction, now: datetime) -> Ways:
    """The ways that were chosen, if they are as they were then."""
    usable: dict[UUID | None, ContactPoint] = {point.id: point for point in await _usable(instruction, now)}
    link, code = usable.get(instruction.link_point_id), usable.get(instruction.code_point_id)
    if link is None or (code is None and instruction.code_point_id is not None):
        raise NoVerifiedChannel
    return Ways(link, code)


async def _usable(instruction: Instruction, now: datetime) -> list[ContactPoint]:
    confirmed = outbox.confirmed(instruction.customer_id, now)
    found = []
    for point in await confirmed.filter(verified_at__lt=instruction.received_at):
        channel = outbox.CHANNELS[point.kind]
        reachable = channel in delivery.channels()
        if reachable and not await outbox.is_suppressed(channel, (await opened(point)).value):
            found.append(point)
    return found


async def _is_clean(point: ContactPoint, instruction: Instruction, by: Actor) -> bool:
    """Whether none of those who take part had written the contact point down, or verified it."""
    parties = {instruction.recorded_by_id, instruction.proved_by_id, instruction.decided_by_id, by.actor_id}
    for party in parties - {None}:
        if not await may(Actor("Employee", party, clock=by.clock), "deliver_to", "ContactPoint", point.id):
            return False
    return True


async def _try(instruction: Instruction, code: str, by: Actor) -> ProcedureError | None:
    """Why a code does not open the archive; a wrong one is counted and recorded."""
    if instruction.code_digest is None:
        return CodeExpired()
    if instruction.tries >= TRIES:
        return CodeVoid()
    if one_time_code.fits(instruction.id, code, instruction.code_digest):
        return None
    await Instruction.filter(id=instruction.id).update(tries=instruction.tries + 1)
    record(Event.INSTRUCTION_CODE_REFUSED, by, **_details(instruction))
    return CodeVoid() if instruction.tries + 1 >= TRIES else CodeWrong()


def _fits(instruction: Instruction, token: str) -> bool:
    stored = instruction.link_digest
    return stored is not None and hmac.compare_digest(token_hash(token), bytes(stored))


def _ended(instruction: Instruction, by: Actor) -> bool:
    return instruction.link_ends_at is None or instruction.link_ends_at <= by.now


def _id_of(token: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(hex=token[:_ID]) if len(token) > _ID else None
    return None


def _code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def _details(instruction: Instruction) -> dict[str, Any]:
    return {"instruction": instruction.id, "customer": instruction.customer_id}
