"""The sentences hold of what comes with Savas, and each planted fault is found by the sentence that forbids it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import HERE, Policy
from policies.prove import Held, Outcome, Sentence, parsed, prove, read
from policies.prove.phrases import PHRASES
from policies.prove.sentences import FILE
from tests.campaigns import Campaign
from tests.policies.compiled import edited, whole


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


CONSENT = "Nobody reads personal data without the customer's consent"
RESTRICTED = "Nobody reads personal data while processing is restricted"
WORK = "Nobody reads personal data without an open task"
STAFF = "No partner reads anything that staff"
AGREED = "No partner reads personal data without an agreement"

FOR_PARTNERS = 'allow_field(actor: Subcontractor, "read", order: Order, "total") if'
CARRIED = "carries_task(actor, order.customer, task)"
AGREEMENT = f"{CARRIED} and bound(actor, task, _)"
#: A fault: what is written instead of what, or after everything, in which file; the sentence that finds it, and what its counterexample shows.
FAULTS = {
    "consent is dropped": (
        "release.polar",
        "    needs_to_know(actor, customer, category, field, purpose) and\n    consented(actor, customer, category, purpose) and\n",
        "    needs_to_know(actor, customer, category, field, purpose) and\n    needs(purpose, category) and\n",
        CONSENT, "there is no consent",
    ),
    "a consent that has run out is good enough": (
        "consent.polar", "consent.expiresAt > actor.now", "consent.expiresAt != actor.now",
        CONSENT, "the consent is run out",
    ),
    "a withdrawn consent is good enough": (
        "consent.polar", "    consent.permits = true and\n", "", CONSENT, "the consent is not in force",
    ),
    "consent for another purpose is good enough": (
        "consent.polar", "    consent.purpose = purpose and\n", "    consent.purpose != purpose and\n", CONSENT, "the consent is for",
    ),
    "the restriction is dropped": (
        "release.polar",
        "    needs_to_know(actor, customer, category, field, purpose) and\n    consented(actor, customer, category, purpose) and\n    unrestricted(customer);",
        "    needs_to_know(actor, customer, category, field, purpose) and\n    consented(actor, customer, category, purpose);",
        RESTRICTED, "the customer is restricted",
    ),
    "a closed task is good enough": (
        "need_to_know.polar", '    task.status = "OPEN" and\n', "", WORK, "the task is closed, not open",
    ),
    "a task that is over its day is good enough": (
        "need_to_know.polar", "    lasts(actor, task) and\n", "", WORK, "the task is",
    ),
    "somebody else's task is good enough": (
        "need_to_know.polar", "    task.assigneeId = actor.id and\n", "    task.assigneeId != actor.id and\n", WORK, "assigned to",
    ),
    "break-glass without approval": (
        "break_glass.polar", '    glass.state = "APPROVED" and\n    glass.endsAt', "    glass.endsAt", WORK, "the break glass is",
    ),
    "customers read what is kept unlawfully": (
        "consent.polar", "record.consent.permits = true", "record.consent.permits != nil",
        "No customer reads personal data without a consent on which", "the consent is not in force",
    ),
    "partners have a field more": (
        "partners.polar", "", f"{FOR_PARTNERS} {AGREEMENT};", STAFF, "there is no consent",
    ),
    "partners read what no agreement names": (
        "partners.polar", "    term.field = field and\n", "    term.field != nil and\n    field = field and\n", AGREED, "the term is naming",
    ),
    "an agreement that is not signed is good enough": (
        "partners.polar", "agreement.signed = true", "agreement.signed != nil", AGREED, "the agreement is not signed",
    ),
    "a partner that was deactivated still reads": (
        "partners.polar", "agreement.partner.active = true", "agreement.partner.active != nil",
        "No partner reads personal data while its company", "the partner is not active",
    ),
    "one puts off one's own task": (
        "procedures.polar", "    task.assigneeId != actor.id and\n    unrestricted(task.customer);", "    unrestricted(task.customer);",
        "No employee may extend on Task of", "assigned to the actor",
    ),
    "what is restricted is verified": (
        "need_to_know.polar", '"verification") and\n    unrestricted(customer);', '"verification");',
        "No employee may verify", "the customer is restricted",
    ),
    "partners learn of a restriction": (
        "records.polar", '["number", "status", "createdAt", "tasks"]', '["number", "status", "restricted", "createdAt", "tasks"]',
        "No partner reads Customer.restricted", "a task (assigned to the actor",
    ),
    "one gives a task to oneself": (
        "procedures.polar", "    task.assigneeId != actor.id and\n", "", "No employee may assign_to", "assigned to the actor",
    ),
    "somebody else's record is one's own": (
        "own.polar", "record.customerId = actor.customerId", "record.customerId != actor.id",
        "No customer reads personal data of somebody else", "somebody else",
    ),
    "a field is open to everybody": (
        "records.polar", "", 'allow_field(_: Anyone, "read", _: Partner, "name");',
        "Nobody who is not signed in reads anything", "whatever is there",
    ),
    "staff read messages": (
        "own.polar", "", 'allow_field(actor: Staff, "read", _: Message, "text") if "manager" in actor.roles;',
        "Nobody reads Message.subject", "An employee with the role manager may read it, whatever is there",
    ),
    "one approves one's own break-glass": (
        "break_glass.polar", "    glass.requestedById != actor.id and\n    glass.special = false;", "    glass.special = false;",
        "No employee may approve on BreakGlass that", "the break glass is asked for by the actor",
    ),
    "a suspended consent opens": (
        "consent.polar", "    consent.suspendedById = nil and\n", "", CONSENT, "the consent is suspended",
    ),
    "one approves what one recorded": (
        "instruction.polar",
        "    instruction.recordedById != actor.id and\n    instruction.provedById != actor.id and\n    instruction.special = false;",
        "    instruction.provedById != actor.id and\n    instruction.special = false;",
        "No employee may approve on Instruction",
        "the instruction is recorded by the actor",
    ),
    "staff end a consent alone": (
        "instruction.polar", "",
        'allow(actor: Staff, "end_alone", consent: Consent) if works_for(actor, consent.customer);',
        "No employee may end_alone on Consent", "a task (assigned to the actor, open",
    ),
    "staff export": (
        "procedures.polar", "", 'allow(actor: Staff, "begin_export", c: Customer) if works_for(actor, c);',
        "No employee may begin_export", "a task (assigned to the actor, open",
    ),
}  # fmt: skip


def faulty(file: str, before: str, after: str) -> Policy:
    """The shipped policies with a fault; compiled as far as it is asked."""
    policy = whole()
    text = policy.sources[file]
    assert before in text
    text = text.replace(before, after) if before else f"{text}\n{after}\n"
    return edited({**policy.sources, file: text})


def about(beginning: str, whole: bool) -> list[Sentence]:
    """The one shipped sentence that begins so; of personal data a part is enough in the short run."""
    (sentence,) = [each for each in read(HERE) if each.text.startswith(beginning)]
    part = {"personal data": "ContactPoint.value, Order.total", "anything": "Order.total, Partner.name"}
    return [sentence if whole else replace(sentence, data=part.get(sentence.data, sentence.data))]


def test_every_sentence_holds_of_what_comes_with_savas(campaign: Campaign) -> None:
    found = prove(whole(), read(HERE))

    campaign.tried(
        sum(each.cells for each in found), "fields and actions, each proved to be as a sentence says"
    )
    assert [each.sentence.text for each in found if not each.proved] == []
    assert [each.idle for each in found if each.idle] == []
    assert sum(each.cells for each in found) > 1_000


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refuted_with_somebody_for_whom_it_is_one(fault: str, campaign: Campaign) -> None:
    file, before, after, beginning, shown = FAULTS[fault]

    (held,) = prove(faulty(file, before, after), about(beginning, campaign.long))

    assert not held.proved
    assert {finding.outcome for finding in held.findings} == {Outcome.REFUTED}
    assert all(shown in finding.story for finding in held.findings), [each.story for each in held.findings]


def test_an_exception_that_nobody_needs_is_said() -> None:
    (held,) = proved('No partner reads Order.total, Order.number that staff with the same task would not.\n'
                     "    Except Order.number: nobody remembers why.")  # fmt: skip

    assert held.proved
    assert [exemption.data for exemption in held.idle] == ["Order.number"]


def test_a_sentence_may_be_false_of_what_comes_with_savas() -> None:
    (held,) = proved("No employee reads Partner.name, Partner.active.")

    (finding,) = held.findings
    assert finding.names == ("active", "name")
    assert finding.story == "An employee may read them, whatever is there."


def proved(text: str) -> list[Held]:
    """What comes of a few sentences about the shipped policies."""
    return prove(whole(), parsed(text))


@pytest.mark.parametrize(
    "text",
    [
        "Nobody reads personal data without asking.",
        "Somebody reads personal data while processing is restricted.",
        "Nobody reads personal data while processing is restricted",
        "    Except Notice.text: an exception from nothing.",
        "Nobody reads anything.\n    Except Notice.text:",
        "Nobody reads anything.\nExcept Notice.text: not indented.",
        "# Only a comment.",
        "",
    ],
)
def test_what_has_none_of_the_forms_is_refused(text: str) -> None:
    with pytest.raises(PolicyError, match=r"invariants\.txt"):
        parsed(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nobody reads Order.totla.", "no rule grants Order.totla"),
        ("Nobody may devour on Task.", "no rule grants devour on Task"),
        ("Nobody reads anything.\n    Except Notice.txet: a slip.", "no rule grants Notice.txet"),
        ("No employee reads Notice.text while processing is restricted.", "follow Notice to its customer"),
        ("No employee reads Partner.name without a consent on which the row rests.", "rests on no consent"),
        ("No customer reads Partner.name of somebody else.", "Partner is about no customer"),
        ("No employee may close on Task that they asked for themselves.", "asked for by nobody"),
        (
            "No customer reads Customer.number without the customer's consent to its category for a stated purpose.",
            "of no category",
        ),
    ],
)
def test_a_sentence_that_would_say_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        proved(text)


def test_a_directory_has_its_own_sentences_or_those_that_come_with_savas(tmp_path: Path) -> None:
    assert read(tmp_path) == read(HERE)

    (tmp_path / FILE).write_text("Nobody who is not signed in reads personal data.\n")

    assert [sentence.kind for sentence in read(tmp_path)] == ["Stranger"]


def test_every_end_of_a_sentence_is_used_by_what_comes_with_savas() -> None:
    used = {sentence.phrase for sentence in read(HERE)}
    assert set(PHRASES) - used == set()


def test_the_page_names_every_form() -> None:
    page = (HERE.parent / "docs" / "policy-proofs.md").read_text("utf-8")
    assert [phrase for phrase in forms() if phrase not in page] == []


def forms() -> Iterator[str]:
    """What sentences may begin and end with."""
    from policies.prove.sentences import DATA, SUBJECTS

    yield from (*SUBJECTS, *DATA, *PHRASES)
