"""Records that were looked up and not found: recorded before the answer leaves, counted, and slowed down where they are many."""

from procedures.lookup.bounds import Bounds, LookupsLimited
from procedures.lookup.lookups import Lookups, missed_mark
from procedures.lookup.missed import record_missed
from procedures.lookup.standing import Standing, standing
from procedures.lookup.telling import JOB, tell
