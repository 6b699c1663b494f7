"""Registering new customers: by an employee with the customer present, or by visitors themselves."""

from __future__ import annotations

from datetime import datetime

import strawberry

from procedures import intake as intakes
from schema.customer import Customer
from schema.intake_data import IntakeDataInput, content_of
from schema.reading import ContextInfo, Input, Payload, actor_of, attempt, key_of, payload_of, view_of
from schema.task import Task


@strawberry.input(description="Who records the new customer's data.")
class IntakeOpenInput:
    """An employee."""

    assignee_id: strawberry.ID = strawberry.field(description="The employee to assign the task to.")


@strawberry.type(description="The new customer, and the task to record the data.")
class IntakeOpenPayload(Payload):
    """The number and the task."""

    customer_number: str | None = strawberry.field(default=None, description="The customer's number.")
    task: Task | None = strawberry.field(default=None, description="The task to verify the customer.")


@strawberry.input(description="The data of a customer who is present.")
class IntakeRecordInput:
    """The task, the data, and the word that they are right."""

    key: str = strawberry.field(
        description="A random text of at least 22 characters, made by the client; a second call with the "
        "same one changes nothing."
    )
    task_id: strawberry.ID = strawberry.field(description="Your open task to verify the customer.")
    data: IntakeDataInput = strawberry.field(description="The data to record.")
    attested: bool = strawberry.field(description="Whether the customer confirms that the data are right.")


@strawberry.type(description="The customer with the recorded data.")
class IntakeRecordPayload(Payload):
    """The customer, as the actor may see it."""

    customer: Customer | None = strawberry.field(default=None, description="The customer.")


@strawberry.input(description="The data of a visitor who registers as a customer.")
class IntakeBeginInput:
    """The data; a code goes to the first e-mail address among them."""

    key: str = strawberry.field(
        description="A random secret of at least 22 characters, made by the client; `intakeConfirm` needs it."
    )
    data: IntakeDataInput = strawberry.field(description="The data to record.")


@strawberry.type(description="A registration that waits for the code.")
class IntakeBeginPayload(Payload):
    """How long it waits."""

    expires_at: datetime | None = strawberry.field(
        default=None, description="When the data are deleted, unless the code is confirmed before."
    )


@strawberry.input(description="The code that was sent, and the password to sign in with.")
class IntakeConfirmInput:
    """What makes a customer of a visitor."""

    key: str = strawberry.field(description="The `key` given to `intakeBegin`.")
    code: str = strawberry.field(description="The code that was sent by e-mail.")
    password: str = strawberry.field(description="The password, of at least 12 characters.")
    attested: bool = strawberry.field(description="Whether you confirm that the data are right.")


@strawberry.type(description="The new customer.")
class IntakeConfirmPayload(Payload):
    """The number."""

    customer_number: str | None = strawberry.field(
        default=None, description="The customer's number, which is the login name."
    )


@strawberry.type
class IntakeMutations:
    """Mutations that register customers."""

    @strawberry.mutation(
        description="Create a customer without data, and a task for an employee to record them."
    )
    async def intake_open(self, info: ContextInfo, input: Input[IntakeOpenInput]) -> IntakeOpenPayload:
        """Open an intake."""
        actor = actor_of(info)
        opened, errors = await attempt(intakes.open(key_of(input.assignee_id, "Employee"), by=actor), actor)
        if opened is None:
            return IntakeOpenPayload(user_errors=errors)
        customer, task = opened
        return IntakeOpenPayload(customer_number=customer.number, task=await view_of(info, "Task", task))

    @strawberry.mutation(description="Record the data of a customer who is present.")
    async def intake_record(self, info: ContextInfo, input: Input[IntakeRecordInput]) -> IntakeRecordPayload:
        """Record an intake."""
        actor, task, data = actor_of(info), key_of(input.task_id, "Task"), content_of(input.data)
        work = intakes.record(input.key, task, data, attested=input.attested, by=actor)
        return IntakeRecordPayload(**await payload_of(info, "Customer", work))

    @strawberry.mutation(description="Register as a customer; a code is sent by e-mail.")
    async def intake_begin(self, info: ContextInfo, input: Input[IntakeBeginInput]) -> IntakeBeginPayload:
        """Begin an intake."""
        context, data = info.context, content_of(input.data)
        work = intakes.begin(input.key, data, by=context.actor, address=context.address)
        intake, errors = await attempt(work, context.actor)
        return IntakeBeginPayload(expires_at=intake and intake.expires_at, user_errors=errors)

    @strawberry.mutation(description="Complete a registration by the code that was sent.")
    async def intake_confirm(
        self, info: ContextInfo, input: Input[IntakeConfirmInput]
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
        customer, errors = await attempt(work, context.actor)
        return IntakeConfirmPayload(customer_number=customer and customer.number, user_errors=errors)
