"""Who may, and why: rules in Polar, and the compiler that turns them into decisions.

`language` reads the files, `compiler` unfolds their rules into `conditions`, and `statements` write those as SQL. Before a
text comes into force `judging` asks plain Oso whether the conditions are what the rules say, and `testing` runs the tests
that stand in it. `tracing` follows rules as they are written; `showing` and `prove` answer people. `policy` holds the version
in force, `decide` answers for one action.
"""

from policies.language import SHIPPED
