"""Registering new customers: by an employee with the customer present, or by visitors themselves."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from policies.actor import Actor
from procedures import intake as intakes
from schema.customer import Customer
from schema.intake_data import IntakeDataInput, content_of
from schema.reading import Context, Id, mutation
from schema.task import NEXT, NextTaskInput, Task, next_of

Data = Annotated[IntakeDataInput, "The data to record."]


@mutation(
    "The new customer, and the task to record the data.",
    {
        "customer_number": (str, "The customer's number."),
        "task": (Task, "The task to verify the customer."),
        **NEXT,
    },
    input="Who records the new customer's data, and what follows.",
    creates=True,
)
async def intake_open(
    assignee_id: Annotated[UUID, Id("Employee"), "The employee to assign the task to."],
    next_task: Annotated[
        NextTaskInput | None,
        "A task for another purpose, by which somebody, such as the same employee, goes on with the customer.",
    ] = None,
    *,
    by: Actor,
) -> Any:
    """Create a customer without data, and a task for an employee to record them; if you like, the task that follows, too."""
    following = None if next_task is None else await next_of(next_task)
    customer, task, opened = await intakes.open(assignee_id, by=by, following=following)
    return customer.number, task, opened


@mutation(
    "The customer with the recorded data.",
    {"customer": (Customer, "The customer.")},
    input="The data of a customer who is present.",
)
async def intake_record(
    key: Annotated[
        str,
        "A random text of at least 22 characters, made by the client; a second call with the same one changes "
        "nothing.",
    ],
    task_id: Annotated[UUID, Id("Task"), "Your open task to verify the customer."],
    data: Data,
    attested: Annotated[bool, "Whether the customer confirms that the data are right."],
    *,
    by: Actor,
) -> Any:
    """Record the data of a customer who is present."""
    return await intakes.record(key, task_id, content_of(data), attested=attested, by=by)


@mutation(
    "A registration that waits for the code.",
    {"expires_at": (datetime, "When the data are deleted, unless the code is confirmed before.")},
    input="The data of a visitor who registers as a customer.",
)
async def intake_begin(
    key: Annotated[
        str, "A random secret of at least 22 characters, made by the client; `intakeConfirm` needs it."
    ],
    data: Data,
    *,
    context: Context,
) -> Any:
    """Register as a customer; a code is sent by e-mail."""
    intake = await intakes.begin(key, content_of(data), by=context.actor, address=context.address)
    return intake.expires_at


@mutation(
    "The new customer.",
    {"customer_number": (str, "The customer's number, which is the login name.")},
    input="The code that was sent, and the password to sign in with.",
)
async def intake_confirm(
    key: Annotated[str, "The `key` given to `intakeBegin`."],
    code: Annotated[str, "The code that was sent by e-mail."],
    password: Annotated[str, "The password, of at least 12 characters."],
    attested: Annotated[bool, "Whether you confirm that the data are right."],
    *,
    context: Context,
) -> Any:
    """Complete a registration by the code that was sent."""
    customer = await intakes.confirm(
        key, code, password, attested=attested, by=context.actor, address=context.address
    )
    return customer.number
