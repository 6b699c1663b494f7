"""Tasks, agreements with subcontractors, and break-glass: what permits reading data of a customer."""

from procedures.task import agreement, break_glass, request_task
from procedures.task.task import account_of, assign, close, open, record_event
