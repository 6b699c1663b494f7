"""Two databases that are the same in everything but one value, and the people who may or may not see it."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

import models
from models.database import connection as databases
from policies.registry import RECORDS
from procedures.installation import opened
from schema.reading import Context, encode
from tests.contents import NOON
from tests.installation import at_work, place
from tests.people import BUILT, Office, Someone
from tests.schema.operations import NOTHING, CursorOf, Operation, everything
from web.errors import formatted

PURPOSES = ("support", "sales", "delivery", "billing", "marketing", "verification", "care")
STAFF = frozenset(
    {"ruta/support", "ruta/-", "ruta/marketing", "tomas/delivery", "gabija/marketing", "jonas/all",
     "asta/verification", "manager/all", "officer/all", "admin/all"}
)  # fmt: skip
OVERSEERS = frozenset({"manager/all", "officer/all"})


@dataclass
class World:
    """Who asks, by name, and the records they may guess at; the same in both databases."""

    people: dict[str, Someone]
    records: list[tuple[str, UUID]]
    named: dict[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True)
class Secret:
    """One hidden value: how to change it, and who may see it."""

    name: str
    change: Callable[[World], Awaitable[Any]]
    seen_by: frozenset[str]
    about: str = "jone"


@contextmanager
def seeded_ids(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Records made meanwhile have keys that are the same in every run."""
    chance = Random("keys")  # noqa: S311 - nothing is secret here

    def key() -> UUID:
        return UUID(int=chance.getrandbits(128), version=4)

    with patch.context() as patched:
        records: list[type[models.Record]] = [*RECORDS.values(), models.Account]
        for model in records:
            patched.setattr(model._meta.fields_map["id"], "default", key)
        yield


async def build(office: Office) -> World:
    """Jonė, of whom everything is known; Petras, another's customer; and everybody who may ask."""
    jone = await _customer(office, 1, status="ACTIVE")
    petras = await _customer(office, 2, status="ACTIVE")
    lonely = await office.customer(number="C-0000-0003")
    people = await _people(office, jone, petras)
    await _crowd(office, people)
    named = {"jone": jone.id, "petras": petras.id, "lonely": lonely.id}
    return World(people, await _records(), named)


async def _customer(office: Office, number: int, **values: Any) -> models.Customer:
    consents = [("identity", "support"), ("contact_point", "support"), ("interaction", "support"),
                ("order", "support"), ("postal_address", "delivery"), ("preference", "marketing"),
                ("personal_code", "verification"), ("identity_evidence", "verification"), ("payment_card", "billing"),
                ("health_record", "care")]  # fmt: skip
    customer = await office.customer(consents, number=f"C-0000-000{number}", **values)
    contact = await models.Consent.get(customer_id=customer.id, category="contact_point")
    phone = models.ContactPoint.Content(f"+370 600 0000{number}")
    await office.row(customer, contact, kind="PHONE", content=phone, value_index=phone.value)
    return customer


async def _people(office: Office, jone: models.Customer, petras: models.Customer) -> dict[str, Someone]:
    ruta, tomas, gabija = await office.agent(), await office.agent(), await office.agent()
    jonas, asta, manager = await office.agent(), await office.agent(), await office.employee("manager")
    officer, admin = await office.employee("privacy_officer"), await office.employee("administrator")
    van, agreement = await _partner(office)
    rival, other = await _partner(office)
    for assignee, customer, purpose, bound in (
        (asta, jone, "verification", None),
        (ruta, jone, "support", None), (tomas, jone, "delivery", None), (gabija, jone, "marketing", None),
        (jonas, petras, "support", None), (van, jone, "delivery", agreement), (rival, petras, "delivery", other),
    ):  # fmt: skip
        await office.task(assignee, customer, purpose, agreement=bound)
    return {
        "ruta/support": ruta.stating("support"),
        "ruta/-": ruta,
        "ruta/marketing": ruta.stating("marketing"),
        "tomas/delivery": tomas.stating("delivery"),
        "gabija/marketing": gabija.stating("marketing"),
        "jonas/all": jonas.stating(*PURPOSES),
        "asta/verification": asta.stating("verification"),
        "manager/all": manager.stating(*PURPOSES),
        "officer/all": officer.stating(*PURPOSES),
        "admin/all": admin.stating(*PURPOSES),
        "van/delivery": van.stating("delivery"),
        "rival/all": rival.stating(*PURPOSES),
        "jone": await office.himself(jone),
        "petras": await office.himself(petras),
        "stranger": office.stranger(),
    }


async def _partner(office: Office) -> tuple[Someone, models.Agreement]:
    partner = await office.partner()
    agreement = await office.agreement(
        partner, "delivery", "postal_address.city", "postal_address.postalCode"
    )
    return await office.partner_client(partner), agreement


async def _crowd(office: Office, people: dict[str, Someone]) -> None:
    """Customers that the agents do see, so that lists have something to sort."""
    for number, name in enumerate(("Petrauskas", "Kazlauskaitė", "Abromaitis", "Žukas"), 4):
        customer = await office.customer(number=f"C-0000-000{number}")
        office.now = NOON + timedelta(hours=number)
        for category in ("identity", "contact_point"):
            await office.consent(customer, category, "support")
        consent = await models.Consent.get(customer_id=customer.id, category="identity")
        content = models.Identity.Content("Ona", name)
        await office.row(customer, consent, content=content, given_name_index="Ona", family_name_index=name)
        for assignee in ("ruta/support", "jonas/all"):
            await office.task(people[assignee], customer, "support")
    office.now = NOON


async def _records() -> list[tuple[str, UUID]]:
    shown = sorted(name for name in RECORDS if name in BUILT._schema.type_map)
    found: list[tuple[str, UUID]] = []
    for name in shown:
        keys: Any = await RECORDS[name].all().order_by("id").values_list("id", flat=True)
        found.extend((name, key) for key in keys)
    return found


async def answers(someone: Someone, operations: list[Operation]) -> list[str]:
    """What is answered to one after the other, as the bytes that would be sent; with the last, what counts against them."""
    told: list[str] = []
    cursors: list[list[str]] = []
    for operation in operations:
        sent = {name: _resolved(value, cursors) for name, value in operation.variables.items()}
        result = await BUILT.execute(
            operation.text, variable_values=sent, context_value=Context(someone.actor, "192.0.2.1")
        )
        errors = [formatted(error) for error in getattr(result, "errors", None) or ()]
        content = {"data": result.data, "errors": errors, "extensions": result.extensions}
        told.append(json.dumps(content, ensure_ascii=False))
        cursors.append(list(_cursors(result.data)))
    return [*told[:-1], f"{told[-1]} {await _counted(someone)}"]


async def _counted(someone: Someone) -> list[str]:
    """What somebody missed, and how long they wait for it."""
    columns = ("actor_id", "lookups", "asked", "found", "counted", "refused_until")
    rows: Any = models.MissedLookup.all().values_list(*columns)
    return sorted(map(str, [row[1:] for row in await rows if row[0] == someone.actor.actor_id]))


def full(world: World, about: str) -> list[Operation]:
    """Everything that can be asked of a record, and of the lists it may be in."""
    text = (
        "query ($id: ID!) { customer(id: $id) { ...All } customers(first: 20) { nodes { ...All } }"
        f" }} fragment All on Customer {{ {everything('Customer', 1)} }}"
    )
    return [Operation(text, {"id": encode("Customer", world.named[about])})]


def _resolved(value: Any, cursors: list[list[str]]) -> Any:
    if not isinstance(value, CursorOf):
        return value
    known = cursors[value.operation]
    return known[value.place % len(known)] if known else NOTHING


def _cursors(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _cursors(item)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name in ("cursor", "startCursor", "endCursor") and isinstance(value, str):
                yield value
            else:
                yield from _cursors(value)


@dataclass(frozen=True)
class Twins:
    """Makes the second of two databases as a copy of the first."""

    url: str
    copy: Callable[[], Any]

    @asynccontextmanager
    async def first(self) -> AsyncIterator[None]:
        """Be connected to the first."""
        async with at_work(self.url):
            yield

    @asynccontextmanager
    async def second(self) -> AsyncIterator[None]:
        """Be connected to the copy, made now."""
        # With the keys of the first: what is sealed in the copy is sealed under them.
        async with opened(replace(place(self.url), database=await asyncio.to_thread(self.copy))):
            yield


def copied_file(url: str) -> str:
    """The address of a copy beside an embedded database."""
    source = databases.sqlite_path(url)
    target = Path(f"{source}.twin")
    with closing(sqlite3.connect(source)) as database:
        database.execute("VACUUM INTO ?", (str(target),))
    return databases.sqlite_url(target)
