"""Who has looked at a customer's data, for the customer to see."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from models import LookupWay, Purpose, Role
from policies.conditions import Compare, Param, Path, ir
from policies.statements import Order
from schema.enums import ActorKind
from schema.reading import (
    After,
    Connection,
    ContextInfo,
    CustomerId,
    First,
    Guarded,
    Page,
    Question,
    Released,
    actor_of,
    composed,
    encode,
    page,
    query,
    recorded,
    value,
)


@recorded
class Access(Released, Guarded):
    """An entry of the access log: somebody read data of a customer. The caller is given by kind and roles, not by name."""

    at: datetime | None = value("When the data were read.")
    actor_kind: ActorKind | None = value("The kind of caller.")
    actor_roles: list[Role] | None = value("The roles of the employee who read; empty for other callers.")
    purposes: list[Purpose] | None = value("The purposes that the caller stated.")
    fields: list[str] | None = value("The fields that were read, as `Type.field`.")
    found_by: LookupWay | None = value(
        "By what kind of value the front desk found the customer, who did not know the number; null if data were read."
    )
    explained: str | None = value(
        "The field, as `Type.field`, or the type, of which it was asked at the command line who may read it or do something "
        "to it, or why; nothing of it was read. Null if data were read."
    )
    task_ids: list[strawberry.ID] | None = value(
        "The identifiers of the caller's tasks for this customer that permitted it."
    )
    break_glass_ids: list[strawberry.ID] | None = value(
        "The identifiers of the break-glass requests that permitted reading without a task; usually empty."
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


@query
async def access_log(
    customer_id: CustomerId, first: First = 50, after: After = None, *, info: ContextInfo
) -> Connection[Access]:
    """Who read a customer's data, the latest first. This query is recorded, too."""
    actor_of(info)
    of = Compare("=", Path(ir.THIS, ("customerId",)), Param("customer"))
    question = Question().also(of, {"customer": customer_id})
    return await page(info, "Access", question, Page(first, after, Order("at", descending=True)))
