"""Erasing data of a customer, holding rows back where the law demands it, and what partners owe then."""

from procedures.erasure import erasure_list, held_rows, obligation, rules
from procedures.erasure.erasure import begin, destroy, destroy_keys, finish, missing, repeat
from procedures.erasure.subscribers import Scope, erase

__all__ = [
    "Scope",
    "begin",
    "destroy",
    "destroy_keys",
    "erase",
    "erasure_list",
    "finish",
    "held_rows",
    "missing",
    "obligation",
    "repeat",
    "rules",
]
