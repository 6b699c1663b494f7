"""What goes when something of a customer is erased, what the law keeps back, and what partners owe then."""

from procedures.erasure import erasure_list, held_rows, obligation, rules
from procedures.erasure.erasure import begin, destroy_keys, finish, missing, replay

__all__ = [
    "begin",
    "destroy_keys",
    "erasure_list",
    "finish",
    "held_rows",
    "missing",
    "obligation",
    "replay",
    "rules",
]
