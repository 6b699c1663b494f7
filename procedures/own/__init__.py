"""What customers do with their own data: add, change, remove, confirm and restrict them, and see who received them."""

from procedures.own import contact_point, double_opt_in, recipient, restriction
from procedures.own.contact_point import ChannelUnavailable
from procedures.own.own_change import (
    ChangedMeanwhile,
    NewValues,
    add,
    attested,
    change,
    locked_row,
    remove,
    rewrite,
    written,
)
