"""How `savas policy who` finds everybody who could read something, and how it says so.

It shows logins, ids and file names only, never a personal value.
"""

from collections.abc import Iterator

from rich.text import Text

from commands.explaining import (
    Question,
    accounts,
    check_names,
    is_active,
    purposes_of,
    records_of,
    signed_in,
)
from commands.shown import Shown, table
from models import Customer
from models.event import Event
from policies.actor import Actor, Channel
from policies.conditions import Kind
from policies.decide import require
from policies.policy import Policy
from policies.showing import Reader, readers
from procedures.access import actor_of
from procedures.ledger import reading

HEADINGS = ("Who", "As", "Stating", "By the rule", "Because of", "Of records")


async def readers_of(question: Question, policy: Policy) -> tuple[dict[str, list[Reader]], int]:
    """Everybody who could read what is asked about, by login, and of how many records.

    Raises:
        typer.BadParameter: something that was typed is not there; says what there is instead.
        Refused: who asks may not know this of the customer.
    """
    check_names(question, policy)
    ids = await records_of(question)
    customer = await Customer.get(number=(question.customer or "").strip().upper())
    asking = await signed_in(question.login, purposes_of(question, policy), Channel.CONSOLE)
    await require(asking, "list_readers", "Customer", customer.id)
    await reading.explained(
        Event.READERS_LISTED, asking, [customer.id], record=question.type, field=question.name,
        purposes=asking.purposes,
    )  # fmt: skip
    found = {
        login: actor_of(rows, frozenset()) for login, rows in (await accounts()).items() if is_active(rows)
    }
    logins = {actor.actor_id: login for login, actor in found.items()}
    purposes = sorted(purposes_of(question, policy)) or list(policy.purposes)
    by_login: dict[str, list[Reader]] = {}
    for reader in await readers(policy, question.type, ids, question.name, found.values(), purposes):
        by_login.setdefault(logins[reader.actor.actor_id], []).append(reader)
    return by_login, len(ids)


def shown(found: dict[str, list[Reader]], records: int) -> Shown:
    """A table of them: a line for each way in which somebody could."""
    ways = table(HEADINGS, _rows(found, records))
    counted = f"{len(found) or 'Nobody'} could read it now."
    return Shown(ways.plain, (*(ways.parts if found else ()), Text(counted)))


def _rows(found: dict[str, list[Reader]], records: int) -> Iterator[tuple[object, ...]]:
    for login, ways in found.items():
        for way in ways:
            yield (
                login,
                _kind(way.actor),
                way.purpose,
                f"{way.rule.file}:{way.rule.line}" if way.rule else "several together",
                [f"{name} {id}" for name, id in way.grounds],
                f"{len(way.records)} of {records}",
            )


def _kind(actor: Actor) -> str:
    return ", ".join([Kind.of(actor).name, *sorted(role.value for role in actor.roles)])
