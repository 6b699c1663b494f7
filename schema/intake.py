"""Taking somebody in: by staff with the customer before them, or by a visitor alone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.types import Info

from procedures import intake as intakes
from schema.customer import Customer
from schema.intake_data import IntakeDataInput, content_of
from schema.reading import Context, Plain, UserError, actor_of, attempt, errors, key_of, shown
from schema.task import Task


@strawberry.input(description="Who shall take somebody in.")
class IntakeOpenInput:
    """An employee."""

    assignee_id: strawberry.ID = strawberry.field(description="The employee who shall carry the task.")


@strawberry.type(description="A customer without data, and the task to take the data in.")
class IntakeOpenPayload(Plain):
    """The number and the task."""

    customer_number: str | None = strawberry.field(default=None, description="The customer's number.")
    task: Task | None = strawberry.field(default=None, description="The task to verify the customer.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="What a customer who is present gives.")
class IntakeRecordInput:
    """The task, the data, and the word that they are right."""

    key: str = strawberry.field(
        description="Made up by chance, 22 characters at least; a second call with it changes nothing."
    )
    task_id: strawberry.ID = strawberry.field(description="Your open task to verify the customer.")
    data: IntakeDataInput = strawberry.field(description="What is taken in.")
    attested: bool = strawberry.field(description="Whether the customer says that the data are right.")


@strawberry.type(description="A customer taken in.")
class IntakeRecordPayload(Plain):
    """The customer, as the actor may see it."""

    customer: Customer | None = strawberry.field(default=None, description="The customer.")
    user_errors: list[UserError] = errors()


@strawberry.input(description="What a visitor gives to become a customer.")
class IntakeBeginInput:
    """The data; a code goes to the first e-mail address among them."""

    key: str = strawberry.field(
        description="Made up by chance, 22 characters at least, and kept secret: it is the only way back."
    )
    data: IntakeDataInput = strawberry.field(description="What is taken in.")


@strawberry.type(description="An intake that waits for its code.")
class IntakeBeginPayload(Plain):
    """How long it waits."""

    expires_at: datetime | None = strawberry.field(
        default=None, description="When what was entered is destroyed, unless the code comes back."
    )
    user_errors: list[UserError] = errors()


@strawberry.input(description="The code that came back, and a password to sign in with.")
class IntakeConfirmInput:
    """What makes a customer of a visitor."""

    key: str = strawberry.field(description="The key that the intake was begun with.")
    code: str = strawberry.field(description="The code that was sent.")
    password: str = strawberry.field(description="At least 12 characters.")
    attested: bool = strawberry.field(description="Whether you say that the data are right.")


@strawberry.type(description="A visitor who is a customer now.")
class IntakeConfirmPayload(Plain):
    """The number."""

    customer_number: str | None = strawberry.field(
        default=None, description="The customer's number, which is the login."
    )
    user_errors: list[UserError] = errors()


@strawberry.type
class IntakeMutations:
    """What can be done to take somebody in."""

    @strawberry.mutation(description="Make a customer without data, and give it to an employee to take in.")
    async def intake_open(
        self,
        info: Info[Context, None],
        input: Annotated[IntakeOpenInput, strawberry.argument(description="What to do.")],
    ) -> IntakeOpenPayload:
        """Open an intake."""
        actor = actor_of(info)
        done, errors = await attempt(intakes.open(key_of(input.assignee_id, "Employee"), by=actor), actor)
        if done is None:
            return IntakeOpenPayload(user_errors=errors)
        customer, task = done
        seen = await shown(info, "Task", "task", task)
        return IntakeOpenPayload(customer_number=customer.number, task=seen)

    @strawberry.mutation(description="Take in the data of a customer who is present.")
    async def intake_record(
        self,
        info: Info[Context, None],
        input: Annotated[IntakeRecordInput, strawberry.argument(description="What to do.")],
    ) -> IntakeRecordPayload:
        """Record an intake."""
        actor, task, data = actor_of(info), key_of(input.task_id, "Task"), content_of(input.data)
        work = intakes.record(input.key, task, data, attested=input.attested, by=actor)
        done, errors = await attempt(work, actor)
        seen = await shown(info, "Customer", "customer", done)
        return IntakeRecordPayload(customer=seen, user_errors=errors)

    @strawberry.mutation(description="Enter data to become a customer; a code is sent by e-mail.")
    async def intake_begin(
        self,
        info: Info[Context, None],
        input: Annotated[IntakeBeginInput, strawberry.argument(description="What to do.")],
    ) -> IntakeBeginPayload:
        """Begin an intake."""
        context, data = info.context, content_of(input.data)
        work = intakes.begin(input.key, data, by=context.actor, address=context.address)
        done, errors = await attempt(work, context.actor)
        return IntakeBeginPayload(expires_at=done and done.expires_at, user_errors=errors)

    @strawberry.mutation(description="Become a customer, by the code that was sent.")
    async def intake_confirm(
        self,
        info: Info[Context, None],
        input: Annotated[IntakeConfirmInput, strawberry.argument(description="What to do.")],
    ) -> IntakeConfirmPayload:
        """Confirm an intake."""
        context = info.context
        work = intakes.confirm(
            input.key,
            input.code,
            input.password,
            attested=input.attested,
            by=context.actor,
            address=context.address,
        )
        done, errors = await attempt(work, context.actor)
        return IntakeConfirmPayload(customer_number=done and done.number, user_errors=errors)
