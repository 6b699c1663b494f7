import difflib
from pathlib import Path

import pytest

from docs.pages import WRITE
from models import Purpose, Role
from policies import registry
from policies.actor import Actor
from policies.offline import complete_models
from policies.policy import Policy
from policies.registry import RECORDS, resources
from policies.showing.table import NEVER, table
from tests.campaigns import Campaign
from tests.policies.compiled import changed, whole

READERS = Path(__file__).with_name("readers.md")


@pytest.fixture(scope="module")
def policy() -> Policy:
    complete_models()
    return whole()


@pytest.fixture(scope="module")
def readers(policy: Policy) -> str:
    return table(policy)


def part(policy: Policy, patch: pytest.MonkeyPatch, *records: str) -> str:
    """The table of some records alone: what the others say needs not to be compiled."""
    with patch.context() as patched:
        patched.setattr(registry, "RECORDS", {name: RECORDS[name] for name in records})
        patched.setattr(policy, "actions", [each for each in policy.actions if each[1] in records])
        return table(policy)


def row(written: str, name: str) -> dict[str, str]:
    """One row of the table: what each kind of actor may do, by its name."""
    lines = written.splitlines()
    index = next(index for index, line in enumerate(lines) if line.startswith(f"| {name} |"))
    head = next(line for line in reversed(lines[:index]) if line.startswith(("| field", "| action")))
    cells = zip(head.split(" | ")[1:], lines[index].split(" | ")[1:], strict=True)
    return {who: cell.rstrip(" |") for heads, cell in cells for who in heads.rstrip(" |").split(", ")}


def test_the_readers_table_is_the_one_that_was_read(readers: str) -> None:
    """A change of policy is a change of this file, so that somebody reads what it means."""
    kept = READERS.read_text("utf-8").splitlines()
    diff = "\n".join(
        difflib.unified_diff(kept, readers.splitlines(), "readers.md", "the policies", lineterm="", n=0)
    )
    assert not diff, (
        f"{diff}\n\nThe policies say something else than tests/policies/showing/readers.md. If that is what you want: "
        f"{WRITE}"
    )


def test_the_table_is_the_same_text_every_time(policy: Policy, readers: str) -> None:
    assert table(policy) == readers


def test_staff_need_a_task_a_consent_and_a_purpose_that_needs_it(readers: str) -> None:
    street = row(readers, "PostalAddress.street")
    assert street["agent"] == (
        "task+consent+unrestricted: delivery, billing, verification; "
        "break-glass+consent-2+unrestricted: delivery, billing, verification"
    )
    assert street["partner"] == "task+agreement+consent+unrestricted: delivery, billing, verification"
    assert street["customer"] == "own+consent-3"
    assert street["stranger"] == NEVER


def test_no_role_opens_personal_data_by_itself(policy: Policy) -> None:
    personal = [name for name, resource in resources().items() if resource.personal]
    assert "PersonalCode" in personal
    for record in personal:
        for field in policy.classified(record):
            for role in Role:
                assert not policy.plan(Actor("Employee", roles=frozenset({role})), record).grant(field).always


def test_actions_have_their_rows(readers: str) -> None:
    assign = row(readers, "assign")
    assert assign["manager"] == "unrestricted"
    assert {who for who, cell in assign.items() if cell != NEVER} == {"manager"}


def test_a_part_of_the_table_says_what_the_whole_says(
    policy: Policy, readers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, record in (("PostalAddress.street", "PostalAddress"), ("give_consent", "Customer")):
        assert row(part(policy, monkeypatch, record), name) == row(readers, name)


def test_a_purpose_that_needs_more_shows_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = changed(
        "purposes.polar",
        'needs("billing", "postal_address");',
        'needs("billing", "postal_address");\nneeds("sales", "postal_address");',
    )
    assert "sales" in row(part(wider, monkeypatch, "PostalAddress"), "PostalAddress.street")["agent"]


def test_a_condition_that_is_gone_shows_in_the_table(
    policy: Policy, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    weaker = changed("need_to_know.polar", '    task.status = "OPEN" and\n', "")
    some = list(RECORDS)[:: campaign.of(short=6, long=1)]
    fields, _, _ = part(policy, monkeypatch, *some).partition("## Actions on")
    without, _, _ = part(weaker, monkeypatch, *some).partition("## Actions on")
    assert '`task.status = "OPEN"`' in fields
    assert '`task.status = "OPEN"`' not in without
    campaign.tried(len(some), "records without a condition")


def test_a_grant_without_purposes_lists_none(monkeypatch: pytest.MonkeyPatch) -> None:
    wider = changed("recording.polar", '"give_consent", customer: Customer) if works_for(actor, customer)',
                    '"give_consent", _: Customer) if "agent" in actor.roles')  # fmt: skip
    assert row(part(wider, monkeypatch, "Customer"), "give_consent")["agent"] == "yes"


def test_every_purpose_is_either_listed_or_all_of_them_are(readers: str) -> None:
    assert row(readers, "Customer.number")["agent"].startswith("task: any purpose;")
    listed = row(readers, "Identity.givenName")["agent"].partition(";")[0].partition(": ")[2].split(", ")
    assert set(listed) == {purpose.value for purpose in Purpose} - {"marketing"}
