"""Tasks, agreements with subcontractors, and break-glass: what permits reading data of a customer."""

from procedures.task import agreement, assignees, break_glass, bulk, request_task, task_review
from procedures.task.handing_back import HandedBack, hand_back
from procedures.task.task import (
    TERM,
    Next,
    Said,
    account_of,
    account_or_none,
    assign,
    change,
    close,
    close_with_next,
    extend,
    open,
    record_event,
)
