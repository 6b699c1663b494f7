"""What customers ask to have put right, and by when it is answered."""

from procedures.request import due
from procedures.request.rectification import model_of
from procedures.request.request import Asked, extend, grant, refuse, submit, submit_sealed, withdraw
from procedures.request.states import OPEN

__all__ = [
    "OPEN",
    "Asked",
    "due",
    "extend",
    "grant",
    "model_of",
    "refuse",
    "submit",
    "submit_sealed",
    "withdraw",
]
