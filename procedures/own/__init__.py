"""What is written into a customer's data, by the customer and on the customer's word; codes, restriction, recipients."""

from procedures.own import (
    contact_point,
    dictated,
    dictation,
    double_opt_in,
    interaction,
    order,
    recipient,
    restriction,
)
from procedures.own.contact_point import ChannelUnavailable
from procedures.own.dictated import DictationOver, NotKeptAnyMore
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
