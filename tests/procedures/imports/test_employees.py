from pathlib import Path

import pytest

from models import (
    Account,
    Employee,
    EmployeeRole,
    Role,
)
from procedures.audit import authority
from tests.procedures.importers import Importer

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def importer(tmp_path: Path) -> Importer:
    return Importer(tmp_path)


@pytest.mark.every_database
async def test_employees_get_a_role_a_manager_and_no_password(importer: Importer):
    report = await importer.employees("1,Boss,boss@example.org,", "2,Ruta,ruta@example.org,1")

    assert (report.created, report.errors) == (2, 0)
    ruta = await Employee.get(name="Ruta")
    assert ruta.manager_id == (await Employee.get(name="Boss")).id
    assert [role.role for role in await EmployeeRole.filter(employee_id=ruta.id)] == [Role.AGENT]
    assert {actor.password_hash for actor in await Account.all()} == {None}
    assert (await authority.verify()).findings == ()


async def test_an_employee_whose_manager_is_nowhere_is_refused_with_those_below(importer: Importer):
    report = await importer.employees("1,A,a,2", "2,B,b,3", "3,C,c,nobody", "4,D,d,")

    assert (report.created, dict(report.faults)) == (1, {"MANAGER_UNKNOWN": 3})


async def test_two_employees_do_not_share_a_login(importer: Importer):
    report = await importer.employees("1,A,same,", "2,B,same,")

    assert (report.created, dict(report.faults)) == (1, {"LOGIN_TAKEN": 1})
