"""Who outside of the company was given a customer's data."""

from dataclasses import asdict
from datetime import datetime

from models import Purpose
from policies.actor import Actor
from procedures.own import recipient
from schema.reading import CustomerId, Plain, object_type, query, value


@object_type
class Recipient(Plain):
    """A partner that has or had tasks for a customer under an agreement."""

    partner: str = value("The partner's name.")
    purpose: Purpose = value("The purpose of its tasks.")
    fields: list[str] = value("The fields that the agreement permits, as `Type.field`.")
    since: datetime = value("When its first task was opened.")
    until: datetime | None = value("When its last task was closed; null while one is open.")


@query
async def recipients(customer_id: CustomerId, *, by: Actor) -> list[Recipient]:
    """The partners that have or had tasks for a customer; `accessLog` shows what they read."""
    return [Recipient(**asdict(each)) for each in await recipient.listed(customer_id, by=by)]
