from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from models import (
    Agreement,
    AgreementTerm,
    Category,
    Consent,
    Customer,
    Purpose,
    Role,
    TaskStatus,
)
from policies.actor import ANONYMOUS, Actor
from policies.compiler.reasons import Reason, reason
from policies.policy import in_force
from policies.registry import resources
from policies.showing.explain import Explanation, Line, NoSuchRecord, explain
from policies.statements.statement import Page, Statement
from tests.policies.office import Office, asking, failing, furnished, line, said
from tests.procedures import records
from tests.procedures.records import NOON

VALUE = "+370 600 00000"


@pytest.fixture
async def office(database: str) -> Office:
    return await furnished()


def ways(explanation: Explanation) -> list[list[Line]]:
    """The lines of each way to the field, one list a way."""
    found: list[list[Line]] = []
    for each in explanation.lines:
        if each.depth == 0:
            found.append([])
        found[-1].append(each)
    return found


async def test_what_is_granted_shows_every_condition_as_held(office: Office) -> None:
    found = await office.explains()

    assert (found.granted, found.reason, found.disclosed) == (True, None, None)
    assert any(all(line.holds for line in way) for way in ways(found))
    assert Line(4, True, "task.assigneeId = actor.id") in found.lines
    assert Line(3, True, "consent.purpose = purpose") in found.lines


async def test_a_way_is_told_by_the_sentence_above_its_rule_with_file_and_line(office: Office) -> None:
    (way, *_) = (await office.explains()).lines

    assert way.text.startswith("A field of a customer's data is read by whoever needs to know it")
    file, line = way.note.split(":")
    assert in_force().sources[file].splitlines()[int(line) - 1].startswith("allow_field(actor: Anyone")


async def test_a_closed_task_is_the_clause_that_failed(office: Office) -> None:
    office.task.status = TaskStatus.CLOSED
    await office.task.save()

    found = await office.explains()

    assert (found.granted, found.reason) == (False, Reason.NO_TASK)
    assert failing(found) == ['task.status = "OPEN"']
    assert 'it is "CLOSED"' in said(found)


async def test_a_request_without_a_purpose_is_told_to_state_one(office: Office) -> None:
    found = await office.explains(replace(office.agent, purposes=frozenset()))

    assert found.reason is Reason.PURPOSE_REQUIRED
    assert failing(found) == ["task.purpose = actor.purpose"]
    assert "there is no actor.purpose" in said(found)


async def test_a_purpose_other_than_the_task_s_opens_nothing(office: Office) -> None:
    found = await office.explains(replace(office.agent, purposes=frozenset({Purpose.SALES})))

    assert found.reason is Reason.NO_TASK
    assert 'it is "support", actor.purpose is sales' in said(found)


async def test_a_task_that_does_not_need_the_category_is_named(office: Office) -> None:
    office.task.purpose = Purpose.BILLING
    await office.task.save()

    found = await office.explains(replace(office.agent, purposes=frozenset({Purpose.BILLING})))

    assert found.reason is Reason.NOT_NEEDED_FOR_PURPOSE
    assert failing(found) == ["needs(task.purpose, category)", "consent.purpose = purpose"]
    assert (
        line(found, "needs(task.purpose, category)").note == 'there is no needs("billing", "contact_point")'
    )


async def test_without_any_task_the_search_says_that_there_is_none(office: Office) -> None:
    await office.task.delete()

    found = await office.explains()

    assert found.reason is Reason.NO_TASK
    assert Line(4, False, "task in customer.tasks", "there is none") in found.lines
    assert Line(4, None, 'task.status = "OPEN"') in found.lines


async def test_a_consent_that_ran_out_is_the_clause_that_failed(office: Office) -> None:
    await Consent.all().update(expires_at=NOON)

    found = await office.explains()

    assert found.reason is Reason.NO_CONSENT
    assert set(failing(found)) == {"consent.expiresAt > actor.now"}
    assert "it is 2026-03-02 12:00:00 UTC" in said(found)


async def test_a_restricted_customer_is_the_clause_that_failed(office: Office) -> None:
    await Customer.filter(id=office.customer.id).update(restricted=True)

    found = await office.explains()

    assert found.reason is Reason.RESTRICTED
    assert Line(3, False, "customer.restricted = false", "it is true") in found.lines


async def test_the_closest_task_is_shown_among_many(office: Office) -> None:
    other = await records.employee(Role.AGENT)
    for purpose in (Purpose.SALES, Purpose.BILLING):
        await records.task(office.customer.id, purpose=purpose, assignee_id=other.id)

    found = await office.explains()

    assert found.granted
    assert Line(4, True, "task in customer.tasks", f"{office.task.id}, the closest of 3") in found.lines


async def test_a_task_and_a_consent_count_only_together(office: Office) -> None:
    """Of two open tasks only the second has a consent for its purpose: granted, and shown by that one."""
    sales = await records.task(office.customer.id, purpose=Purpose.SALES, assignee_id=office.agent.actor_id)
    await Consent.filter(id=office.contact.consent_id).update(expires_at=NOON)
    await records.consent(office.customer.id, Purpose.SALES)

    found = await office.explains(replace(office.agent, purposes=frozenset({Purpose.SUPPORT, Purpose.SALES})))

    assert found.granted
    assert str(sales.id) in said(found)


async def test_a_customer_s_own_data_are_explained_by_the_own_rule(office: Office) -> None:
    mine = asking(uuid4(), kind="Customer", customer_id=office.customer.id)
    theirs = asking(uuid4(), kind="Customer", customer_id=uuid4())

    assert (await office.explains(mine)).granted
    found = await office.explains(theirs)
    assert found.reason is Reason.NOT_PERMITTED
    assert failing(found) == ["record.customerId = actor.customerId"]


async def test_nobody_grants_a_stranger_anything(office: Office) -> None:
    found = await office.explains(ANONYMOUS)

    assert found.reason is Reason.NOT_PERMITTED
    assert found.lines == (Line(0, False, "no rule opens ContactPoint.value to Stranger"),)


async def test_a_role_that_is_missing_is_named_with_its_rule(office: Office) -> None:
    found = await explain(office.agent, "Task", office.task.id, "", "assign")

    assert found.reason is Reason.NOT_PERMITTED
    assert found.lines[0].note.startswith("procedures.polar:")
    assert failing(found) == ['"manager" in actor.roles']
    assert line(found, '"manager" in actor.roles').note == "actor.roles is agent"


async def test_an_action_is_explained_like_a_reading(office: Office) -> None:
    found = await explain(office.agent, "Task", office.task.id, "", "close")

    assert found.granted
    assert Line(2, True, "task.assigneeId = actor.id") in found.lines


async def test_what_is_not_there_cannot_be_explained(office: Office) -> None:
    with pytest.raises(NoSuchRecord):
        await explain(office.agent, "ContactPoint", uuid4(), "value")


async def test_who_lacks_what_is_compared_is_refused_even_where_the_record_lacks_it_too(
    office: Office,
) -> None:
    office.task.assignee_id = None
    await office.task.save()

    found = await explain(replace(office.agent, actor_id=None), "Task", office.task.id, "", "close")

    assert (found.granted, found.reason) == (False, Reason.NOT_PERMITTED)
    assert found.lines[1].holds is False


@pytest.fixture
async def partner(office: Office) -> Actor:
    """A partner's client that carries the task, under an agreement that names `value` but not `kind`."""
    client = await records.client()
    agreement = await records.agreement(client.partner_id)
    await AgreementTerm(
        agreement_id=agreement.id, purpose=Purpose.SUPPORT, category=Category.CONTACT_POINT, field="value"
    ).save()
    office.task.assignee_id, office.task.agreement_id = client.actor_id, agreement.id
    await office.task.save()
    return asking(client.actor_id, Purpose.SUPPORT, kind="PartnerClient", partner_id=client.partner_id)


async def test_a_partner_reads_what_its_agreement_names(office: Office, partner: Actor) -> None:
    assert (await office.explains(partner)).granted


async def test_a_partner_is_told_less_than_the_house_knows(office: Office, partner: Actor) -> None:
    found = await office.explains(partner, "kind")

    assert (found.reason, found.disclosed) == (Reason.NOT_IN_AGREEMENT, Reason.NOT_AVAILABLE)
    assert failing(found) == ["term.field = field"]
    assert line(found, "term.field = field").note == 'it is "value", field is "kind"'


async def test_an_agreement_that_ended_is_the_clause_that_failed(office: Office, partner: Actor) -> None:
    await Agreement.all().update(until_at=NOON)

    assert failing(await office.explains(partner)) == ["agreement.untilAt > actor.now"]


async def test_no_explanation_shows_a_personal_value(office: Office, partner: Actor) -> None:
    for actor in (office.agent, partner, ANONYMOUS):
        for field in ("value", "kind", "provenance"):
            assert VALUE not in said(await office.explains(actor, field))


@pytest.mark.parametrize("change", ["nothing", "task", "need", "consent", "restricted", "purpose"])
async def test_the_explanation_and_the_database_agree(office: Office, partner: Actor, change: str) -> None:
    await changed(office, change)
    for actor in (office.agent, partner, ANONYMOUS, replace(partner, purposes=frozenset())):
        for field in ("value", "kind"):
            found = await office.explains(actor, field)
            grant = in_force().plan(actor, "ContactPoint").grant(field)
            page = Page(type(office.contact).all(), resources()["ContactPoint"], verdicts={"verdict": grant})
            (verdict,) = [row["verdict"] for row in await Statement.page(page).fetch(actor)]
            assert found.disclosed == (reason(grant, verdict, actor) if verdict else None)
            assert found.granted == any(line.holds for line in found.lines if line.depth == 0)


async def changed(office: Office, change: str) -> None:
    task = type(office.task).filter(id=office.task.id)
    match change:
        case "task":
            await task.update(status=TaskStatus.CLOSED)
        case "need":
            await task.update(purpose=Purpose.BILLING)
        case "purpose":
            await task.update(purpose=Purpose.SALES)
        case "consent":
            await Consent.all().update(expires_at=NOON - timedelta(seconds=1))
        case "restricted":
            await Customer.all().update(restricted=True)
