"""Roles given and taken by the operator at the command line, who has the machine and with it the database.

No policy is asked; privacy officers are told all the same.
"""

from models import Employee, Role
from models.database import transaction
from procedures.access import user
from procedures.errors import found
from procedures.staff import employee_role


async def give_role_by_login(login: str, role: Role) -> None:
    """Give an employee a role; one who has it keeps it.

    Raises:
        NotFound: nobody has this login, or no employee.
    """
    async with transaction():
        await employee_role.given(await _employee(login), role, None)


async def take_role_by_login(login: str, role: Role) -> None:
    """Take a role from an employee; one who has not the role stays as they are.

    Raises:
        NotFound: nobody has this login, or no employee.
        LastRole: it is the only one.
    """
    async with transaction():
        await employee_role.taken(await _employee(login), role, None)


async def _employee(login: str) -> Employee:
    employee = await Employee.get_or_none(actor_id=await user.account_id(login))
    return found(employee, "employee", "login")
