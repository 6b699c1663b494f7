"""A page and all that is decided of it is one statement, which looks into each relation once."""

import re
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from models import Consent, Customer, Purpose, Role, Task
from models.database import dialect
from policies.actor import Actor
from policies.conditions import ir
from policies.conditions.ir import Compare, Exists, Param, Path
from policies.conditions.plan import Grant
from policies.policy import in_force
from policies.registry import RECORDS, resources
from policies.statements.looks import BITS
from policies.statements.search import Order
from policies.statements.sql import bind
from policies.statements.statement import MOST, Page, Statement
from schema.reading import guard
from schema.reading.context import ROWS
from schema.reading.guard import Question
from schema.reading.shapes import shape
from tests.procedures import records
from tests.procedures.records import DAY, NOON

#: The fields that customers can be listed by.
ORDERS = ("number", "createdAt")
KINDS = [
    Actor("Employee", roles=frozenset({Role.AGENT})),
    Actor("Employee", roles=frozenset({Role.MANAGER, Role.PRIVACY_OFFICER})),
    Actor("Customer"),
    Actor("PartnerClient"),
]


def whole(actor: Actor, record: str) -> Statement:
    """The statement that decides every field of a page of records."""
    plan = in_force().plan(actor, record)
    verdicts = {f"verdict_{name}": grant for name, grant in plan.grants.items()}
    query = resources()[record].model.all().limit(1)
    return Statement.page(Page(query, resources()[record], verdicts=verdicts, limited=True))


@pytest.mark.every_database
@pytest.mark.usefixtures("database")
async def test_each_relation_is_looked_into_once():
    sql = whole(KINDS[0], "Customer").sql
    # Of consents it is asked what they permit for a task, and what for break-glass.
    for table, looks in {"tasks": 1, "break_glasses": 1, "break_glass_categories": 1, "consents": 2}.items():
        assert len(re.findall(f'FROM "{table}"', sql)) == looks, table


@pytest.mark.every_database
@pytest.mark.usefixtures("database")
async def test_no_statement_is_too_long_to_be_kept():
    """The driver has PostgreSQL plan a statement of more than 15 KiB anew each time it is run."""
    lengths = {(kind.kind, record): len(whole(kind, record).sql) for kind, record in product(KINDS, RECORDS)}
    assert {each: length for each, length in lengths.items() if length > 15 * 1024} == {}


@pytest.mark.every_database
@pytest.mark.usefixtures("database")
async def test_a_value_is_given_once_however_often_it_is_used():
    values = whole(KINDS[0], "Customer").values
    assert len(values) == len(set(values))


@pytest.mark.every_database
@pytest.mark.usefixtures("database")
async def test_more_conditions_on_a_relation_than_a_number_has_bits_are_all_answered():
    customer = await records.customer()
    await records.task(customer.id, opened_at=NOON)
    instants = {f"at{hours}": NOON + timedelta(hours=hours - BITS) for hours in range(2 * BITS + 1)}
    verdicts = {name: Grant((), _opened_after(name), ()) for name in instants}
    page = Page(Customer.filter(id=customer.id), resources()["Customer"], verdicts=verdicts)
    (row,) = await Statement.page(page).fetch(KINDS[0], instants)
    assert {name: row[name] == 0 for name in instants} == {name: at < NOON for name, at in instants.items()}


def _opened_after(instant: str) -> ir.Condition:
    """A task of the customer was opened after an instant."""
    later = Compare(">", Path("t", ("openedAt",)), Param(instant))
    return Exists("t", Path(ir.THIS, ("tasks",)), later)


@pytest.mark.long
@pytest.mark.every_database
@pytest.mark.usefixtures("database")
async def test_no_reading_begins_with_all_customers():
    agent = await _agent_among(20_000)
    questions = [("Customer", Question(order=order).first(51)) for order in (None, *map(Order, ORDERS))]
    keys = [customer.id for customer in await Customer.all().limit(50)]
    questions += [
        (name, Question().among("customerId", keys)) for name in ("ContactPoint", "Consent", "Task")
    ]
    for name, question in questions:
        scanned = await _scanned(agent, name, question)
        assert not scanned & {"customers", "consents", "tasks"}, (name, question.order)


async def _agent_among(count: int) -> Actor:
    """An agent with tasks for 100 of many customers; all of them have a task and a consent."""
    agent = await records.employee(Role.AGENT)
    customers = [Customer(number=f"C-{number:06}", created_at=NOON) for number in range(count)]
    await Customer.bulk_create(customers, batch_size=1000)
    for customer in customers[:100]:
        await records.task(customer.id, assignee_id=agent.id)
    tasks = [
        Task(customer_id=each.id, purpose=Purpose.SUPPORT, opened_at=NOON, due_at=NOON + 30 * DAY)
        for each in customers
    ]
    await Task.bulk_create(tasks, batch_size=1000)
    first = await records.consent(customers[0].id)
    given = {name: getattr(first, name) for name in Consent._meta.db_fields}
    consents = [Consent(**{**given, "id": uuid4(), "customer_id": each.id}) for each in customers[1:]]
    await Consent.bulk_create(consents, batch_size=1000)
    await get_connection("default").execute_script("ANALYZE")
    return Actor("Employee", agent.id, frozenset({Role.AGENT}), purposes=frozenset({Purpose.SUPPORT}))


async def _scanned(actor: Actor, name: str, question: Question) -> set[str]:
    """The tables that are read from one end to the other to answer a question."""
    fields = frozenset(shape(name).fields)
    reading = guard._reading(in_force(), in_force().kind(actor), name, fields, question, dialect())
    assert reading is not None
    values = bind(list(reading.statement.values), actor, dialect(), {**question.values, MOST: ROWS})
    explain = "EXPLAIN " if dialect() == "postgres" else "EXPLAIN QUERY PLAN "
    rows = await get_connection("default").execute_query_dict(f"{explain}{reading.statement.sql}", values)
    told = "\n".join(str(row.get("QUERY PLAN") or row.get("detail")) for row in rows)
    return set(re.findall(r"(?:Seq Scan on|SCAN) (\w+)", told))
