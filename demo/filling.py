"""Filling an empty database with invented people, and saying how to sign in as each of them."""

import asyncio
import json
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from demo.data import draw
from demo.queries import (
    ASKED_WITHOUT,
    BY_CODE,
    CARDS,
    CODES,
    COMPANIES,
    CONSENTS,
    DELIVERIES,
    HEALTH,
    HELD,
    HOLD,
    LOOKED,
    OVERSEEN,
    OWN,
    PEOPLE,
    RIGHTS,
    TASKS,
    WISHES,
    WITHHELD,
    WITHOUT_TASK,
    Query,
    filled_in,
)  # fmt: skip
from demo.world import CONTROLLER, World
from models import Account, Company, Customer, Partner, Record
from models.database import transaction
from models.event import Event
from models.keys import keyring
from policies.actor import utc_now
from procedures import private_file
from procedures.access import hashed
from procedures.errors import Conflict
from procedures.ledger import of, record

FILE = "demo-personas.json"


class NotEmpty(Conflict):
    """The database holds somebody already; invented people are not mixed with real ones."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_NOT_EMPTY",
            "The database is not empty, and invented people are not mixed with real ones. "
            "Use another directory (--data) or another database for the demo.",
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


@dataclass(frozen=True, slots=True)
class Demo:
    """What was filled in."""

    personas: tuple[Persona, ...]
    customers: int


#: Whom the demo lets sign in: the part played, a title, the purpose to state, and what to ask.
CAST: tuple[tuple[str, str, str | None, tuple[Query, ...]], ...] = (
    ("support.agent", "A support agent", "support", (PEOPLE, TASKS, WITHOUT_TASK)),
    ("sales.agent", "A sales agent", "sales", (WISHES, PEOPLE, COMPANIES)),
    ("verification.agent", "A verification agent", "verification", (CODES, TASKS)),
    ("billing.agent", "A billing agent", "billing", (CARDS, TASKS)),
    ("care.agent", "A care agent", "care", (HEALTH, TASKS)),
    ("manager", "The manager", None, (OVERSEEN, WITHHELD, ASKED_WITHOUT)),
    ("privacy.officer", "The privacy officer", None, (CONSENTS, WITHHELD, LOOKED, HOLD, HELD)),
    ("administrator", "The administrator", None, (COMPANIES, WITHHELD)),
    ("customer", "A customer", None, (OWN, *RIGHTS)),
    ("other.customer", "Another customer", None, (OWN, BY_CODE)),
    ("partner.van", "A delivery partner, bound by an agreement", "delivery", (DELIVERIES, TASKS)),
    ("former.partner.van", "A former partner, whose agreement has ended", "delivery", (DELIVERIES, TASKS)),
)


async def fill(
    seed: int = 1, customers: int = 300, *, directory: Path | None = None, now: datetime | None = None
) -> Demo:
    """Fill an empty database: the same seed and instant give the same rows, whatever the machine.

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
    demo = Demo(personas, customers)
    async with transaction():
        await _refuse_filled(world)
        await _write(world)
        record(Event.DEMO_FILLED, None, changed=of(world.records), customers=customers)
        # Within the transaction: rows that nobody can sign in to see would be of no use.
        if directory is not None:
            store(demo, directory)
            _name_controller(directory)
    return demo


async def _refuse_filled(world: World) -> None:
    logins = [account.login for account in world.actors.values()]
    if await Customer.exists() or await Partner.exists() or await Account.filter(login__in=logins).exists():
        raise NotEmpty


async def _write(world: World) -> None:
    # Whoever is referred to was drawn before, but for the customers, who are drawn with their logins.
    first: tuple[type[Record], ...] = (Company, Customer)
    # All keys at once: otherwise each table adds its own to each customer's ring, in a transaction for each.
    await keyring.ensure(customer.id for customer in world.records[Customer])
    for model in (*first, *(model for model in world.records if model not in first)):
        await model.bulk_create(world.records.get(model, []))


def _persona(world: World, part: str, title: str, purpose: str | None, queries: tuple[Query, ...]) -> Persona:
    account = world.actors[part]
    password = secrets.token_urlsafe(12)
    examples = tuple(filled_in(query, world, account, password) for query in queries)
    return Persona(part, title, account.kind.value, account.login, password, purpose, examples)


def store(demo: Demo, directory: Path) -> Path:
    """Keep the personas with their passwords where only the owner of the directory finds them."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / FILE
    with private_file.opened(path) as file:
        json.dump(
            {"personas": [asdict(persona) for persona in demo.personas]}, file, ensure_ascii=False, indent=1
        )
    return path


def _name_controller(directory: Path) -> None:
    """Say who is responsible for the invented people, unless somebody is named there already."""
    path = directory / "controller.toml"
    if not path.exists():
        shutil.copyfile(CONTROLLER, path)


def stored(directory: Path) -> Sequence[Persona]:
    """The personas that were kept here; none where there is no demo."""
    path = directory / FILE
    if not path.is_file():
        return ()
    return [_restored(persona) for persona in json.loads(path.read_text(encoding="utf-8"))["personas"]]


def _restored(document: dict[str, Any]) -> Persona:
    queries = tuple(Query(**query) for query in document.pop("queries"))
    return Persona(**document, queries=queries)
