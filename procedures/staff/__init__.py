"""Employees and their roles, looked after by administrators; what privacy officers are told of it."""

from procedures.staff import (
    customer_sessions,
    employee,
    employee_role,
    employee_sessions,
    partner,
    partner_secret,
)
from procedures.staff.console import (
    activate_by_login,
    add,
    deactivate,
    deactivate_by_login,
    give_role_by_login,
    take_role_by_login,
)
from procedures.staff.telling import JOB, changed, tell
