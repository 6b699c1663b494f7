"""Who may, and why: rules in Polar, and the small engine that turns them into decisions.

`engine` asks Oso what a rule leaves over, `partial` turns that into our own conditions (`ir`), `plan`
joins them by field, and four readers say what they mean: `sql`, `check`, `explain` and the readers'
table. `policy` holds the version in force; `decide` answers for one action.
"""

from policies.declared import SHIPPED

__all__ = ["SHIPPED"]
