"""Proofs over compiled policies, by z3: what holds of every actor and every record there can be.

z3 is installed for the tests, and by hand where somebody wants to prove policies of their own; serving needs none of this.
"""

from policies.prove.difference import Change, Difference, Direction, difference
from policies.prove.proof import Answer, Verdict, covers
from policies.prove.witness import Witness

__all__ = ["Answer", "Change", "Difference", "Direction", "Verdict", "Witness", "covers", "difference"]
