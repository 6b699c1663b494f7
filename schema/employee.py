"""The company's own staff."""

from models import Role
from schema.reading import Guarded, Released, plucked, recorded, value, within


@within
class EmployeeRole(Released, Guarded):
    """One role of an employee."""

    role: Role | None = value("The role.")


@recorded
class Employee(Released, Guarded):
    """An employee."""

    name: str | None = value("The employee's name at work.")
    roles: list[Role] | None = plucked("EmployeeRole", "role", "The employee's roles.")
