"""The whole server, and policies that are changed while it serves, or are no good when it starts."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.event import Event
from policies import checked, policy
from policies.conditions import Kind
from policies.language import text
from policies.offline import complete_models
from policies.policy import Policies
from policies.registry import RECORDS
from procedures.installation import Settings
from server import build_app, compile_plans
from tests import ledger
from tests.campaigns import Campaign
from tests.installation import at_work
from tests.policies.compiled import whole
from tests.served import Served, served, until
from tests.test_server import options
from tests.words import add


@pytest.fixture
def empty(sqlite_url: str, rules: Path) -> Iterator[Served]:
    """A server on an empty database, and policies of its own that may be changed."""
    with served(*options(sqlite_url), "--policies", str(rules)) as server:
        yield server


async def test_a_broken_policy_leaves_the_one_in_force_and_what_happens_is_recorded(
    empty: Served, rules: Path, sqlite_url: str, campaign: Campaign
) -> None:
    file = rules / "own.polar"
    good, version = file.read_text(), empty.health()["policy"]

    file.write_text(good + "\nallow(_, _, _);\n")
    line = len(good.splitlines()) + 2
    log = empty.hears(rf"POLICY_REFUSED .*own\.polar:{line}")
    assert "Traceback" not in log
    assert empty.health() == {"status": "ok", "policy": version}
    assert empty.asks("{ notices { nodes { id } } }").status_code == 200

    changes = [good + "\n# A remark.\n", good][: campaign.of(short=1, long=2)]
    versions = [version]
    for changed in changes:
        file.write_text(changed)
        assert until(lambda: empty.health()["policy"] != versions[-1])
        versions.append(empty.health()["policy"])
    assert versions[2:] == [version] * (len(changes) - 1)
    # What is recorded after it is durable, and so is what was recorded before.
    empty.asks('mutation { signIn(input: {login: "-", password: "-"}) { userErrors { code } } }')
    campaign.tried(len(changes), "policies changed while a server serves")

    async with at_work(sqlite_url):
        told = await ledger.data(Event.POLICY_LOADED, Event.POLICY_REFUSED)
    assert told == [
        {"version": version},
        {"code": "POLICY_REFUSED"},
        *({"version": each} for each in versions[1:]),
    ]


def test_a_purpose_more_takes_effect_at_the_next_start_and_not_while_it_serves(
    empty: Served, rules: Path
) -> None:
    version = empty.health()["policy"]
    add(rules, role=False)

    empty.hears("POLICY_REFUSED .*the purpose research is new.*start it again")
    assert empty.health()["policy"] == version


def found_whole(rules: Path, record: str, without: str) -> None:
    """Note that policies were compiled whole before, and open a field less."""
    complete_models()
    opened = whole().all_classified
    checked.write(rules, text.read(rules), {**opened, record: opened[record] - {without}})


def test_a_policy_changed_while_serving_decides_the_next_question(
    empty: Served, rules: Path, tmp_path: Path, campaign: Campaign
) -> None:
    file = rules / "records.polar"
    good, version = file.read_text(), empty.health()["policy"]
    assert empty.asks("{ me { __typename } }").json()["data"] == {"me": None}

    changed = shutil.copytree(rules, tmp_path / "changed") / file.name
    changed.write_text(good.replace('"language", "version"', '"version"'))
    if not campaign.long:
        found_whole(changed.parent, "Notice", "language")
        shutil.copy(changed.parent / checked.NOTE, rules / checked.NOTE)
    shutil.copy(changed, file)

    log = empty.hears(r"POLICY_REFUSED")
    assert "Notice.language" in log, "a field that nobody decides about is refused"
    assert empty.health()["policy"] == version


def test_a_server_whose_policies_forget_a_field_does_not_start(
    sqlite_url: str, rules: Path, campaign: Campaign
) -> None:
    categories = rules / "categories.polar"
    categories.write_text(categories.read_text().replace('"city", ', ""))
    if not campaign.long:
        found_whole(rules, "PostalAddress", "city")

    with served(*options(sqlite_url), "--policies", str(rules)) as server:
        server.hears("PostalAddress.city")
        assert server.process.wait(60) != 0
        assert "Traceback" not in server.log


def test_a_server_whose_policies_cannot_be_read_does_not_start(sqlite_url: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "release.polar").write_text("allow(_, _, _);\n")

    with served(*options(sqlite_url), "--policies", str(rules)) as server:
        assert server.process.wait(60) != 0
        assert re.search(r"release\.polar:1", server.hears("polar"))
        assert "Traceback" not in server.log


async def test_a_server_compiles_what_most_actors_read_before_they_ask(tmp_path: Path) -> None:
    complete_models()
    (tmp_path / "good.polar").write_text(
        'role("chief", "Sees more.");\n'
        'allow_field(actor: Staff, "read", _: Customer, "number") if "chief" in actor.roles;\n'
    )
    Policies(tmp_path).reload()
    policy._whole.cache_clear()
    policies = Policies(tmp_path)
    found = policies.current
    assert found.compiled == 0, "it was found whole before"

    with policy.entered(policies):
        await compile_plans(0)

    before = found.compiled
    kinds = [Kind("Staff", frozenset(roles)) for roles in ((), ("agent",), ("chief",))]
    for kind in (*kinds, Kind("Person"), Kind("Subcontractor"), Kind("Stranger")):
        found.plan(kind, "Customer")
    assert found.compiled == before


def test_what_agents_read_is_compiled_before_a_server_serves(tmp_path: Path) -> None:
    policy._whole.cache_clear()
    build_app(Settings(data=tmp_path))

    found = Policies().current
    before = found.compiled
    for record in RECORDS:
        found.plan(Kind("Staff"), record)
    assert found.compiled == before
