"""What a page says of a field, a role, a purpose and a category that were added, asked of the copy they were added to.

Run by tests/docs/test_adding.py in that copy, where they are there.
"""

from pathlib import Path
from typing import Any

import models
from models import PERSONAL, Category, Purpose, Role
from policies.policy import in_force
from procedures.archives.kinds import KINDS
from procedures.consent import consent as consents
from procedures.notice import notice
from procedures.receipt import label
from procedures.tables import COLUMNS
from schema.reading import encode
from tests.people import Office

PLATE = "ABC 123"
ADD = """mutation ($input: VehicleAddInput!) { vehicleAdd(input: $input) {
    vehicle { id plate builtIn provenance { source } } userErrors { code field } } }"""
READ = "query ($id: ID!) { customer(id: $id) { vehicles { plate builtIn } withheld { field reason } } }"
WISH = """mutation ($input: PreferenceAddInput!) { preferenceAdd(input: $input) {
    preference { topic language } userErrors { code } } }"""


async def read(by: Any, customer: models.Customer) -> Any:
    return (await by.asks(READ, id=encode("Customer", customer.id))).data["customer"]["vehicles"]


async def test_a_vehicle_is_added_read_for_its_purpose_and_erased_with_its_consent(office: Office) -> None:
    customer = await office.customer([("vehicle", "support")], rows=False)
    herself, ruta = await office.himself(customer), await office.agent("support")
    await office.task(ruta, customer, "support")
    values = {"customerId": encode("Customer", customer.id), "plate": f" {PLATE} ", "builtIn": 1999}
    answer = (await herself.asks(ADD, input=values)).data["vehicleAdd"]

    assert answer["userErrors"] == []
    assert {**answer["vehicle"], "id": None} == {
        "id": None, "plate": PLATE, "builtIn": 1999, "provenance": {"source": "customer"},
    }  # fmt: skip
    assert await read(herself, customer) == await read(ruta, customer) == [{"plate": PLATE, "builtIn": 1999}]

    await consents.withdraw((await models.Consent.get()).id, by=herself.actor)
    assert await PERSONAL[Category("vehicle")].all().count() == 0
    assert not await read(ruta, customer)


async def test_a_vehicle_that_cannot_be_is_refused_by_its_field(office: Office) -> None:
    customer = await office.customer([("vehicle", "support")], rows=False)
    herself = await office.himself(customer)
    values = {"customerId": encode("Customer", customer.id), "plate": PLATE, "builtIn": 1066}
    answer = (await herself.asks(ADD, input=values)).data["vehicleAdd"]
    assert answer["userErrors"] == [{"code": "BAD_USER_INPUT", "field": "builtIn"}]


async def test_a_vehicle_comes_in_by_table_and_by_archive() -> None:
    assert {"vehicle.plate", "vehicle.builtIn"} <= {name for each in COLUMNS for name in each.names}
    assert "vehicles" in {kind.name for kind in KINDS}


async def test_a_receipt_names_a_vehicle_in_the_customer_s_language() -> None:
    vehicle = Category("vehicle")
    assert (label(vehicle, "lt"), label(vehicle, "en")) == ("automobiliai", "vehicle")
    assert label(Purpose("warranty"), "lt") == "garantija"


async def test_a_purpose_is_in_the_api_and_has_its_notices(office: Office) -> None:
    ruta = await office.agent("warranty")
    customer = await office.customer([("order", "warranty"), ("preference", "warranty")])
    await office.task(ruta, customer, "warranty")
    names = (await ruta.asks('{ __type(name: "Purpose") { enumValues { name description } } }')).data[
        "__type"
    ]

    assert {"name": "WARRANTY", "description": "Handling a warranty."} in names["enumValues"]
    assert (await ruta.reads(customer, "orders.number")).granted
    assert not (await ruta.reads(customer, "preferences.topic")).granted
    assert {path.parent.name for path in Path(notice.__file__).parent.glob("notices/*/warranty.md")} == {
        "en",
        "lt",
    }


async def test_a_role_opens_what_its_rules_say_and_nothing_else(office: Office) -> None:
    customer = await office.customer([("contact_point", "support")])
    ruta, auditor = await office.agent("support"), await office.employee("auditor", purposes=["support"])
    await office.task(ruta, customer, "support")
    assert (await ruta.reads(customer, "contactPoints.value")).granted

    assert in_force().roles[Role("auditor")] == "Looks at who has read what."
    log = "query ($id: ID!) { accessLog(customerId: $id) { nodes { fields } } }"
    nodes = (await auditor.asks(log, id=encode("Customer", customer.id))).data["accessLog"]["nodes"]
    assert nodes
    assert (await auditor.reads(customer, "contactPoints.value")).absent


async def test_a_field_is_written_and_read(office: Office) -> None:
    customer = await office.customer([("preference", "marketing")], rows=False)
    herself = await office.himself(customer)
    wish = {"channel": "POST", "topic": "books", "monthlyLimit": 2, "language": "lt"}
    answer = await herself.asks(WISH, input={"customerId": encode("Customer", customer.id), **wish})
    assert answer.data["preferenceAdd"] == {
        "preference": {"topic": "books", "language": "lt"},
        "userErrors": [],
    }
