"""Who has looked at a customer's data, for the customer to see."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.types import Info

from models import Purpose, Role
from policies import ir
from policies.ir import Compare, Param, Path
from policies.search import Order
from schema.enums import ActorKind
from schema.reading import (
    After,
    Connection,
    Context,
    First,
    Guarded,
    Page,
    Question,
    Released,
    composed,
    encode,
    key_of,
    page,
    recorded,
    signed_in,
    value,
)


@recorded
@strawberry.type(
    description="One answer that held data of a customer; who asked is told by role, not by name."
)
class Access(Released, Guarded):
    """A reading."""

    at: datetime | None = value("When the answer was given.")
    actor_kind: ActorKind | None = value("What kind of caller asked.")
    actor_roles: list[Role] | None = value("The roles of the employee who asked; empty for others.")
    purposes: list[Purpose] | None = value("The purposes that the request stated.")
    fields: list[str] | None = value("The fields that were released, as `Type.field`.")
    task_ids: list[strawberry.ID] | None = value(
        "The identifiers of the caller's tasks for the customer that opened the data."
    )
    break_glass_ids: list[strawberry.ID] | None = value(
        "The identifiers of what let the caller read without a task; empty where nothing did."
    )


@composed("actorKind", "kind")
def _kind(kind: str) -> ActorKind:
    return ActorKind(kind)


@composed("actorRoles", "roles")
def _roles(roles: str) -> list[Role]:
    return [Role(role) for role in roles.split()]


@composed("purposes", "purposes")
def _purposes(purposes: str) -> list[Purpose]:
    return [Purpose(purpose) for purpose in purposes.split()]


@composed("fields", "fields_read")
def _fields(fields: str) -> list[str]:
    return fields.split()


@composed("taskIds", "task_ids")
def _tasks(tasks: str) -> list[str]:
    return [encode("Task", UUID(task)) for task in tasks.split()]


@composed("breakGlassIds", "break_glass_ids")
def _glasses(glasses: str | None) -> list[str]:
    return [encode("BreakGlass", UUID(glass)) for glass in (glasses or "").split()]


@strawberry.type
class AccessQueries:
    """What can be asked about readings."""

    @strawberry.field(
        description="Who has looked at a customer's data, the latest first; looking here is recorded too."
    )
    async def access_log(
        self,
        info: Info[Context, None],
        customer_id: Annotated[strawberry.ID, strawberry.argument(description="Whose data.")],
        first: First = 50,
        after: After = None,
    ) -> Connection[Access]:
        """A page of readings."""
        signed_in(info.context)
        of = Compare("=", Path(ir.THIS, ("customerId",)), Param("customer"))
        question = Question().also(of, {"customer": key_of(customer_id, "Customer")})
        return await page(info, "Access", question, Page(first, after, Order("at", descending=True)))
