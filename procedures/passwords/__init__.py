"""Setting a password by a code: for the first time, or because it was forgotten."""

from procedures.passwords import forgotten, staff
from procedures.passwords.invitation import NoSurePoint, begin
from procedures.passwords.setting import set_password
