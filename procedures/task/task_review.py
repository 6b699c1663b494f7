"""Reviews of tasks that were given without an occasion or among managers, as broken glass is reviewed.

Whether a task is reviewed, and by whom, the policies say; `procedures.task.occasion` begins a review.
"""

from typing import Any
from uuid import UUID

from models import Outcome, ReviewContent, Task, TaskReview, TaskStatus, Verdict
from models.database import transaction
from models.event import Event
from models.values import line
from policies.actor import Actor
from policies.decide import require
from procedures.errors import AlreadyReviewed
from procedures.ledger import record
from procedures.task.task import record_event


async def decide(task_review_id: UUID, verdict: Verdict, note: str, *, by: Actor) -> TaskReview:
    """Say whether it was justified to give a task, and why; one that was not is closed if it is open.

    Raises:
        Refused: the actor is a party to it, or may not review.
        AlreadyReviewed: somebody has reviewed it before; nothing changes.
        Unfit: the note is no line of text.
    """
    async with transaction():
        await require(by, "decide", "TaskReview", task_review_id)
        text = line(note, "note", longest=1000)
        review = await TaskReview.filter(id=task_review_id).select_for_update(no_key=True).get()
        if review.verdict is not None:
            raise AlreadyReviewed
        review.content = ReviewContent(text)
        review.verdict, review.reviewed_by_id, review.reviewed_at = verdict, by.actor_id, by.now
        await review.save(update_fields=["content", "verdict", "reviewed_by_id", "reviewed_at"])
        about: dict[str, Any] = {"review": review.id, "task": review.task_id, "customer": review.customer_id}
        record(Event.TASK_REVIEW_DECIDED, by, changed={TaskReview: [review.id]}, **about, verdict=verdict)
        if verdict is Verdict.UNJUSTIFIED:
            await _close(review, by)
        return review


async def listed(*, everything: bool = False) -> list[TaskReview]:
    """Those that wait for a verdict, or all, the first given first; for the command line."""
    rows = TaskReview.all() if everything else TaskReview.filter(verdict=None)
    return await rows.order_by("given_at", "id").prefetch_related("task", "customer", "given_by", "given_to")


async def _close(review: TaskReview, by: Actor) -> None:
    closing = {"status": TaskStatus.CLOSED, "closed_at": by.now, "outcome": Outcome.CANCELLED}
    if await Task.filter(id=review.task_id, status=TaskStatus.OPEN).update(**closing):
        record_event(Event.TASK_CLOSED, review.task_id, review.customer_id, by, outcome=Outcome.CANCELLED)
