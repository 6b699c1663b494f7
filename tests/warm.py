"""What a process of the tests has when it is born: everything imported, and the policies read and compiled.

`tests.forked` lets one process import this, and forks from it.
"""

import os
from importlib import import_module
from itertools import product

from policies.conditions.kind import Kind
from policies.offline import complete_models
from policies.policy import in_force
from policies.registry import RECORDS

# The commands look at it when they are imported: what they print is as wide as `tests.served` has it.
os.environ |= {"COLUMNS": "200", "TERM": "dumb"}

for name in (
    "commands.__main__",
    "server",
    "tests.models.writers",
    "tests.people",
    "tests.procedures.killed",
    "tests.procedures.killed_imports",
    "tests.procedures.mined",
):
    import_module(name)

complete_models()
# What nearly everybody asks for, whose process would be over otherwise before the next asked for it.
for kind, record in product((Kind("Staff"), Kind("Person")), RECORDS):
    in_force().plan(kind, record)
