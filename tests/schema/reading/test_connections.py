"""Pages: everything once, in order, whatever happens between two of them."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

import models
from tests.people import Office, Someone

pytestmark = pytest.mark.every_database

CUSTOMERS = """query ($first: Int! = 50, $after: String, $by: CustomerSort! = NUMBER, $direction: Direction! = ASC) {
  customers(first: $first, after: $after, orderBy: {by: $by, direction: $direction}) {
    nodes { number } edges { cursor node { number } }
    pageInfo { hasNextPage endCursor hasPreviousPage startCursor } } }"""
TASKS = "query ($after: String) { tasks(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } }"
ORDERS = [(by, direction) for by in ("NUMBER", "CREATED_AT", "FAMILY_NAME") for direction in ("ASC", "DESC")]
#: A name that is told, one that is withheld because there is no task, and None where there is no name.
NAMES = [
    "Baltrus", "adomaitis", "Česnulis", "withheld: Aaron", "ADOMAITIS", None,
    "Ąžuolas", "withheld: Zuokas", "baltrus", "withheld: Baltrus", "Zuokas", "Dauksa",
]  # fmt: skip


@dataclass
class Scene:
    """One who oversees all customers and works for some of them."""

    office: Office
    ruta: Someone
    customers: list[models.Customer] = field(default_factory=list)
    names: dict[UUID, str] = field(default_factory=dict)

    async def add(self, name: str | None, number: str) -> models.Customer:
        """A customer of that family name; its task is missing when the name begins with `withheld`."""
        customer = await self.office.customer(number=number)
        self.customers.append(customer)
        if name is None:
            return customer
        family = name.removeprefix("withheld: ")
        consent = await self.office.consent(customer, "identity", "support")
        content = models.Identity.Content("A", family, None)
        await self.office.row(customer, consent, content=content, family_name_index=family)
        if family == name:
            await self.office.task(self.ruta, customer, "support")
            self.names[customer.id] = name.casefold()
        return customer

    async def remove(self, customer: models.Customer) -> None:
        """Remove a customer with all that is there of it."""
        self.customers.remove(customer)
        for model in (models.Identity, models.Task, models.Consent):
            await model.filter(customer_id=customer.id).delete()
        await customer.delete()

    def order(self, by: str, direction: str) -> list[str]:
        """The numbers in the order they must come: equals by identifier, the nameless last."""
        ids = sorted(self.customers, key=lambda customer: customer.id)
        last = [one for one in ids if by == "FAMILY_NAME" and one.id not in self.names]
        keys: dict[str, Any] = {
            "NUMBER": lambda one: one.number,
            "CREATED_AT": lambda one: one.created_at,
            "FAMILY_NAME": lambda one: self.names[one.id],
        }
        known = [one for one in ids if one not in last]
        return [
            one.number
            for one in sorted(known, key=keys[by], reverse=direction == "DESC") + last
            if one.number
        ]

    async def page(self, after: str | None = None, **variables: Any) -> Any:
        """One page."""
        answer = await self.ruta.asks(CUSTOMERS, after=after, **variables)
        assert not answer.errors, answer.errors
        return answer.data["customers"]

    async def rest(self, after: str | None = None, **variables: Any) -> list[str]:
        """The numbers on all pages from here on."""
        numbers: list[str] = []
        more = True
        while more:
            page = await self.page(after, **variables)
            numbers += [node["number"] for node in page["nodes"]]
            more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
        return numbers


@pytest.fixture
async def scene(database: str) -> Scene:
    """Twelve customers, of whom three each came at the same instant."""
    office = Office()
    scene = Scene(office, await office.employee("agent", "manager", purposes=["support"]))
    for place, name in enumerate(NAMES):
        await scene.add(name, f"C-{place * 7 % 12 * 10:04d}")
        if place % 3 == 2:
            office.now += timedelta(seconds=0.5)
    return scene


@pytest.mark.parametrize(("by", "direction"), ORDERS)
async def test_pages_hold_every_record_once_and_in_order(scene: Scene, by: str, direction: str) -> None:
    for first in (1, 2, 3, 7):
        numbers = await scene.rest(first=first, by=by, direction=direction)
        assert numbers == scene.order(by, direction), first


@pytest.mark.parametrize(("by", "direction"), ORDERS)
async def test_what_comes_and_goes_between_pages_repeats_and_hides_nothing(
    scene: Scene, by: str, direction: str
) -> None:
    start = await scene.page(first=5, by=by, direction=direction)
    seen = [node["number"] for node in start["nodes"]]
    numbers = {customer.number: customer for customer in scene.customers}
    await scene.remove(numbers[seen[1]])
    await scene.remove(numbers[scene.order(by, direction)[6]])
    await scene.add("Aa", "C-0000-1")
    await scene.add("Zz", "C-9999-1")

    rest = await scene.rest(start["pageInfo"]["endCursor"], first=2, by=by, direction=direction)

    order = scene.order(by, direction)
    assert rest == order[order.index(seen[-1]) + 1 :]


async def test_records_of_one_instant_are_paged_by_identifier(database: str) -> None:
    office = Office()
    ruta = await office.agent("support")
    customer = await office.customer()
    tasks = [await office.task(ruta, customer, "support") for _ in range(5)]
    found, after = [], None
    for _ in range(3):
        answer = await ruta.asks(TASKS, after=after)
        found += [node["id"] for node in answer.data["tasks"]["nodes"]]
        after = answer.data["tasks"]["pageInfo"]["endCursor"]

    keys = [UUID(_decoded(id).partition(":")[2]) for id in found]
    assert keys == sorted(task.id for task in tasks)


async def test_a_page_says_where_it_ends_and_whether_more_follows(scene: Scene) -> None:
    start = await scene.page(first=6)
    end = await scene.page(start["pageInfo"]["endCursor"], first=6)

    for page, more in ((start, True), (end, False)):
        info, cursors = page["pageInfo"], [edge["cursor"] for edge in page["edges"]]
        assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
        assert (info["hasNextPage"], info["hasPreviousPage"]) == (more, not more)
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]


@pytest.mark.parametrize("by", ["NUMBER", "FAMILY_NAME"])
async def test_an_empty_page_ends_nowhere(database: str, by: str) -> None:
    office = Office()
    scene = Scene(office, await office.agent("support"))

    assert await scene.page(by=by) == {
        "nodes": [],
        "edges": [],
        "pageInfo": {"hasNextPage": False, "endCursor": None, "hasPreviousPage": False, "startCursor": None},
    }


@pytest.mark.parametrize(("by", "direction"), ORDERS)
async def test_a_cursor_holds_the_order_the_identifier_and_a_signature_and_no_value(
    scene: Scene, by: str, direction: str
) -> None:
    page = await scene.page(first=1, by=by, direction=direction)

    (number,) = [node["number"] for node in page["nodes"]]
    (id,) = [customer.id for customer in scene.customers if customer.number == number]
    name = {"NUMBER": "number", "CREATED_AT": "createdAt", "FAMILY_NAME": "familyName"}[by]
    sign = "+" if direction == "ASC" else "-"
    begun = f"{sign}{name}:{id}:"
    assert re.fullmatch(f"{re.escape(begun)}[0-9a-f]{{32}}", _decoded(page["pageInfo"]["endCursor"]))


@pytest.mark.parametrize(("by", "direction"), ORDERS[1:])
async def test_a_cursor_of_another_order_is_stale(scene: Scene, by: str, direction: str) -> None:
    page = await scene.page(first=1)

    answer = await scene.ruta.asks(CUSTOMERS, after=page["pageInfo"]["endCursor"], by=by, direction=direction)

    assert answer.codes == ["CURSOR_STALE"]


@pytest.mark.parametrize("by", ["NUMBER", "CREATED_AT", "FAMILY_NAME"])
async def test_what_is_no_cursor_is_stale(scene: Scene, by: str) -> None:
    page = await scene.page(first=1, by=by)
    cursor = page["pageInfo"]["endCursor"]
    name, _, signature = _decoded(cursor).split(":")
    forged = _encoded(f"{name}:{uuid4()}:{signature}")

    for after in (
        forged,
        cursor + "=",
        f" {cursor}",
        cursor[:-1],
        _encoded(f"{name}:x"),
        "",
        "%%",
        "ą",
        "\0",
    ):
        answer = await scene.ruta.asks(CUSTOMERS, after=after, by=by)
        assert answer.codes == ["CURSOR_STALE"], after
        assert answer.data == {"customers": None}


@pytest.mark.parametrize("by", ["NUMBER", "CREATED_AT", "FAMILY_NAME"])
async def test_a_cursor_is_stale_once_its_record_is_there_no_more(scene: Scene, by: str) -> None:
    page = await scene.page(first=1, by=by)
    (number,) = [node["number"] for node in page["nodes"]]
    (customer,) = [customer for customer in scene.customers if customer.number == number]
    await scene.remove(customer)

    answer = await scene.ruta.asks(CUSTOMERS, after=page["pageInfo"]["endCursor"], by=by)

    assert answer.codes == ["CURSOR_STALE"]


@pytest.mark.parametrize("by", ["NUMBER", "CREATED_AT", "FAMILY_NAME"])
async def test_a_page_goes_on_behind_a_customer_whose_task_was_closed(database: str, by: str) -> None:
    office = Office()
    scene = Scene(office, await office.agent("support"))
    for place, name in enumerate(("Ąžuolas", "Baltrus", "Dauksa", "Zuokas")):
        await scene.add(name, f"C-{place:04d}")
    page = await scene.page(first=2, by=by)
    gone = page["nodes"][-1]["number"]
    await models.Task.filter(customer__number=gone).update(status="CLOSED", closed_at=office.now)

    rest = await scene.rest(page["pageInfo"]["endCursor"], by=by)

    order = scene.order(by, "ASC")
    assert rest == order[order.index(gone) + 1 :]


@pytest.mark.parametrize("by", ["NUMBER", "CREATED_AT", "FAMILY_NAME"])
async def test_a_cursor_of_somebody_else_is_stale(scene: Scene, by: str) -> None:
    page = await scene.page(first=1, by=by)
    tomas = await scene.office.agent("support")

    answer = await tomas.asks(CUSTOMERS, after=page["pageInfo"]["endCursor"], by=by)

    assert answer.codes == ["CURSOR_STALE"]


@pytest.mark.parametrize("first", [0, -1, 1001])
@pytest.mark.parametrize("by", ["NUMBER", "FAMILY_NAME"])
async def test_a_page_holds_one_to_a_thousand(database: str, first: int, by: str) -> None:
    manager = await Office().employee("manager")

    assert (await manager.asks(CUSTOMERS, first=first, by=by)).codes == ["PAGE_TOO_LARGE"]
    assert not (await manager.asks(CUSTOMERS, first=1000, by=by)).errors


async def test_too_many_names_are_not_sorted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.customer.SORTABLE", 11)
    assert (await scene.ruta.asks(CUSTOMERS, by="FAMILY_NAME")).codes == ["TOO_MANY_TO_SORT"]

    monkeypatch.setattr("schema.customer.SORTABLE", 12)
    assert not (await scene.ruta.asks(CUSTOMERS, by="FAMILY_NAME")).errors


async def test_a_filter_makes_many_names_sortable(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schema.customer.SORTABLE", 3)

    answer = await scene.ruta.asks(
        """{ customers(filter: {familyName: "Adomaitis"}, orderBy: {by: FAMILY_NAME}) {
             nodes { identity { familyName } } } }"""
    )

    names = [node["identity"]["familyName"] for node in answer.data["customers"]["nodes"]]
    assert sorted(names) == ["ADOMAITIS", "adomaitis"]


async def test_sorting_by_a_name_counts_nothing_as_withheld(scene: Scene) -> None:
    answer = await scene.ruta.asks(CUSTOMERS, by="FAMILY_NAME")

    assert not answer.extensions.get("withheld")


def _decoded(cursor: str) -> str:
    return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")
