"""Privacy officers see who looked up what was not found."""

import pytest

import models
from procedures.current import installation
from procedures.lookup import Bounds
from tests.people import Office
from tests.schema.missing import BY_EMAIL, NODES, somebody


@pytest.mark.every_database
async def test_privacy_officers_see_who_missed_what(office: Office) -> None:
    installation().instance(Bounds).a_day = 1
    ruta, officer = await office.agent("support"), await office.employee("privacy_officer")
    await ruta.asks(BY_EMAIL, email="nobody@example.org")
    await ruta.asks(NODES, ids=[somebody(), somebody()])
    shown = "nodes { actorKind employee { name } purposes lookups asked found alarm refusedUntil }"

    everything = await officer.asks(f"{{ missedLookups {{ {shown} }} }}")
    alarms = await officer.asks(f"{{ missedLookups(filter: {{alarm: true}}) {{ {shown} }} }}")

    assert {each["lookups"][0] for each in everything.data["missedLookups"]["nodes"]} == {
        "customers.email",
        "nodes.ids",
    }
    (alarm,) = alarms.data["missedLookups"]["nodes"]
    assert isinstance(ruta.record, models.Employee)
    assert (alarm["employee"]["name"], alarm["purposes"]) == (ruta.record.name, ["SUPPORT"])
    assert (alarm["asked"], alarm["found"], alarm["alarm"]) == (2, 0, True)
    assert (await ruta.asks("{ missedLookups { nodes { id } } }")).data["missedLookups"]["nodes"] == []
