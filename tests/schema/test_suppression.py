"""What was kept of somebody who left is lifted by a privacy officer in a confirmed session."""

from models import Suppression
from procedures.leaving import withdrawal
from tests.people import Office
from tests.procedures.leavers import leaver

LIFT = """mutation ($input: SuppressionLiftInput!) { suppressionLift(input: $input) { lifted userErrors { code } } }"""


async def test_it_is_lifted_in_a_confirmed_session_by_a_privacy_officer(office: Office) -> None:
    customer, herself = await leaver(office)
    await withdrawal.begin(customer.id, customer.number, by=herself.actor, suppress=True)
    officer = await office.employee("privacy_officer")
    boss = await office.session(await office.employee("administrator"))
    kept = await Suppression.all().count()
    given = {"kind": "EMAIL", "value": "nobody@example.org", "evidence": "letter 12"}

    unconfirmed = await (await office.session(officer, confirmed=False)).asks(LIFT, input=given)
    refused = await boss.asks(LIFT, input=given)
    nothing = await (await office.session(officer)).asks(LIFT, input=given)
    both = await (await office.session(officer)).asks(LIFT, input=given | {"country": "LT"})

    assert unconfirmed.data["suppressionLift"]["userErrors"] == [{"code": "STEP_UP_REQUIRED"}]
    assert refused.codes == ["FORBIDDEN"]
    assert nothing.data["suppressionLift"] == {"lifted": 0, "userErrors": []}
    assert both.data["suppressionLift"]["userErrors"] == [{"code": "BAD_USER_INPUT"}]
    assert await Suppression.all().count() == kept > 0
