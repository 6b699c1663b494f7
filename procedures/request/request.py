"""Requests to put right what customers cannot change themselves, answered in time (GDPR, Arts. 12, 16 and 19).

    submit    the customer names a row, a field and its right value; a task is opened for somebody to decide it
              (about a health record it is sealed by the browser, as the record itself was)
    record    staff write down what came on paper, also about what customers change alone; somebody else decides it
    withdraw  the customer takes it back, and what was written in it is erased
    extend    the answer may take up to two months more: once, within the first month, with a reason
    grant     the row is put right, and every partner that had the category is obliged to do so, too
    refuse    with a reason; the customer is told with whom to complain

The customer gets a message about each, without any value: what was requested and why can be read after signing in.
"""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from models import (
    PERSONAL,
    Category,
    HealthRecord,
    ObligationKind,
    Outcome,
    Personal,
    Request,
    RequestContent,
    RequestState,
    Task,
    TaskStatus,
    Template,
    opened,
)
from models.database import transaction
from models.errors import Unfit
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import may, require
from procedures import export, scan, submission
from procedures.consent import locked
from procedures.erasure import obligation
from procedures.errors import NotFound, found
from procedures.evidence import identity_evidence
from procedures.instruction import ProofTooLow, Received, received_at
from procedures.notice import controller
from procedures.own import ChangedMeanwhile, NewValues, locked_row, rewrite
from procedures.request.asking import Rectification, check_own, check_waiting, checked, of_some_row
from procedures.request.creating import create, day, record_step, tell
from procedures.request.errors import ExtensionTooLate, SealedOnly
from procedures.request.rectification import plain_columns, rectifiable, rectified
from procedures.request.states import FURTHER, OPEN, TERM, Action, after
from procedures.submission import Envelope, Kind, health_record
from procedures.task import request_task
from procedures.work import months_after

#: The sealed submission of a request about a health record.
SEALED: Final = Kind(
    "submit_sealed_request",
    Category.HEALTH_RECORD,
    health_record.KIND.purpose,
    frozenset({"field", "wanted", "reason"}),
)


async def submit(
    model: type[Personal], record_id: UUID, rectification: Rectification, *, by: Actor
) -> Request:
    """Request that a field of a row is put right; the same request a second time returns the first.

    Raises:
        Refused: the row is not the actor's own, or is not there.
        SealedOnly: it is a health record.
        Unfit: CHANGE_IT_YOURSELF, NOTHING_TO_CHANGE, TOO_MANY; or the value or the reason cannot be used.
        AlreadyAsked: a request for another value of the same field waits.
    """
    async with transaction():
        row = await model.get_or_none(id=record_id)
        # A row that does not exist is refused as another customer's is, so that nobody learns which of them it was.
        await require(by, "submit_request", "Customer", row.customer_id if row else uuid4())
        if model.category is SEALED.category:
            raise SealedOnly
        return await _submit(await locked_row(model, record_id), rectification, by)


async def record(
    model: type[Personal],
    record_id: UUID,
    rectification: Rectification,
    received: Received,
    evidence: str,
    *,
    by: Actor,
) -> Request:
    """Record what a customer who does not sign in wants put right; whether it is so already is not told.

    Args:
        model: the table of the row.
        record_id: of the row.
        rectification: what is to be put right.
        received: how and when it came, and how surely it was the customer.
        evidence: a line by which it is found again.
        by: staff with a task that needs the category, or the privacy officer.

    Raises:
        Refused: the actor may not record this, or there is no such row.
        SealedOnly: it is a health record.
        Unfit: TOO_MANY; or the value, the reason, the evidence or the day cannot be used.
        AlreadyAsked: a request about the same field waits.
    """
    async with transaction():
        row = await model.get_or_none(id=record_id)
        await require(by, "record_request", "Customer", row.customer_id if row else uuid4())
        _check_unsealed(model)
        row = await locked_row(model, record_id)
        content = await checked(row, rectification, by, on_paper=True)
        await check_waiting(_waiting(row.customer_id), row, content, on_paper=True)
        about = {"record_id": row.id, "record_revision": row.revision}
        return await _record(row.customer_id, row.category, content, received, evidence, by, **about)


async def record_of_some(
    model: type[Personal],
    customer_id: UUID,
    rectification: Rectification,
    received: Received,
    evidence: str,
    *,
    by: Actor,
) -> Request:
    """Record, as `record` does, what a customer wants put right of a category, where who records it sees no row.

    Whether there is a row, and what others asked, is not told.

    Raises:
        Refused: the actor may not record this, or there is no such customer.
        SealedOnly: it is a health record.
        NotFound: the customer has left.
        Unfit: as for `record`; what depends on the row is checked when it is granted.
        AlreadyAsked: the actor has recorded the same before.
    """
    async with transaction():
        await require(by, "record_request", "Customer", customer_id)
        _check_unsealed(model)
        await locked(customer_id)
        content = of_some_row(model, rectification, by.now)
        await check_own(_waiting(customer_id), model, rectification.field, by)
        return await _record(customer_id, model.category, content, received, evidence, by)


async def submit_sealed(customer_id: UUID, record_id: UUID, envelope: Envelope, *, by: Actor) -> Request:
    """Request that a field of a health record is put right, as `submit` does for other categories.

    What is sealed: `field`, `reason`, and `wanted` unless the field is to be empty.

    Raises:
        Refused: the actor is not the customer.
        ConsentRequired: the customer does not consent to the keeping of health records for care.
        SubmissionRefused: the submission does not open, was sent before, or holds what cannot be used.
        NotFound: there is no such health record of the customer's.
        Unfit, AlreadyAsked: as for `submit`.
    """
    async with submission.refusals(SEALED, customer_id, by=by), transaction():
        values = (await submission.received(SEALED, customer_id, envelope, by=by)).values
        row = await locked_row(HealthRecord, record_id)
        if row.customer_id != customer_id:
            raise NotFound("row")
        field, reason = values.get("field") or "", values.get("reason") or ""
        return await _submit(row, Rectification(field, values.get("wanted"), reason), by)


async def withdraw(request_id: UUID, *, by: Actor) -> Request:
    """Take a request back.

    Raises:
        Refused: the request is not the actor's own.
        RequestOver: it is over.
    """
    async with transaction():
        await require(by, "withdraw", "Request", request_id)
        request = await locked_row(Request, request_id, "request", "requestId")
        request.state, request.content = after(request.state, Action.WITHDRAW), None
        await request.save(update_fields=["state", "content"])
        await request_task.close(request, Outcome.CANCELLED, now=by.now, by=by)
        await scan.end_after_decision(by.now, request_id=request.id)
        # An export that waits to be fetched would still hold the request.
        await export.discard(request.customer_id, by=by)
        record_step(Event.REQUEST_WITHDRAWN, request, by)
        return request


async def extend(request_id: UUID, reason: str, *, by: Actor, months: int = FURTHER) -> Request:
    """Put the answer off by one or two months, and tell the customer.

    Raises:
        Refused: the actor may not decide about this request.
        RequestOver, AlreadyExtended, ExtensionTooLate: it cannot be put off.
        Unfit: there is no reason, or it would take longer.
    """
    async with transaction():
        await require(by, "extend", "Request", request_id)
        request = await locked_row(Request, request_id, "request", "requestId")
        request.state = after(request.state, Action.EXTEND)
        if by.now >= request.due_at:
            raise ExtensionTooLate
        if not 1 <= months <= FURTHER:
            raise Unfit(f"An answer is put off by 1 or {FURTHER} months.", "months")
        why = line(reason, "reason", longest=1000)
        request.content = replace(await opened(request), extension_reason=why)
        request.due_at, request.extended_at = months_after(request.received_at, TERM + months), by.now
        await request.save(update_fields=["state", "content", "due_at", "extended_at"])
        task = Task.filter(id=request.task_id, status=TaskStatus.OPEN)
        await task.update(due_at=request.due_at - request_task.AHEAD, extended_at=by.now)
        await tell(request, Template.REQUEST_EXTENDED, by, until=day(request.due_at))
        record_step(Event.REQUEST_EXTENDED, request, by, also={Task: [request.task_id]}, months=months)
        return request


async def grant(
    request_id: UUID, *, by: Actor, revision: int | None = None, record_id: UUID | None = None
) -> Request:
    """Put the row right, which ends its verification, and oblige every partner that had it to do the same.

    Args:
        request_id: of the request.
        by: staff with a task that needs the category.
        revision: of the row as it was read for the decision; unless given, the one at the time of the request.
        record_id: of the row, where the request names none.

    Raises:
        Refused: the actor may not grant this request.
        RequestOver: it is over.
        ChangedMeanwhile: the row is of another revision.
        NotFound: the row is gone.
        ConsentRequired: the customer does not consent to the category.
        Unfit: the requested value can no longer be used; ROW_NEEDED, no row is named, or not as it was read.
        ProofTooLow: it came on paper, and it is not known surely enough that it was the customer.
    """
    async with transaction():
        await require(by, "grant", "Request", request_id)
        request = await locked_row(Request, request_id, "request", "requestId")
        if not await may(by, "rely_on", "Request", request_id):
            raise ProofTooLow
        state = after(request.state, Action.GRANT)
        row = await _named(request, record_id, revision)
        content = await opened(request)
        on_paper = request.recorded_by_id is not None
        plain = plain_columns(row) if on_paper else None
        right = rectified(type(row), await opened(row), content.field, content.wanted, by.now, plain=plain)
        name = rectifiable(type(row), on_paper=on_paper)[content.field].name
        await rewrite(row, NewValues(type(row), {name: getattr(right, name)}), by)
        if request.category is Category.IDENTITY_EVIDENCE:
            await identity_evidence.doubt(request.customer_id, by.now)
        partners = await obligation.oblige(
            request.customer_id,
            request.category,
            ObligationKind.RECTIFY,
            by.now,
            record_id=row.id,
            request_id=request.id,
        )
        await _decide(request, state, content, by)
        await tell(request, Template.REQUEST_GRANTED, by)
        fields = [f"{type(row).__name__}.{content.field}"]
        more: dict[str, Any] = {"record": row.id, "fields": fields, "partners": partners}
        record_step(Event.REQUEST_GRANTED, request, by, **more)
        return request


async def refuse(request_id: UUID, reason: str, *, by: Actor) -> Request:
    """Refuse a request, and tell the customer with whom to complain.

    Raises:
        Refused: the actor may not decide about this request.
        RequestOver: it is over.
        Unfit: there is no reason.
        AuthorityUnknown: the authority to complain to is not configured.
    """
    async with transaction():
        await require(by, "refuse", "Request", request_id)
        request = await locked_row(Request, request_id, "request", "requestId")
        state, why = after(request.state, Action.REFUSE), line(reason, "reason", longest=1000)
        contact = controller.authority()
        await _decide(request, state, replace(await opened(request), decision_reason=why), by)
        await tell(request, Template.REQUEST_REFUSED, by, authority=contact)
        record_step(Event.REQUEST_REFUSED, request, by)
        return request


async def _submit(row: Personal, rectification: Rectification, by: Actor) -> Request:
    content = await checked(row, rectification, by)
    same = await check_waiting(_waiting(row.customer_id), row, content)
    about = {"record_id": row.id, "record_revision": row.revision}
    return same or await create(row.customer_id, row.category, content, by, by.now, **about)


async def _decide(request: Request, state: RequestState, content: RequestContent, by: Actor) -> None:
    request.state, request.content = state, content
    request.decided_at, request.decided_by_id = by.now, by.actor_id
    request.decided_roles = " ".join(sorted(by.roles))
    named, decided = ["record_id", "record_revision"], ["decided_at", "decided_by_id", "decided_roles"]
    await request.save(update_fields=["state", "content", *named, *decided])
    await request_task.close(request, Outcome.DONE, now=by.now, by=by)
    await scan.end_after_decision(by.now, request_id=request.id)


async def _named(request: Request, record_id: UUID | None, revision: int | None) -> Personal:
    """The row that is to be put right; raises as `grant`."""
    if request.record_id is None:
        if record_id is None or revision is None:
            raise Unfit("Name the row that is meant, and its revision.", "recordId", code="ROW_NEEDED")
        request.record_id, request.record_revision = record_id, revision
    if record_id not in (None, request.record_id):
        raise Unfit("The request is about another row. Leave this out.", "recordId")
    rows = PERSONAL[request.category].filter(customer_id=request.customer_id)
    row = found(await rows.get_or_none(id=request.record_id), "row")
    if row.revision != (request.record_revision if revision is None else revision):
        raise ChangedMeanwhile
    return row


async def _record(
    customer_id: UUID,
    category: Category,
    content: RequestContent,
    received: Received,
    evidence: str,
    by: Actor,
    **about: Any,
) -> Request:
    at, said = received_at(received.on, by.now), line(evidence, "evidence", longest=1000)
    columns = {"recorded_by_id": by.actor_id, "medium": received.medium, "proof": received.proof, **about}
    request = await create(customer_id, category, replace(content, evidence=said), by, at, **columns)
    # Judged as it is; a no undoes it.
    await require(by, "record", "Request", request.id)
    return request


def _waiting(customer_id: UUID) -> Any:
    return Request.filter(customer_id=customer_id, state__in=OPEN)


def _check_unsealed(model: type[Personal]) -> None:
    if model.category is SEALED.category:
        raise SealedOnly
