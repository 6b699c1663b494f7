"""Tasks, agreements with subcontractors, and break-glass: what lets somebody work on a customer."""

from procedures.task import agreement, break_glass, request_task
from procedures.task.assignee import account_of
from procedures.task.task import assign, close, open, tell

__all__ = [
    "account_of",
    "agreement",
    "assign",
    "break_glass",
    "close",
    "open",
    "request_task",
    "tell",
]
