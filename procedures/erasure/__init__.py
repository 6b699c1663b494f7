"""Erasing data of a customer, holding rows back where the law demands it, and what partners owe then."""

from procedures.erasure import consent_list, erasure_list, held_rows, obligation, rules
from procedures.erasure.erasure import begin, destroy, destroy_keys, finish, missing, repeat
from procedures.erasure.subscribers import Scope, erase
