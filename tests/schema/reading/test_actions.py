"""What somebody may do to a record is told with it; that it is what the mutation does is tried in `tests.schema.test_verdicts`."""

from models import snake
from policies.policy import in_force
from schema.reading import actions, encode
from tests.people import BUILT, Office, Someone

TASK = "query ($id: ID!) { task(id: $id) { id actions { mutation permitted obstacle } } }"
NODE = "query ($id: ID!) { node(id: $id) { ... on Guarded { actions { mutation permitted obstacle } } } }"


async def told(someone: Someone, query: str, **variables: str) -> dict[str, str | None]:
    """By mutation, why it may not be run; None where it may."""
    answer = await someone.asks(query, **variables)
    assert not answer.errors, answer.errors
    (found,) = answer.data.values()
    assert all(each["permitted"] is not (each["obstacle"] is not None) for each in found["actions"])
    return {each["mutation"]: each["obstacle"] for each in found["actions"]}


async def test_an_assignee_closes_a_task_and_a_manager_assigns_it(office: Office) -> None:
    ruta, manager = await office.agent("support"), await office.employee("manager")
    id = encode("Task", (await office.task(ruta, await office.customer(), "support")).id)

    # Who carries a task changes what is said of it, too.
    assert await told(ruta, TASK, id=id) == {
        "intakeRecord": "NOT_PERMITTED",
        "taskChange": None,
        "taskClose": None,
    }
    seen = await told(manager, TASK, id=id)
    assert [seen[name] for name in ("taskAssign", "taskClose", "taskExtend")] == [None] * 3


async def test_the_reason_is_that_of_a_withheld_field_and_a_partner_learns_none(office: Office) -> None:
    manager, customer = await office.employee("manager"), await office.customer(restricted=True)
    partner = await office.partner()
    agreement = await office.agreement(partner, "delivery", "contact_point.value")
    van = await office.partner_client(partner, "delivery")
    task = await office.task(van, customer, "delivery", agreement=agreement)

    assert (await told(manager, TASK, id=encode("Task", task.id)))["taskAssign"] == "RESTRICTED"
    assert set((await told(van, TASK, id=encode("Task", task.id))).values()) <= {None, "NOT_AVAILABLE"}


async def test_before_the_session_is_confirmed_nothing_else_is_told(office: Office) -> None:
    colleague, boss = await office.agent(), await office.employee("administrator")
    assert colleague.record is not None
    id = encode("Employee", colleague.record.id)

    before = await told(await office.session(boss, confirmed=False), NODE, id=id)
    after = await told(await office.session(boss), NODE, id=id)

    assert before["employeeRoleGive"] == "STEP_UP_REQUIRED"
    assert after["employeeRoleGive"] is None
    assert before["employeeRename"] is after["employeeRename"] is None


async def test_of_a_record_that_is_not_there_nothing_is_told(office: Office) -> None:
    stranger, customer = await office.agent("support"), await office.customer()

    answer = await stranger.asks(NODE, id=encode("Customer", customer.id))

    assert answer.data == {"node": None}


async def test_what_depends_on_what_is_given_is_neither_permitted_nor_not(office: Office) -> None:
    ruta, customer = await office.agent("support"), await office.customer()
    await office.task(ruta, customer, "support")

    answer = await ruta.asks(NODE, id=encode("Customer", customer.id))

    by_name = {each["mutation"]: each for each in answer.data["node"]["actions"]}
    assert by_name["consentGive"] == {"mutation": "consentGive", "permitted": None, "obstacle": None}


def test_every_mutation_is_told_of_on_some_record_but_those_of_nobody_and_by_code() -> None:
    """A mutation whose name is no action of the policies would be missing from every screen."""
    mutations = BUILT._schema.mutation_type
    assert mutations is not None
    known = in_force().actions
    untold = {name for name in mutations.fields if actions.asked(snake(name), known) is None}
    assert untold == {"signIn", "signOut", "intakeConfirm", "passwordCodeRequest"}
