"""Customers' requests to have data put right, and the days by which they are answered."""

from procedures.request import due
from procedures.request.asking import Rectification
from procedures.request.rectification import model_of
from procedures.request.request import (
    extend,
    grant,
    record,
    record_of_some,
    refuse,
    submit,
    submit_sealed,
    withdraw,
)
from procedures.request.states import OPEN
