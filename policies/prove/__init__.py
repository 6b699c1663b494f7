"""Proofs over compiled policies, by z3: what holds of every actor and every record there can be.

z3 is installed for the tests, and by hand where somebody wants to prove policies of their own; serving needs none of this.
"""

from policies.prove.counterexample import Counterexample
from policies.prove.difference import Difference, difference
from policies.prove.finding import Finding, Outcome
from policies.prove.impact import Count, impact
from policies.prove.invariants import Held, prove
from policies.prove.proof import Answer, Verdict, covers
from policies.prove.sentences import Sentence, parsed, read
