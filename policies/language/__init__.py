"""Polar as Savas reads it: the files, their rules part by part, the facts that are declared in them, and writing them out again."""

from policies.language import categories, declared, spelling, text
from policies.language.declared import SHIPPED, Declared
from policies.language.layout import formatted
from policies.language.printing import head, written
from policies.language.text import HERE, without_tests
from policies.language.tree import (
    Ago,
    AllOf,
    AnyOf,
    Attribute,
    Call,
    Comparison,
    Every,
    Expected,
    Listed,
    Literal,
    Membership,
    Negation,
    Node,
    OfKind,
    Parameter,
    Pattern,
    Rule,
    Unfit,
    Variable,
    asked_by,
    within,
)
