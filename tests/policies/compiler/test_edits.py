"""What a lawyer would change in the policies compiles and means the same to everybody; what is slightly wrong says why."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from models.database import kind
from policies.actor import Actor
from policies.conditions.kind import CLASSES, Kind
from policies.errors import PolicyError
from policies.judging.judge import Judge
from policies.offline import complete_models
from policies.policy import Policy
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiled import edited, whole
from tests.policies.contents import NOW
from tests.policies.readings import Plain, Tally, compare, compare_actions
from tests.policies.world import World


@dataclass(frozen=True)
class Edit:
    """A change of one file of the shipped policies: what is put in place of what, or added at its end.

    Attributes:
        of: the types of record that it changes something about; none where it changes an action.
        slip: what somebody may write instead of a piece of it, and what is said to that.
    """

    wanted: str
    file: str
    before: str
    after: str
    of: tuple[str, ...]
    slip: tuple[str, str, str]

    def sources(self) -> dict[str, str]:
        text = whole().sources[self.file]
        assert self.before in text
        text = text.replace(self.before, self.after) if self.before else f"{text}\n{self.after}\n"
        return {**whole().sources, self.file: text}


EDITS = [
    Edit(
        "A legal hold keeps marketing from reading what is kept for it.",
        "release.polar",
        "",
        """
        forbid_field(actor: Staff, "read", record: Personal, _field) if
            actor.purpose = "marketing" and
            hold in record.customer.legalHolds and
            hold.endedAt = nil;
        """,
        ("ContactPoint", "Preference"),
        ('"marketing"', '"marketting"', 'no purpose "marketting" is declared; known: support'),
    ),
    Edit(
        "A task that was put off opens nothing more than 30 days after that.",
        "need_to_know.polar",
        '    task.status = "OPEN" and\n',
        '    task.status = "OPEN" and\n    (task.extendedAt = nil or task.extendedAt > actor.ago("30 days")) and\n',
        ("Identity", "Customer"),
        (
            'task.extendedAt > actor.ago("30 days")',
            'task.extendedAt > "2026-12-01"',
            "`extendedAt` is compared with a value of another type",
        ),
    ),
    Edit(
        "No partners on Sundays.",
        "partners.polar",
        "",
        'forbid_field(actor: Subcontractor, "read", _: Record, _field) if actor.weekday = "SUNDAY";',
        ("ContactPoint", "Task", "Partner"),
        ('"SUNDAY"', '"Sunday"', '`actor.weekday` is never "Sunday"; known: MONDAY, TUESDAY'),
    ),
    Edit(
        "Data are exported by the API only, and partners ask from their own network.",
        "procedures.polar",
        "",
        """
        forbid(actor: Person, "begin_export", _: Customer) if actor.channel != "API";
        forbid_field(actor: Subcontractor, "read", _: Record, _field) if
            actor.channel != "PARTNER_NETWORK";
        """,
        ("Customer", "ContactPoint"),
        ('"PARTNER_NETWORK"', '"NETWORK"', '`actor.channel` is never "NETWORK"; known: API, CONSOLE'),
    ),
    Edit(
        "Whoever broke glass for a customer works for it, too.",
        "need_to_know.polar",
        "",
        "works_for(actor: Staff, customer) if broke_glass(actor, customer, _);",
        ("Customer",),
        (
            "broke_glass(",
            "broke_glas(",
            "there is no rule `broke_glas` with 3 parameters; is `broke_glass` meant",
        ),
    ),
    Edit(
        "While processing is restricted no consent is asked for, and no partner reads anything.",
        "release.polar",
        "",
        """
        forbid(_: Staff, "request_consent", customer: Customer) if customer.restricted;
        forbid_field(_: Subcontractor, "read", customer: Customer, _field) if customer.restricted;
        """,
        ("Customer",),
        (
            "if customer.restricted;",
            "if customer.restrictd;",
            "has a field `restrictd`; is `restricted` meant",
        ),
    ),
    Edit(
        "Staff read customers' data during working hours only.",
        "need_to_know.polar",
        "    needs(task.purpose, category) and\n    purpose = task.purpose;",
        """    needs(task.purpose, category) and
    working_hours(actor) and
    purpose = task.purpose;

working_hours(actor) if
    not actor.weekday in ["SATURDAY", "SUNDAY"] and
    actor.timeOfDay >= "08:00" and
    actor.timeOfDay < "18:00";
""",
        ("Identity", "Customer"),
        ('"08:00"', '"8:00"', 'a time of day is written with four digits, such as "08:30"'),
    ),
    Edit(
        "Employees see their own tasks of the last 30 days only.",
        "records.polar",
        "    assignee_is_active(task);\n",
        '    assignee_is_active(task) and\n    task.openedAt > actor.ago("30 days");\n',
        ("Task",),
        ('"30 days"', '"1 month"', "how long ago is written in minutes, hours, days or weeks"),
    ),
    Edit(
        "Never two purposes at once.",
        "release.polar",
        "",
        'forbid_field(actor: Anyone, "read", _: Personal, _field) if actor.purposeCount > 1;',
        ("Identity", "ContactPoint"),
        (
            "actor.purposeCount > 1",
            "one in actor.purposes and other in actor.purposes and one != other",
            "say what `one` is before; .* how many there are is `actor.purposeCount`",
        ),
    ),
    Edit(
        "A partner sees its tasks only while an agreement about them has not run out.",
        "partners.polar",
        "",
        """
        forbid_field(actor: Subcontractor, "read", task: Task, _field) if not unexpired(actor, task);
        unexpired(actor, task) if agreement in task.agreements and agreement.untilAt > actor.now;
        """,
        ("Task",),
        ("> actor.now", "> actor.today", "`untilAt` is compared with a value of another type"),
    ),
    Edit(
        "Nobody but the privacy officer reads what ails somebody, not even they themselves.",
        "release.polar",
        "",
        """
        forbid_field(actor: Anyone, "read", _: HealthRecord, field) if
            field in ["description", "code"] and
            not "privacy_officer" in actor.roles;
        """,
        ("HealthRecord",),
        ('"privacy_officer"', '"privacyofficer"', 'no role "privacyofficer" is declared; known: agent'),
    ),
]
NAMED = [pytest.param(edit, id=edit.wanted.removesuffix(".")) for edit in EDITS]
#: A Tuesday at noon and in the evening, and a Sunday.
INSTANTS = [NOW, NOW + timedelta(hours=8), NOW + timedelta(days=5)]


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


@dataclass(frozen=True)
class Office:
    """A small world in a database of either kind, in hand for plain Oso, and somebody of each kind at each instant."""

    plain: Plain
    actors: list[Actor]


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    async with at_work(database_url):
        world = World(4, size=3)
        await world.write()
        # Of each kind whoever states most purposes; of staff and partners another who states some, too.
        stating = sorted(world.actors(), key=lambda actor: -len(actor.purposes))
        asking = [actor for name in CLASSES for actor in [each for each in stating if each.kind == name][:2]]
        actors = [replace(actor, clock=partial(_same, instant)) for actor in asking for instant in INSTANTS]
        # An edited text takes over what is compiled of the shipped one, and compiles what it changes only.
        for question in whole().questions.values():
            whole().grants(*question)
        yield Office(await Plain.of(whole().sources), actors)


def _same(instant: datetime) -> datetime:
    return instant


def compiled(edit: Edit, campaign: Campaign, *, all_of_it: bool) -> Policy:
    """The edited policies, and judged about what was edited; about everything in the long run."""
    policy = edited(edit.sources())
    if all_of_it:
        assert policy.compiled > 0, "nothing was taken over, and so nothing is compared"
        assert takes_over_nothing_else(policy, Policy(edit.sources()))
    if campaign.of(short=False, long=True):
        policy.judge()
    judge = Judge(policy.sources, policy.asked.forbidden, policy.declared.zone)
    for everyone in policy.everyone:
        for record in edit.of:
            judge.compared(everyone, "read", record, policy.grants(everyone, "read", record))
    return policy


def takes_over_nothing_else(policy: Policy, whole_anew: Policy) -> bool:
    """Whether what was taken over from the shipped policies is what is compiled of the edited ones."""
    return all(policy.grants(*each) == whole_anew.grants(*each) for each in whole_anew.questions.values())


def concerned(policy: Policy, edit: Edit, actors: list[Actor]) -> list[Actor]:
    """Some of those for whom the edit changes something, at each instant, and some of the others."""
    changed, others = list[Actor](), list[Actor]()
    for actor in actors:
        (changed if changes(policy, edit, actor) else others).append(actor)
    # Neighbours are one actor at each instant: every fourth is each time another actor at another instant.
    return [*changed[:: 4 if others else 7], *others[::7]]


@pytest.mark.every_database
async def test_each_edit_means_the_same_to_everybody(office: Office, database_url: str, campaign: Campaign):
    tally = Tally()
    kinds: set[str] = set()
    embedded = kind(database_url) == "sqlite"
    some = EDITS[:: campaign.of(short=5, long=1)]
    # The short run takes one that changes a rule in its place and adds none.
    whole_anew = EDITS if campaign.long else EDITS[7:8]
    for edit in EDITS if embedded else some:
        policy = compiled(edit, campaign, all_of_it=embedded and edit in whole_anew)
        plain = office.plain.under(policy.sources)
        actors = office.actors if campaign.long else concerned(policy, edit, office.actors)
        kinds |= {actor.kind for actor in actors}
        for actor in actors:
            for record in edit.of:
                await compare(policy, plain, actor, record, tally)
        if "forbid(" in edit.after:
            await compare_actions(policy, plain, actors[0], tally)
    assert kinds == CLASSES.keys()
    assert tally.differences == []
    campaign.tried(tally.cells, "cells under edited policies, decided alike")


def changes(policy: Policy, edit: Edit, actor: Actor | Kind) -> bool:
    """Whether somebody may read something on other conditions than before, or something else."""
    return any(policy.plan(actor, record).grants != whole().plan(actor, record).grants for record in edit.of)


@pytest.mark.parametrize("edit", NAMED)
def test_an_edit_changes_what_it_is_about(edit: Edit):
    policy = edited(edit.sources())
    for record in edit.of:
        assert any(changes(policy, replace(edit, of=(record,)), asker) for asker in policy.everyone)


@pytest.mark.parametrize("edit", NAMED)
def test_a_slip_of_the_pen_is_refused_with_what_was_meant(edit: Edit):
    right, wrong, said = edit.slip
    sources = edit.sources()
    written = sources[edit.file].replace(edit.after, edit.after.replace(right, wrong))
    assert written != sources[edit.file]
    with pytest.raises(PolicyError, match=said) as refused:
        Policy({**sources, edit.file: written})
    assert refused.value.file == edit.file
    assert wrong in " ".join(written.splitlines()[(refused.value.line or 0) - 1 :][:5])
