"""Broken glass for generated worlds."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import models
from models import Category

if TYPE_CHECKING:
    from tests.policies.world import World


def break_glass(world: "World", customer: models.Customer, instants: Sequence[datetime]) -> None:
    """A request in any state, at times asked for by a partner's client, which no rule may mind."""
    actor, decider, reviewer = world.random.sample([employee.actor_id for employee in world.employees], 3)
    opened = world._maybe(instants)
    state = models.BreakGlassState.APPROVED if opened and world.random.random() < 0.8 else world.random.choice(
        [each for each in models.BreakGlassState if each is not models.BreakGlassState.APPROVED]
    )  # fmt: skip
    reviewed = opened is not None and world.random.random() < 0.3
    glass = world._add(
        models.BreakGlass(
            customer_id=customer.id,
            requested_by_id=world.random.choice([actor, actor, actor, world.clients[0].actor_id]),
            purpose=world.random.choice(world.few),
            special=world.random.random() < 0.3,
            content=models.BreakGlassContent("No task was there in time."),
            reason_digest=world.random.randbytes(32),
            state=state,
            requested_at=world._instant(),
            ends_at=world._instant(world.random.choice((instants, instants[4:]))),
            decided_by_id=decider if opened else world._maybe([decider]),
            opened_at=opened,
            verdict=models.Verdict.JUSTIFIED if reviewed else None,
            reviewed_by_id=reviewer if reviewed else None,
            reviewed_at=world._maybe(instants),
        )
    )
    for category in world.random.sample(list(Category), world.random.choice((0, 1, 2, 4, 7))):
        world._add(models.BreakGlassCategory(break_glass_id=glass.id, category=category))
