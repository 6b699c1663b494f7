"""Setting a password by a code: for the first time, or because it was forgotten."""

from procedures.passwords import invitation, password_code, requested
from procedures.passwords.password_code import JOB, Waiting
from procedures.passwords.points import NoSurePoint
