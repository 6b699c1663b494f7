"""Whoever changes an address, by whatever way: the customer is told where they were reached, and of others' doing where it leads."""

import ast
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models import ContactPoint, Customer, Medium, Message, Proof, Task, Template, opened
from models.event import Event
from procedures import own
from procedures.instruction import Received
from procedures.intake import intake
from procedures.own import dictation
from procedures.request import Rectification, request
from tests import ledger
from tests.house import tree
from tests.people import Office
from tests.procedures.dictating import SAID, at_work, only
from tests.procedures.importers import marked
from tests.procedures.intakes import given, point
from tests.procedures.ways_in import Row, Ways

NEW, ADDED = "new@example.org", "added@example.org"
TOLD = (Template.CONTACT_POINT_CHANGED, Template.DATA_DICTATED)
MAIL = {"kind": "EMAIL", "value": ADDED}


@dataclass
class Scene:
    """A customer with a telephone, and an e-mail address where they have been reached."""

    office: Office
    ways: Ways
    customer: Customer
    point: ContactPoint
    row: Row

    @property
    async def herself(self) -> Any:
        return (await self.office.himself(self.customer)).actor

    async def at_work(self, purpose: str = "support") -> Any:
        """Somebody with a task for the customer."""
        ruta = await self.office.agent(purpose)
        await self.office.task(ruta, self.customer, purpose)
        return ruta.actor


async def by_office(office: Office, directory: Path) -> Scene:
    """A customer who came by staff."""
    _, customer = await at_work(office, "support", "contact_point")
    return await reached(office, directory, customer)


async def by_file(office: Office, directory: Path) -> Scene:
    """A customer who came by a file."""
    ways = Ways(directory)
    assert await ways.file(Row.of(1)) is None
    return await reached(office, directory, await Customer.get(id=await marked("k1")), ways)


async def by_archive(office: Office, directory: Path) -> Scene:
    """A customer who came by an archive."""
    ways = Ways(directory)
    assert await ways.archive(Row.of(1)) is None
    return await reached(office, directory, await Customer.get(), ways)


async def reached(office: Office, directory: Path, customer: Customer, ways: Ways | None = None) -> Scene:
    mine = ContactPoint.filter(customer_id=customer.id, kind="EMAIL")
    await mine.update(verified_at=office.now - timedelta(days=10))
    assert not await Message.filter(template__in=TOLD).exists()
    return Scene(office, ways or Ways(directory), customer, await mine.get(), Row.of(1))


async def add(scene: Scene) -> None:
    await own.add(ContactPoint, scene.customer.id, MAIL, by=await scene.herself)


async def change(scene: Scene) -> None:
    await own.change(ContactPoint, scene.point.id, {"value": NEW}, by=await scene.herself)


async def remove(scene: Scene) -> None:
    await own.remove(ContactPoint, scene.point.id, by=await scene.herself)


async def dictate_added(scene: Scene) -> None:
    await own.add(ContactPoint, scene.customer.id, MAIL, by=await scene.at_work(), evidence=SAID)


async def dictate_changed(scene: Scene) -> None:
    await own.change(ContactPoint, scene.point.id, {"value": NEW}, by=await scene.at_work(), evidence=SAID)


async def contradict_changed(scene: Scene) -> None:
    await dictate_changed(scene)
    await Message.all().delete()
    await dictation.contradict((await only()).id, by=await scene.herself)


async def contradict_added(scene: Scene) -> None:
    await dictate_added(scene)
    await Message.all().delete()
    await dictation.contradict((await only()).id, by=await scene.herself)


async def grant(scene: Scene) -> None:
    came = Received(Medium.LETTER, scene.office.now.date(), Proof.REACHED)
    wanted = Rectification("value", NEW, "A slip.")
    made = await request.record(
        ContactPoint, scene.point.id, wanted, came, "letter 12", by=await scene.at_work()
    )
    await request.grant(made.id, by=await scene.at_work())


async def take_in(scene: Scene) -> None:
    agent = await scene.at_work("verification")
    task = await Task.get(customer_id=scene.customer.id, purpose="verification")
    content = await given(rows=[point(MAIL["kind"], ADDED)], purpose="verification")  # type: ignore[arg-type]  # words are members
    await intake.record("k" * 24, task.id, content, attested=True, by=agent)


async def update(scene: Scene) -> None:
    assert await scene.ways.update(replace(scene.row, email=NEW)) is None


async def update_removed(scene: Scene) -> None:
    assert await scene.ways.update(replace(scene.row, email="")) is None


async def recognised(scene: Scene) -> None:
    assert await scene.ways.file(replace(scene.row, key="another", email=ADDED)) is None


async def archive(scene: Scene) -> None:
    assert await scene.ways.archive(replace(scene.row, email=NEW), update=True) is None


async def archive_added(scene: Scene) -> None:
    row = replace(scene.row, key="another", email=ADDED)
    assert await scene.ways.archive(row, scene.customer.number) is None


#: Each way by which a contact point comes to be another: who comes how, what is done, by which module it is written, and
#: where it leads afterwards, if others did it.
Way = tuple[Callable[..., Awaitable[Scene]], Callable[[Scene], Awaitable[None]], str, str | None]
WAYS: dict[str, Way] = {
    "added": (by_office, add, "own.own_change", None),
    "changed": (by_office, change, "own.own_change", None),
    "removed": (by_office, remove, "own.own_change", None),
    "dictated, added": (by_office, dictate_added, "own.own_change", ADDED),
    "dictated, changed": (by_office, dictate_changed, "own.own_change", NEW),
    "contradicted, put back": (by_office, contradict_changed, "own.dictation", None),
    "contradicted, removed": (by_office, contradict_added, "own.dictation", None),
    "a request granted": (by_office, grant, "own.own_change", NEW),
    "taken in": (by_office, take_in, "intake.data", None),
    "an import, changed": (by_file, update, "imports.rows", NEW),
    "an import, removed": (by_file, update_removed, "imports.rows", None),
    "an import, added": (by_file, recognised, "imports.batch", ADDED),
    "an archive, changed": (by_archive, archive, "imports.rows", NEW),
    "an archive, added": (by_file, archive_added, "imports.batch", ADDED),
}
#: What writes rows of other categories only.
OTHERS = {"evidence.identity_evidence", "submission.health_record"}


@pytest.mark.usefixtures("sending")
@pytest.mark.parametrize("name", WAYS)
async def test_the_customer_hears_of_it_where_they_were_reached_and_where_it_leads(
    office: Office, tmp_path: Path, name: str
) -> None:
    comes, does, _, leads = WAYS[name]
    scene = await comes(office, tmp_path)
    before = (await opened(scene.point)).value

    await does(scene)

    messages = await Message.filter(customer_id=scene.customer.id, template__in=TOLD)
    told = sorted([str((await opened(each)).address) for each in messages])
    assert set(told) == {before, leads} - {None}
    assert len(told) == len(set(told))
    entries = str(await ledger.entries())
    assert not any(address in entries for address in told)
    assert len(await ledger.data(Event.MESSAGE_QUEUED)) >= len(told)


def test_every_module_that_writes_rows_has_a_way_here() -> None:
    writers = {
        module.removeprefix("procedures.")
        for module, path in tree.modules_by_name().items()
        if module.startswith("procedures.")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("write", "write_all")
        and isinstance(node.value, ast.Name)
        and node.value.id == "writing"
    }
    assert writers == {module for _, _, module, _ in WAYS.values()} | OTHERS


@pytest.mark.usefixtures("sending")
async def test_who_comes_with_a_file_or_an_archive_is_told_nothing(office: Office, tmp_path: Path) -> None:
    del office
    ways = Ways(tmp_path)
    assert await ways.file(Row.of(1)) is None
    assert await ways.archive(Row.of(2)) is None
    assert not await Message.all().exists()


@pytest.mark.usefixtures("sending")
async def test_a_dry_run_and_a_row_that_is_refused_tell_nobody(office: Office, tmp_path: Path) -> None:
    scene = await by_file(office, tmp_path)
    changed = replace(scene.row, email=NEW)
    assert await scene.ways.file(changed, update=True, dry_run=True) is None
    await own.restriction.begin(scene.customer.id, by=await scene.herself)
    assert await scene.ways.update(changed) == "CUSTOMER_RESTRICTED"
    assert not await Message.all().exists()
