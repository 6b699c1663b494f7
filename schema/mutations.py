"""The mutations: each calls one procedure, and shows what came of it through the guard."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from procedures import consent as consents
from procedures import session as sessions
from procedures import task as tasks
from procedures.carrier import actor_of
from procedures.errors import ProcedureError, Unauthenticated
from schema import guard
from schema.consent import Consent
from schema.context import Context
from schema.enums import Category, Purpose, TaskOutcome
from schema.guard import Question
from schema.node import decode, key_of
from schema.released import Plain
from schema.selection import selected
from schema.task import Task


@strawberry.type(description="Why a mutation did not happen, for people and for programs.")
class UserError(Plain):
    """One reason."""

    code: str = strawberry.field(description="Stable; programs may rely on it.")
    message: str = strawberry.field(description="What happened and what to do.")
    field: str | None = strawberry.field(description="The input's field at fault, if one is.")


def _errors() -> Any:
    return strawberry.field(default_factory=list, description="Why it did not happen; empty when it did.")


@strawberry.input(description="Who signs in.")
class SignInInput:
    """Credentials."""

    login: str = strawberry.field(description="Work e-mail address, customer number, or client name.")
    password: str = strawberry.field(description="The password, or a client's secret.")


@strawberry.type(description="A session begun.")
class SignInPayload(Plain):
    """The token is shown once."""

    token: str | None = strawberry.field(default=None, description="Send it as `Authorization: Bearer …`.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the session ends by itself."
    )
    user_errors: list[UserError] = _errors()


@strawberry.type(description="A session ended.")
class SignOutPayload(Plain):
    """Nothing is left to show."""

    user_errors: list[UserError] = _errors()


@strawberry.input(description="A task to open.")
class TaskOpenInput:
    """Work for one customer and one purpose."""

    customer_id: strawberry.ID = strawberry.field(description="For whom.")
    purpose: Purpose = strawberry.field(description="What for.")
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="The employee or subcontractor's client who shall carry it; never oneself."
    )
    due_at: datetime | None = strawberry.field(default=None, description="When it should be done.")


@strawberry.type(description="A task opened.")
class TaskOpenPayload(Plain):
    """The task, as the asker may see it."""

    task: Task | None = strawberry.field(
        default=None, description="The task; null when it is not yours to see."
    )
    user_errors: list[UserError] = _errors()


@strawberry.input(description="Who shall carry a task.")
class TaskAssignInput:
    """A task and its new carrier."""

    task_id: strawberry.ID = strawberry.field(description="The task.")
    assignee_id: strawberry.ID = strawberry.field(description="An employee or a subcontractor's client.")


@strawberry.type(description="A task assigned.")
class TaskAssignPayload(Plain):
    """The task, as the asker may see it."""

    task: Task | None = strawberry.field(
        default=None, description="The task; null when it is not yours to see."
    )
    user_errors: list[UserError] = _errors()


@strawberry.input(description="A task to close.")
class TaskCloseInput:
    """A task and how it ended."""

    task_id: strawberry.ID = strawberry.field(description="The task.")
    outcome: TaskOutcome = strawberry.field(default=TaskOutcome.DONE, description="How it ended.")


@strawberry.type(description="A task closed; from now on it opens nothing.")
class TaskClosePayload(Plain):
    """The task, as the asker may see it."""

    task: Task | None = strawberry.field(
        default=None, description="The task; null when it is not yours to see."
    )
    user_errors: list[UserError] = _errors()


@strawberry.input(description="A consent as the customer gives it.")
class ConsentGiveInput:
    """One category, one purpose, and the notice that was shown."""

    customer_id: strawberry.ID = strawberry.field(description="Whose consent.")
    category: Category = strawberry.field(description="To what.")
    purpose: Purpose = strawberry.field(description="What for.")
    notice_id: strawberry.ID = strawberry.field(description="The notice that the customer was shown.")
    evidence: str = strawberry.field(description="A reference by which the consent can be demonstrated.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when; two years if not given."
    )


@strawberry.type(description="A consent given or renewed.")
class ConsentGivePayload(Plain):
    """The consent, as the asker may see it."""

    consent: Consent | None = strawberry.field(default=None, description="The consent.")
    user_errors: list[UserError] = _errors()


@strawberry.input(description="A consent to withdraw.")
class ConsentWithdrawInput:
    """The consent."""

    consent_id: strawberry.ID = strawberry.field(description="The consent.")


@strawberry.type(description="A consent withdrawn, and what was erased with it.")
class ConsentWithdrawPayload(Plain):
    """The consent and the rows that rested on it."""

    consent: Consent | None = strawberry.field(default=None, description="The consent, in its new state.")
    erased_rows: int | None = strawberry.field(
        default=None, description="How many rows of personal data were erased."
    )
    kept_rows: int | None = strawberry.field(
        default=None, description="How many stay, because another consent to the category stands."
    )
    user_errors: list[UserError] = _errors()


@strawberry.type(
    description="What can be done. Each mutation is one procedure: all of it happens, or nothing."
)
class Mutation:
    """The root of all mutations."""

    @strawberry.mutation(description="Begin a session.")
    async def sign_in(self, info: Info[Context, None], input: SignInInput) -> SignInPayload:
        """Sign in."""
        context = info.context
        begin = sessions.sign_in(
            input.login, input.password, address=context.address, clock=context.asker.clock
        )
        done, errors = await _attempt(begin)
        if done is None:
            return SignInPayload(user_errors=errors)
        return SignInPayload(token=done.token, expires_at=done.expires_at)

    @strawberry.mutation(description="End this session; its token is worth nothing from now on.")
    async def sign_out(self, info: Info[Context, None]) -> SignOutPayload:
        """Sign out."""
        asker = info.context.asker
        if asker.session_id is None:
            raise Unauthenticated
        _, errors = await _attempt(sessions.sign_out(asker.session_id, by=asker))
        return SignOutPayload(user_errors=errors)

    @strawberry.mutation(description="Open a task for a customer.")
    async def task_open(self, info: Info[Context, None], input: TaskOpenInput) -> TaskOpenPayload:
        """Open a task."""
        done, errors = await _attempt(_open(_asker(info), input))
        return TaskOpenPayload(task=await _shown(info, "Task", "task", done), user_errors=errors)

    @strawberry.mutation(
        description="Give a task to an employee, or to a subcontractor's client under its agreement."
    )
    async def task_assign(self, info: Info[Context, None], input: TaskAssignInput) -> TaskAssignPayload:
        """Assign a task."""
        done, errors = await _attempt(_assign(_asker(info), input))
        return TaskAssignPayload(task=await _shown(info, "Task", "task", done), user_errors=errors)

    @strawberry.mutation(description="Close a task.")
    async def task_close(self, info: Info[Context, None], input: TaskCloseInput) -> TaskClosePayload:
        """Close a task."""
        done, errors = await _attempt(_close(_asker(info), input))
        return TaskClosePayload(task=await _shown(info, "Task", "task", done), user_errors=errors)

    @strawberry.mutation(description="Record a customer's consent, or renew it.")
    async def consent_give(self, info: Info[Context, None], input: ConsentGiveInput) -> ConsentGivePayload:
        """Give consent."""
        done, errors = await _attempt(_give(_asker(info), input))
        return ConsentGivePayload(consent=await _shown(info, "Consent", "consent", done), user_errors=errors)

    @strawberry.mutation(
        description="Withdraw a consent; with the last one to a category, its data are erased."
    )
    async def consent_withdraw(
        self, info: Info[Context, None], input: ConsentWithdrawInput
    ) -> ConsentWithdrawPayload:
        """Withdraw consent."""
        done, errors = await _attempt(_withdraw(_asker(info), input))
        if done is None:
            return ConsentWithdrawPayload(user_errors=errors)
        consent = await _shown(info, "Consent", "consent", done.consent)
        return ConsentWithdrawPayload(consent=consent, erased_rows=done.erased_rows, kept_rows=done.kept_rows)


def _asker(info: Info[Context, None]) -> Any:
    if info.context.asker.kind == "Anonymous":
        raise Unauthenticated
    return info.context.asker


async def _attempt(work: Awaitable[Any]) -> tuple[Any, list[UserError]]:
    """What a procedure did, or why it did not; a refusal is no answer but an error of the request."""
    try:
        return await work, []
    except ProcedureError as error:
        return None, [UserError(code=error.code, message=error.message, field=error.field)]


async def _shown(info: Any, type_name: str, field: str, done: Any) -> Any:
    """What a procedure left, as the asker may see it from now on."""
    if done is None:
        return None
    return await guard.one(info.context, selected(info, type_name, field), Question().among("id", [done.id]))


async def _open(asker: Any, input: TaskOpenInput) -> Any:
    carrier = None if input.assignee_id is None else await _carrier(input.assignee_id)
    customer = key_of(input.customer_id, "Customer")
    return await tasks.open(customer, input.purpose, by=asker, assignee_id=carrier, due_at=input.due_at)


async def _assign(asker: Any, input: TaskAssignInput) -> Any:
    task = key_of(input.task_id, "Task")
    return await tasks.assign(task, await _carrier(input.assignee_id), by=asker)


async def _close(asker: Any, input: TaskCloseInput) -> Any:
    return await tasks.close(key_of(input.task_id, "Task"), input.outcome, by=asker)


async def _give(asker: Any, input: ConsentGiveInput) -> Any:
    customer, notice = key_of(input.customer_id, "Customer"), key_of(input.notice_id, "Notice")
    return await consents.give(
        customer,
        input.category,
        input.purpose,
        notice,
        by=asker,
        evidence=input.evidence,
        expires_at=input.expires_at,
    )


async def _withdraw(asker: Any, input: ConsentWithdrawInput) -> Any:
    return await consents.withdraw(key_of(input.consent_id, "Consent"), by=asker)


async def _carrier(identifier: str) -> UUID:
    """The actor behind an employee's or a partner's client's identifier."""
    return await actor_of(*decode(identifier))
