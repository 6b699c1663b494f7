"""From rules to conditions: refusals in one pass, rules unfolded for a kind of actor, grants with what is forbidden taken away."""

from policies.compiler import reasons, refusals
from policies.compiler.grants import Rules, in_vain, is_about
from policies.compiler.reasons import Reason, reason, reason_for_staff, unreadable
from policies.compiler.refusals import reached
from policies.compiler.terms import FLIPPED, SIGNS, Unknown
from policies.compiler.unfold import Frame
