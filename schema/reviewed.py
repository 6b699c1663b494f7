"""What a review says, of whatever is reviewed: break-glass access, and the giving of tasks."""

from __future__ import annotations

from datetime import datetime

from models import Verdict
from policies.conditions import Compare, Condition, Const, Path, ir
from schema.employee import Employee
from schema.reading import object_type, one, value


@object_type
class Reviewed:
    """The fields that everything has which is reviewed; a type that has them inherits this."""

    verdict: Verdict | None = value("The verdict of the review; null until then.")
    note: str | None = value("The findings of the review; null until then.")
    reviewed_at: datetime | None = value("When it was reviewed; null until then.")
    reviewed_by: Employee | None = one("The employee who reviewed it; null until then.", there="actor_id")


def with_verdict(wanted: bool) -> Condition:
    """What has a verdict, or has none yet; whether the actor may see that is asked apart."""
    return Compare("!=" if wanted else "=", Path(ir.THIS, ("verdict",)), Const(None))
