"""Tasks, agreements with subcontractors, and break-glass: what permits reading data of a customer."""

from procedures.task import agreement, break_glass, request_task, task_review
from procedures.task.task import TERM, account_of, assign, close, extend, open, record_event
