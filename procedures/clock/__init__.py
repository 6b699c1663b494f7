"""The clock as a witness: what is known of the time, and by which time something may be destroyed."""

from procedures.clock.clock import (
    Status,
    Watch,
    certain,
    confirm,
    look,
    past,
    status,
    steady,
)
from procedures.clock.ending import Ending, Foreseen, Permit, foreseen, permit
from procedures.clock.pace import BACK, FAR, PACE, Known
