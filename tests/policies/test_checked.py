"""A policy that was found whole once is compiled plan by plan afterwards; a note opens nothing."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from models import Role
from policies import checked, policy, registry
from policies.conditions.kind import Kind
from policies.errors import PolicyError
from policies.offline import complete_models
from policies.policy import HERE, Policies, Policy
from policies.registry import RECORDS
from tests.campaigns import Campaign
from tests.policies.compiled import WORDS, changed, whole

GOOD = 'allow_field(_: Staff, "read", c: Customer, "number") if c.restricted = false;\n'
UNCOMPILED = 'allow_field(_: Staff, "read", c: Customer, field) if field = c.number;\n'
TESTED = f"""{GOOD}
allow(actor: Staff, "close", task: Task) if theirs(actor, task);
theirs(actor, task) if task.assigneeId = actor.id;
given("staff", actor: Staff, _customer) if actor.purpose = "support";
given("a stranger", _: Stranger, customer) if plain(customer);
given("another", _: Staff, customer) if plain(customer);
plain(customer) if customer.restricted = false;
?= may("staff", "read", "Customer.number");
?= not may("another", "close", "Task");
?= not may("a stranger", "read", "Customer.number");
"""


@pytest.fixture(autouse=True, scope="module")
def _known_models() -> None:
    complete_models()


def loaded(directory: Path) -> Policy:
    """The policies of a directory, as a process has them that has loaded none before."""
    policy._whole.cache_clear()
    return Policies(directory).current


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with one good policy that was found whole."""
    (tmp_path / "good.polar").write_text(GOOD)
    loaded(tmp_path)
    return tmp_path


def test_what_was_found_whole_is_compiled_when_it_is_asked(directory: Path):
    found = loaded(directory)

    assert found.compiled == 0
    assert set(found.plan(Kind("Staff"), "Customer").grants) == {"number"}
    assert found.compiled == 1
    assert found.classified("Customer") == {"number"}
    assert found.classified("Identity") == set()


def test_the_plans_are_those_of_the_policies_compiled_whole(tmp_path: Path, campaign: Campaign):
    for file in HERE.glob("*.polar"):
        shutil.copy(file, tmp_path)
    whole, noted = (loaded(tmp_path) for _ in range(2))

    assert (whole.compiled > noted.compiled, noted.compiled) == (True, 0)
    assert whole.all_classified == noted.all_classified
    some = list(RECORDS)[:: campaign.of(short=8, long=1)]
    for kind in [*whole.everyone, Kind("Staff", frozenset({Role.MANAGER.value}))]:
        for record in some:
            plans = [list(each.plan(kind, record).grants.items()) for each in (whole, noted)]
            assert plans[0] == plans[1]
    campaign.tried(len(some), "records whose plans are those of the policies compiled whole")


def test_a_text_that_changed_is_compiled_whole_again(directory: Path):
    (directory / "more.polar").write_text(UNCOMPILED)

    with pytest.raises(PolicyError):
        loaded(directory)


def test_code_that_changed_compiles_everything_again(directory: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checked, "_code", lambda: ("another", "oso", "python"))

    assert loaded(directory).compiled >= 4 * len(RECORDS)
    assert loaded(directory).compiled == 0


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "null", '{"of": 1}', "\x00", '{"of": "x", "classified": []}']
)
def test_a_note_that_cannot_be_read_is_made_anew(directory: Path, note: str):
    (directory / checked.NOTE).write_text(note)

    assert loaded(directory).compiled > 0
    assert loaded(directory).compiled == 0


def test_a_forged_note_grants_nothing_and_the_mistake_is_refused_by_the_question(directory: Path):
    (directory / "more.polar").write_text(UNCOMPILED)
    sources = {file.name: file.read_text() for file in sorted(directory.glob("*.polar"))}
    checked.write(directory, sources, {"Customer": frozenset({"number", "identity"})})

    found = loaded(directory)
    with pytest.raises(PolicyError):
        found.plan(Kind("Staff"), "Customer")
    assert set(found.plan(Kind("Person"), "Customer").grants) == set()


def test_who_checks_a_policy_looks_at_no_note(directory: Path):
    assert Policy.load(directory).compiled >= 4 * len(RECORDS)


def test_where_nothing_can_be_written_it_is_compiled_whole_each_time(tmp_path: Path):
    (tmp_path / "good.polar").write_text(GOOD)
    (tmp_path / "__pycache__").write_text("in the way")

    for _ in range(2):
        assert loaded(tmp_path).compiled > 0


def test_a_note_has_names_of_fields_and_nothing_else(directory: Path):
    noted = json.loads((directory / checked.NOTE).read_text())

    assert set(noted) == {"of", "classified", "judged"}
    assert all(re.fullmatch("[0-9a-f]{32}", digest) for digest in noted["judged"])
    assert noted["classified"]["Customer"] == ["number"]
    assert [file.name for file in (directory / checked.NOTE).parent.iterdir()] == [checked.NOTE.name]


def test_of_a_changed_text_only_what_meets_the_change_is_judged_again():
    ours = changed("records.polar", 'field in ["name", "roles"];', 'field in ["name"];')
    new = {question for digest, question in ours.questions.items() if digest not in whole().questions}

    assert {(kind.name, action, record) for kind, action, record in new} == {("Staff", "read", "Employee")}
    assert 0 < ours.judge(whole().questions) < 10


def test_a_question_is_told_by_the_records_that_it_leads_to(monkeypatch: pytest.MonkeyPatch):
    """A consent gets a column: what leads to consents is judged again, and what leads to none is not."""
    before = {question: digest for digest, question in whole().questions.items()}
    consents = registry.resources()["Consent"]
    more = replace(consents, fields={**consents.fields, "another": consents.fields["createdAt"]})
    known = {**registry.resources(), "Consent": more}
    monkeypatch.setattr(registry, "resources", lambda: known)
    monkeypatch.setattr(registry, "described", registry.described.__wrapped__)

    after = {
        question: digest
        for digest, question in Policy(whole().sources, whole().all_classified).questions.items()
    }

    changed = {question[2] for question in before if before[question] != after[question]}
    assert {"Consent", "Customer", "Task", "ContactPoint"} <= changed
    assert set(RECORDS) - changed == {"Access", "DeskLookup", "Message", "MissedLookup"}


def test_a_helper_that_changed_has_all_judged_again_that_asks_it():
    ours = changed(
        "own.polar",
        "record.customerId = actor.customerId;",
        "record.customerId = actor.customerId and 1 = 1;",
    )
    new = {question for digest, question in ours.questions.items() if digest not in whole().questions}

    assert {kind.name for kind, _, _ in new} == {"Person"}
    assert {"Message", "Access", "Identity"} <= {record for _, _, record in new}


def test_code_or_a_clock_that_changed_has_everything_judged_again(monkeypatch: pytest.MonkeyPatch):
    zoned = Policy({**whole().sources, "zone.polar": 'time_zone("Europe/Vilnius");'}, whole().all_classified)
    assert not zoned.questions.keys() & whole().questions.keys()
    monkeypatch.setattr(checked, "_code", lambda: ("another", "oso", "python"))
    assert not Policy(whole().sources, whole().all_classified).questions.keys() & whole().questions.keys()


def test_what_one_directory_has_judged_is_not_judged_again_in_a_copy(directory: Path, tmp_path: Path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in directory.glob("*.polar"):
        shutil.copy(file, copy)
    found = Policy.load(copy)

    assert found.judge(checked.judged(directory)) == 0
    assert found.judge(checked.judged(copy)) > 0


@pytest.mark.parametrize(
    ("before", "after", "again"),
    [
        ("c.restricted = false", "not c.restricted = true", 1),
        ("theirs(actor, task) if", "theirs(actor, task) if not task.id = nil and", 1),
        ('if actor.purpose = "support"', 'if actor.purpose = "sales"', 1),
        ("customer.restricted = false;", "customer.restricted != true;", 2),
        ('may("staff", "read"', 'may(["staff"], "read"', 1),
        ("allow(actor: Staff", "# Whoever has it closes it.\nallow(actor: Staff", 0),
        ("plain(customer) if", 'time_zone("Europe/Vilnius");\nplain(customer) if', 3),
    ],
)
def test_a_change_has_those_tests_run_again_that_meet_it(before: str, after: str, again: int):
    assert before in TESTED
    texts = [{**WORDS, "x.polar": text} for text in (TESTED, TESTED.replace(before, after))]
    passed, changed = map(Policy, texts)

    found = changed.test(passed.tests.values())

    assert (found.failures, found.tests, found.questions) == ([], 3, again)


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        ("c.restricted = false", "c.restricted = true", "expected that staff may read Customer.number"),
        ('"number"', '"status"', "no rule opens Customer.number to anybody"),
        ("_: Staff", "_: Anyone", "expected that a stranger may not read Customer.number"),
    ],
)
def test_a_note_hides_no_test_that_fails_by_a_change(tmp_path: Path, before: str, after: str, error: str):
    file = tmp_path / "x.polar"
    for name, text in {**WORDS, file.name: TESTED}.items():
        (tmp_path / name).write_text(text)
    good = loaded(tmp_path)
    assert checked.judged(tmp_path) >= set(good.tests.values())

    file.write_text(TESTED.replace(before, after, 1))
    with pytest.raises(PolicyError) as refused:
        loaded(tmp_path)
    assert any(error in str(each) for each in (refused.value, *refused.value.others))

    # What was refused is noted nowhere.
    with pytest.raises(PolicyError):
        loaded(tmp_path)
