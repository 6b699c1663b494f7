"""`savas instruction`: what others than customers say is to be ended, and by when a second person decides."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from commands.app import App
from commands.options import HERE, Where
from commands.terminal import print_table

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
) -> None:
    """List the instructions that wait, by deadline: numbers, categories, purposes and states, never what was said.

    A privacy officer decides, or a manager where no special category is concerned. More: docs/consent.md.

    Exit codes: 0 done; 4 the database cannot be reached.
    """
    from policies.actor import utc_now
    from procedures import instruction

    _table(where.run(instruction.listed(everything=all_)), utc_now())


def _table(instructions: "list[Instruction]", now: datetime) -> None:
    from models import InstructionState

    waiting = InstructionState.WAITING
    print_table(
        ("Customer", "Kind", "Category", "Purpose", "State", "Due", "Overdue"),
        (
            (
                each.customer.number, each.kind.value, each.consent_category or "-", each.consent_purpose or "-",
                each.state.value, f"{each.due_at:%Y-%m-%d}",
                "yes" if each.overdue or (each.state is waiting and each.due_at <= now) else "-",
            )
            for each in instructions
        ),
    )  # fmt: skip
