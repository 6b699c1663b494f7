"""The front desk: finding somebody who calls or comes, and does not know their customer number."""

from procedures.front_desk.bounds import DeskBounds, DeskLimited
from procedures.front_desk.desk_lookup import TooManyFound, make
from procedures.front_desk.telling import JOB, tell
from procedures.front_desk.wanted import LookupUnfit, Wanted
