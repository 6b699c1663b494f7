"""Importing the company's employees, so that they can have the tasks of imported customers.

ROLE_UNKNOWN   the map gives a role that the policies let no import give
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar
from uuid import UUID, uuid4

from models import Account, AccountKind, Employee, EmployeeRole, Role
from policies.policy import in_force
from procedures.imports.batch import Batch, Entry
from procedures.imports.importing import Options, Report, run, text
from procedures.imports.marks import imported
from procedures.tables import (
    ColumnMap,
    ErrorRows,
    Fields,
    ImportRefused,
    Row,
    RowFault,
    Table,
    check_characters,
)


@dataclass(frozen=True, slots=True)
class EmployeeRow:
    """One employee as the file describes it; `manager` is the key of another one."""

    name: str
    login: str
    role: Role
    manager: str | None


async def import_employees(table: Table, columns: ColumnMap, errors: ErrorRows, options: Options) -> Report:
    """Import employees; they cannot sign in until they set a password.

    Raises:
        ImportRefused: the whole file cannot be imported like this. Rows that cannot go to `errors` instead.
    """
    roles = in_force().declared.imported
    if not roles:
        raise ImportRefused("ROLE_UNKNOWN", "The policies let no import give any role.")
    if unknown := sorted(set(columns.roles.values()) - set(roles)):
        raise ImportRefused(
            "ROLE_UNKNOWN",
            f"The map gives roles that no import gives: {', '.join(unknown)}. It may give: {', '.join(roles)}.",
        )
    # A manager may come anywhere in the file, so that all employees are one batch.
    options = replace(options, batch=max(table.lines, 1))
    return await run(table, columns.bind(table), Employees(columns.roles, options.source), errors, options)


@dataclass(frozen=True, slots=True)
class Employees:
    """How a row becomes an employee."""

    entity: ClassVar = "employee"
    roles: dict[str, str]
    source: str

    def read(self, fields: Fields, row: Row) -> EmployeeRow:
        """The checked values of one row; raises RowFault."""
        check_characters(fields)
        names = (text(fields, "givenName"), text(fields, "familyName"))
        name = " ".join(part for part in names if part)
        login = text(fields, "login")
        if not name or not login:
            raise RowFault("EMPLOYEE_INCOMPLETE", "an employee needs a name and a login")
        if max(len(name), len(login)) > 200:
            raise RowFault("EMPLOYEE_TOO_LONG", "a name or a login is longer than 200 characters")
        # Logins are kept in one spelling, as whoever signs in is looked up.
        return EmployeeRow(name, login.casefold(), self._role(fields), text(fields, "manager"))

    def _role(self, fields: Fields) -> Role:
        title = text(fields, "title")
        if title is not None and self.roles and title not in self.roles:
            raise RowFault("TITLE_UNKNOWN", "the map's [employees.roles] does not know the title")
        return Role(self.roles.get(title or "", in_force().declared.imported[0]))

    async def prepare(self, entries: Sequence[Entry[EmployeeRow]]) -> None:
        """Nothing: no employee is looked for by an address."""

    async def create(self, entries: Sequence[Entry[EmployeeRow]], batch: Batch) -> None:
        """Plan accounts without a password, employees and their role."""
        logins = await self._logins(entries)
        managers = await self._managers(entries)
        accepted = []
        for entry in entries:
            if entry.value.login in logins:
                batch.fault(entry, RowFault("LOGIN_TAKEN", "another actor signs in by this login"))
            else:
                logins.add(entry.value.login)
                accepted.append(entry)
        for entry in _without_manager(accepted, set(managers)):
            batch.fault(entry, _unknown_manager())
            accepted.remove(entry)
        ids = managers | {entry.key: uuid4() for entry in accepted}
        for entry in accepted:
            self._plan(entry, ids, batch)

    async def update(self, entry: Entry[EmployeeRow], record_id: UUID, batch: Batch) -> None:
        """Plan a new name and manager; login and role give authority, which no file changes."""
        employee = await Employee.get_or_none(id=record_id)
        if employee is None:
            raise RowFault("EMPLOYEE_GONE", "the employee is no longer here")
        managers = await self._managers([entry])
        if entry.value.manager and entry.value.manager not in managers:
            raise _unknown_manager()
        change = {"name": entry.value.name, "manager_id": managers.get(entry.value.manager or "")}
        batch.defer(partial(Employee.filter(id=record_id).update, **change))

    async def _logins(self, entries: Sequence[Entry[EmployeeRow]]) -> set[str]:
        """Those logins of the entries that accounts have already."""
        logins = [entry.value.login for entry in entries]
        return {account.login for account in await Account.filter(login__in=logins)}

    async def _managers(self, entries: Sequence[Entry[EmployeeRow]]) -> dict[str, UUID]:
        keys = {entry.value.manager for entry in entries if entry.value.manager}
        return {key: mark.record_id for key, mark in (await imported(self.source, self.entity, keys)).items()}

    def _plan(self, entry: Entry[EmployeeRow], ids: dict[str, UUID], batch: Batch) -> None:
        value = entry.value
        employee_id = ids[entry.key]
        account = Account(
            id=uuid4(), kind=AccountKind.EMPLOYEE, login=value.login, customer_id=None, created_at=batch.now
        )
        # Everybody is written before anybody's manager is set: a manager may come later in the file.
        batch.add(account, Employee(id=employee_id, actor_id=account.id, name=value.name, manager_id=None))
        batch.add(EmployeeRole(employee_id=employee_id, role=value.role))
        if value.manager:
            batch.defer(partial(Employee.filter(id=employee_id).update, manager_id=ids[value.manager]))
        batch.mark_created(entry, employee_id)


def _without_manager(entries: Sequence[Entry[EmployeeRow]], imported: set[str]) -> list[Entry[EmployeeRow]]:
    """The entries whose manager is neither imported nor in the file, or is such an entry in turn."""
    refused: list[Entry[EmployeeRow]] = []
    while True:
        accepted = [entry for entry in entries if entry not in refused]
        keys = imported | {entry.key for entry in accepted}
        more = [entry for entry in accepted if entry.value.manager and entry.value.manager not in keys]
        if not more:
            return refused
        refused += more


def _unknown_manager() -> RowFault:
    return RowFault(
        "MANAGER_UNKNOWN", "no employee of the manager's key is in the file or was imported before"
    )
