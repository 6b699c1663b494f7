"""What is written into a customer's data, by the customer and on the customer's word; codes, restriction, recipients."""

from procedures.own import contact_point, dictation, double_opt_in, recipient, restriction
from procedures.own.contact_point import ChannelUnavailable
from procedures.own.contradiction import confirm, contradict
from procedures.own.dictation import DictationOver, NotKeptAnyMore
from procedures.own.entering import enter_order, record_interaction
from procedures.own.new_values import NewValues, new_values, written
from procedures.own.own_change import (
    ChangedMeanwhile,
    add,
    attested,
    change,
    locked_row,
    remove,
    rewrite,
)
