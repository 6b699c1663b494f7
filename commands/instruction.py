"""`savas instruction`: what others than customers say is to be ended, and by when a second person decides."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.shown import Shown, table

if TYPE_CHECKING:
    from models import Instruction

app = App(
    name="instruction",
    no_args_is_help=True,
    help="See which instructions to end consents wait for a second person.",
)


@app.command("list")
def listed(
    *,
    all_: Annotated[
        bool, typer.Option("--all", help="Also instructions that were decided or contradicted.")
    ] = False,
    where: Where = HERE,
) -> Shown:
    """List the instructions that wait, by deadline: numbers, categories, purposes and states, never what was said.

    A privacy officer decides, or a manager where no special category is concerned. More: docs/consent.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from policies.actor import utc_now
    from procedures import instruction

    return _table(where.run(instruction.due.listed(everything=all_)), utc_now())


def _table(instructions: "list[Instruction]", now: datetime) -> Shown:
    from models import InstructionState

    return table(
        ("Customer", "Kind", "Category", "Purpose", "State", "Due", "Overdue"),
        (
            (
                each.customer.number, each.kind, each.consent_category, each.consent_purpose, each.state, each.due_at,
                each.overdue or (each.state is InstructionState.WAITING and each.due_at <= now),
            )
            for each in instructions
        ),
    )  # fmt: skip
