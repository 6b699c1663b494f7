"""Of what a customer has one row, an import brings no second."""

from pathlib import Path

import pytest

from models import Category, ImportedRow, PersonalCode, Purpose
from tests.procedures import records
from tests.procedures.importers import NOW, Importer

pytestmark = pytest.mark.usefixtures("database")

MAP = """
[customers.columns]
id = "key"
family = "identity.familyName"
code = "personal_code.code"
country = "personal_code.country"
"""
HEADER = "id,family,code,country"


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    importer = Importer(tmp_path)
    file = tmp_path / "codes.toml"
    file.write_text(MAP, encoding="utf-8")
    importer.map = str(file)
    return importer


async def imports(importer: Importer, line: str):
    return await importer.customers(file=importer.file(HEADER, line), update=True)


@pytest.mark.every_database
async def test_a_code_of_a_country_of_which_there_is_one_from_elsewhere_is_an_error_row(importer: Importer):
    assert (await imports(importer, "1,Petraitė,,")).created == 1
    customer = (await ImportedRow.get(entity="customer")).record_id
    consent = await records.consent(customer, Purpose.SALES, Category.PERSONAL_CODE)
    row = PersonalCode.from_values({"code": "38703181745", "country": "LT"})
    row.customer_id, row.consent_id, row.source, row.collected_at = customer, consent.id, "document", NOW
    await row.save()

    report = await imports(importer, "1,Petraitė,49001010023,LT")

    assert dict(report.faults) == {"CUSTOMER_DIFFERS": 1}
    assert await PersonalCode.all().count() == 1


async def test_a_code_of_the_same_source_is_replaced(importer: Importer):
    await imports(importer, "1,Petraitė,38703181745,LT")
    report = await imports(importer, "1,Petraitė,49001010023,LT")

    assert (report.updated, report.errors, await PersonalCode.all().count()) == (1, 0, 1)
