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

    _table(where.run(instruction.due.listed(everything=all_)), utc_now())


def _table(instructions: "list[Instruction]", now: datetime) -> None:
    # No more columns than a terminal is wide: a number that is cut off names nobody.
    print_table(
        ("Customer", "Kind", "Category", "Purpose", "State"),
        (
            (
                each.customer.number, each.kind.value, each.consent_category or "-", each.consent_purpose or "-",
                _state(each, now),
            )
            for each in instructions
        ),
    )  # fmt: skip


def _state(instruction: "Instruction", now: datetime) -> str:
    """Of one that waits its day, of another what came of it."""
    from models import InstructionState

    if instruction.state is not InstructionState.WAITING:
        return str(instruction.state.value)
    late = instruction.overdue or instruction.due_at <= now
    return f"{'overdue' if late else 'due'} {instruction.due_at:%Y-%m-%d}"
