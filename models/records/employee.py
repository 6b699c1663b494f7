"""The company's own staff."""

from uuid import UUID

from tortoise import fields
from tortoise.fields import ForeignKeyNullableRelation, OneToOneRelation, ReverseRelation

from models.base import Record, refers_to
from models.records.account import Account
from models.vocabulary import Role, word_of


class Employee(Record, table="employees", governed=True):
    """A member of staff; signs in as, and carries tasks as, its actor."""

    actor: OneToOneRelation[Account] = fields.OneToOneField("models.Account", "employee", fields.RESTRICT)
    actor_id: UUID
    name = fields.CharField(max_length=200)
    manager: ForeignKeyNullableRelation["Employee"] = fields.ForeignKeyField(
        "models.Employee", related_name="reports", null=True, db_index=True, on_delete=fields.SET_NULL
    )
    manager_id: UUID | None

    roles: ReverseRelation["EmployeeRole"]


class EmployeeRole(Record, table="employee_roles", governed=True, unique_together=(("employee", "role"),)):
    """One role of one employee."""

    employee = refers_to(Employee, "roles", fields.CASCADE)
    role = word_of(Role)
