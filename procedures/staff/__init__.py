"""Employees and their roles, looked after by administrators; what privacy officers are told of it."""

from procedures.staff import customer_sessions, employee, employee_role, employee_sessions, partner_secret
from procedures.staff.console import give_role_by_login, take_role_by_login
from procedures.staff.telling import JOB, changed, tell
