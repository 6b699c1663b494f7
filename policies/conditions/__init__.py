"""What rules come to: conditions over the columns of records, for a kind of actor; answered of records in hand by `check`."""

from policies.conditions import check, facts, ir, plan, verify, words
from policies.conditions.check import ORDER, Scope, answerable, follow, holds, value
from policies.conditions.facts import Facts
from policies.conditions.ir import (
    NOW,
    PURPOSE,
    PURPOSES,
    THIS,
    And,
    Compare,
    Comparison,
    Condition,
    Const,
    Exists,
    ForAll,
    Not,
    Or,
    Param,
    Path,
    Term,
    variables,
)
from policies.conditions.kind import (
    ABSENT,
    ACTORS,
    ATTRIBUTES,
    CLASSES,
    NOT_STAFF,
    Anyone,
    Items,
    Kind,
    Personal,
    Record,
)
from policies.conditions.plan import (
    CLOSED,
    FORBIDDING,
    FORBIDS,
    SUSPENDED,
    Grant,
    Plan,
    Reasons,
    absorb,
    covers,
    fold,
    grant,
    joined,
)
from policies.conditions.scope import needed, renamed, scoped
from policies.conditions.verify import PARAMETER_WORDS, Side, described, field, side
from policies.conditions.ways import Alternative, negated, way
