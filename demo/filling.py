"""Filling an empty database with invented people, and saying how to sign in as each of them."""

import asyncio
import json
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from demo.data import draw
from demo.queries import CAST, Query
from demo.world import CONTROLLER, World
from models import (
    Account,
    Category,
    Consent,
    ConsentState,
    ContactKind,
    ContactPoint,
    Customer,
    CustomerStatus,
    Employee,
    Identity,
    Notice,
    Partner,
    Purpose,
    Record,
    Task,
    TaskStatus,
)
from models.database import transaction
from models.event import Event
from models.keys import keyring
from policies.actor import utc_now
from procedures import private_file
from procedures.access import hashed
from procedures.errors import Conflict
from procedures.ledger import of, record

FILE = "demo-personas.json"
R = TypeVar("R", Consent, ContactPoint)


class NotEmpty(Conflict):
    """The database holds somebody already; invented people are not mixed with real ones."""

    code = "DATABASE_NOT_EMPTY"
    message = (
        "The database is not empty, and invented people are not mixed with real ones. "
        "Use another directory (--data) or another database for the demo."
    )


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to sign in as, the purpose to state, and what to ask; `kind` says which sign-in it is."""

    part: str
    title: str
    kind: str
    login: str
    password: str
    purpose: str | None
    queries: tuple[Query, ...]


async def fill(
    seed: int = 1, customers: int = 300, *, directory: Path | None = None, now: datetime | None = None
) -> tuple[Persona, ...]:
    """Fill an empty database, and return whom the demo lets sign in.

    The same seed and instant give the same rows, whatever the machine.
    Passwords are the only chance in it: they are drawn for this installation and kept in `directory`, in a file
    that only its owner can read.

    Raises:
        NotEmpty: the database holds customers or partners, or staff who sign in as the demo's would.
    """
    world = draw(seed, customers, now or utc_now())
    personas = tuple(_persona(world, *part) for part in CAST if part[0] in world.actors)
    hashes = await asyncio.gather(*(hashed(persona.password, login=persona.login) for persona in personas))
    for persona, secret in zip(personas, hashes, strict=True):
        world.actors[persona.part].password_hash = secret
    async with transaction():
        await _refuse_filled(world)
        await _write(world)
        record(Event.DEMO_FILLED, None, changed=of(world.records), customers=customers)
        # Within the transaction: rows that nobody can sign in to see would be of no use.
        if directory is not None:
            _store(personas, directory)
    return personas


async def _refuse_filled(world: World) -> None:
    logins = [account.login for account in world.actors.values()]
    if await Customer.exists() or await Partner.exists() or await Account.filter(login__in=logins).exists():
        raise NotEmpty


async def _write(world: World) -> None:
    # Whoever is referred to was drawn before, but for the customers, who are drawn with their logins.
    first: tuple[type[Record], ...] = (Customer,)
    # All keys at once: otherwise each table adds its own to each customer's ring, in a transaction for each.
    await keyring.ensure(customer.id for customer in world.records[Customer])
    for model in (*first, *(model for model in world.records if model not in first)):
        await model.bulk_create(world.records.get(model, []))


def _persona(world: World, part: str, title: str, purpose: str | None, queries: tuple[Query, ...]) -> Persona:
    account = world.actors[part]
    password = secrets.token_urlsafe(12)
    examples = tuple(filled_in(query, world, account, password) for query in queries)
    return Persona(part, title, account.kind.value, account.login, password, purpose, examples)


def _store(personas: Sequence[Persona], directory: Path) -> None:
    """Keep the personas with their passwords where only the owner of the directory finds them.

    Who is responsible for the invented people is said there, too, unless somebody is named already.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with private_file.opened(directory / FILE) as file:
        json.dump({"personas": [asdict(persona) for persona in personas]}, file, ensure_ascii=False, indent=1)
    if not (controller := directory / "controller.toml").exists():
        shutil.copyfile(CONTROLLER, controller)


def stored(directory: Path) -> Sequence[Persona]:
    """The personas that were kept here; none where there is no demo."""
    path = directory / FILE
    if not path.is_file():
        return ()
    kept = json.loads(path.read_text(encoding="utf-8"))["personas"]
    return [
        Persona(**each | {"queries": tuple(Query(**query) for query in each["queries"])}) for each in kept
    ]


_VARIABLE: Final = re.compile(r"\$(\w+):")


def filled_in(query: Query, world: World, actor: Account, password: str) -> Query:
    """A query with its variables as they are in a world, for an actor who signs in with a password."""
    of = actor.customer_id or world.actors["customer"].customer_id
    names = _VARIABLE.findall(query.query)
    values = {name: password if name == "password" else _STAND[name](world, of) for name in names}
    return replace(query, variables=values or None)


def _named(record: Record) -> dict[str, str]:
    return {"type": type(record).__name__, "id": str(record.id)}


def _own(world: World, model: type[R], of: UUID | None) -> Iterator[R]:
    return (each for each in world.records[model] if each.customer_id == of)


def _me(world: World, of: UUID | None) -> dict[str, str]:
    return _named(next(each for each in world.records[Customer] if each.id == of))


def _point(world: World, of: UUID | None) -> dict[str, str]:
    return _named(next(each for each in _own(world, ContactPoint, of) if each.kind is ContactKind.EMAIL))


def _email(world: World, of: UUID | None) -> str:
    """The e-mail address of the customer."""
    found = next(each for each in _own(world, ContactPoint, of) if each.kind is ContactKind.EMAIL)
    return str(found.content.value)


def _request(world: World, of: UUID | None) -> dict[str, str]:
    return _named(next(each for each in _own(world, Consent, of) if each.state is ConsentState.REQUESTED))


def _notice(world: World, of: UUID | None) -> dict[str, str]:
    """The notice on marketing, in the customer's language."""
    notices = {each.notice_id for each in _own(world, Consent, of)}
    return _named(
        next(
            each for each in world.records[Notice] if each.id in notices and each.purpose is Purpose.MARKETING
        )
    )


def _number(world: World, of: UUID | None) -> str:
    """The number of somebody else, who can be reached for support."""
    reachable = {
        each.customer_id
        for each in world.records[Consent]
        if each.permits and (each.category, each.purpose) == (Category.CONTACT_POINT, Purpose.SUPPORT)
    } - {of}
    active = (each for each in world.records[Customer] if each.status is CustomerStatus.ACTIVE)
    return [str(each.number) for each in active if each.id in reachable and not each.restricted][-1]


def _task(world: World, _of: UUID | None) -> dict[str, str]:
    """A task that nobody has, and that can be given to somebody."""
    lasting = _lasting(world)
    return _named(
        min(world.records[Task], key=lambda each: (each.id not in lasting, each.assignee_id is not None))
    )


def _mine(world: World, of: UUID | None) -> dict[str, str]:
    """The last task of the support agent's that is no task of the customer's."""
    agent, lasting = world.actors["support.agent"].id, _lasting(world)
    return _named(
        min(
            reversed(world.records[Task]),
            key=lambda each: (each.id not in lasting, each.assignee_id != agent, each.customer_id == of),
        )
    )


def _company(world: World, _of: UUID | None) -> str:
    """The company for which somebody speaks whom the sales agent has a task for."""
    agent, lasting = world.actors["sales.agent"].id, _lasting(world)
    at_work = {
        each.customer_id for each in world.records[Task] if each.id in lasting and each.assignee_id == agent
    }
    consenting = {
        each.customer_id
        for each in world.records[Consent]
        if each.permits and (each.category, each.purpose) == (Category.IDENTITY, Purpose.SALES)
    }
    speaking = (each for each in world.records[Identity] if each.content.company_name)
    found = min(speaking, key=lambda each: each.customer_id not in at_work & consenting)
    return str(found.content.company_name)


def _lasting(world: World) -> set[UUID]:
    """The open tasks that are not over their day, of customers who are here and do not mind."""
    active = (each for each in world.records[Customer] if each.status is CustomerStatus.ACTIVE)
    here = {each.id for each in active if not each.restricted}
    tasks = (each for each in world.records[Task] if each.status is TaskStatus.OPEN)
    return {each.id for each in tasks if each.due_at > world.now and each.customer_id in here}


def _assignee(world: World, _of: UUID | None) -> dict[str, str]:
    """The support agent."""
    agent = world.actors["support.agent"].id
    return _named(next(each for each in world.records[Employee] if each.actor_id == agent))


#: By variable: what stands for it, given the world and the customer it is about.
_STAND: Final[dict[str, Callable[[World, UUID | None], Any]]] = {
    "me": _me,
    "point": _point,
    "email": _email,
    "company": _company,
    "request": _request,
    "notice": _notice,
    "number": _number,
    "task": _task,
    "mine": _mine,
    "assignee": _assignee,
}
