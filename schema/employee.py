"""The company's own staff."""

import strawberry

from models import Role
from schema.reading import Guarded, Released, plucked, recorded, value, within


@within
@strawberry.type(description="One role of an employee.")
class EmployeeRole(Released, Guarded):
    """A role held."""

    role: Role | None = value("The role.")


@recorded
@strawberry.type(description="An employee.")
class Employee(Released, Guarded):
    """A colleague."""

    name: str | None = value("The employee's name at work.")
    roles: list[Role] | None = plucked("EmployeeRole", "role", "The employee's roles.", there="employee_id")
