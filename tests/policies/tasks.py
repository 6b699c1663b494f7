"""Tasks for generated worlds: open, over their day, without one, closed, and reviewed or waiting for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import models

if TYPE_CHECKING:
    from tests.policies.world import World


def task(
    world: "World",
    customer: models.Customer,
    agreements: Sequence[models.Agreement],
    instants: Sequence[datetime],
) -> None:
    """A task in any state, at times with a review; the instants are such as decide, the later half to come."""
    groups = (world.employees, world.clients, world.clients)
    carrier = world._maybe([row.actor_id for group in groups for row in group])
    closed = world.random.random() < 0.25
    made = world._add(
        models.Task(
            customer_id=customer.id,
            purpose=world.random.choice(world.few),
            assignee_id=carrier,
            agreement_id=world._maybe([agreement.id for agreement in agreements]),
            status=models.TaskStatus.CLOSED if closed else models.TaskStatus.OPEN,
            opened_by_id=world._maybe([row.actor_id for row in world.employees]),
            opened_at=instants[0],
            due_at=None if world.activity.random() < 0.1 else _day(world, instants),
            extended_at=world._maybe(instants),
            handed_back_at=world._maybe(instants),
            occasion=world._maybe(list(models.Occasion)),
            closed_at=world._maybe(instants) if closed else None,
            outcome=world._maybe(list(models.Outcome)) if closed else None,
        )
    )
    if carrier is not None and world.random.random() < 0.3:
        _review(world, made)


def _day(world: "World", instants: Sequence[datetime]) -> datetime:
    """When it is due: in most cases to come."""
    return world._instant(world.random.choice((instants, instants[4:], instants[4:])))


def _review(world: "World", task: models.Task) -> None:
    giver, reviewer = world.random.sample(
        [row.actor_id for row in world.employees if row.actor_id != task.assignee_id], 2
    )
    verdict = world._maybe(list(models.Verdict))
    world._add(
        models.TaskReview(
            task_id=task.id,
            customer_id=task.customer_id,
            reason=world.random.choice(list(models.ReviewReason)),
            given_by_id=giver,
            given_to_id=task.assignee_id,
            given_at=world._instant(),
            content=models.ReviewContent("It was.") if verdict else None,
            verdict=verdict,
            reviewed_by_id=reviewer if verdict else None,
            reviewed_at=world._instant() if verdict else None,
        )
    )
