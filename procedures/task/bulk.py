"""Tasks for everybody whom an import brought: each opened and judged as if it were the only one."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from models import Customer, CustomerStatus, ImportedRow, Purpose, Task, TaskStatus
from models.errors import ProcedureError
from policies.actor import Actor
from policies.decide import may
from policies.errors import Refused
from procedures.ledger import LedgerUnavailable
from procedures.task import task as tasks
from procedures.work import Progress, one_by_one, silent

#: The entity of customers in the marks of imported rows.
CUSTOMER = "customer"


@dataclass
class Opened:
    """How many tasks were opened, how many customers had one, and how many were refused, by code."""

    opened: int = 0
    had_one: int = 0
    refused: Counter[str] = field(default_factory=Counter)


async def open_imported(
    source: str,
    purpose: Purpose,
    assignee_id: UUID,
    *,
    by: Actor,
    dry_run: bool = False,
    progress: Progress = silent,
) -> Opened:
    """Open a task for each customer of an import who has none for the purpose that is open and lasts, and give it.

    Args:
        source: of the import.
        purpose: of the tasks.
        assignee_id: the account of whom they are given to.
        by: the manager who gives them.
        dry_run: only count; what depends on the assignee is not judged.
        progress: is told how many customers are done.
    """
    done, own = Opened(), Task.filter(purpose=purpose, status=TaskStatus.OPEN, due_at__gt=by.now)
    for customer_id in one_by_one(await _imported(source), progress):
        if await own.filter(customer_id=customer_id).exists():
            done.had_one += 1
            continue
        try:
            if not dry_run:
                await tasks.open(customer_id, purpose, by=by, assignee_id=assignee_id)
            elif not await may(by, "open_task", "Customer", customer_id):
                raise Refused("open_task")
        except LedgerUnavailable:
            raise
        except (ProcedureError, Refused) as error:
            done.refused[error.code] += 1
        else:
            done.opened += 1
    return done


async def _imported(source: str) -> list[UUID]:
    """The customers whom an import brought and who have not left, in the order of their ids."""
    rows = ImportedRow.filter(source=source, entity=CUSTOMER)
    ids = {row["record_id"] for row in await rows.values("record_id")}
    active = await Customer.filter(status=CustomerStatus.ACTIVE).order_by("id").values("id")
    return [each["id"] for each in active if each["id"] in ids]
