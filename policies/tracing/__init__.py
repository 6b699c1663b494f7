"""Rules followed as they are written, through records in hand, and what would have to be there for them to hold."""

from policies.tracing.missing import missing, place
from policies.tracing.trace import State, Step, Tracing, forbidding, granting
