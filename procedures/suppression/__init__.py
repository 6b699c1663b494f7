"""What people are found by, who left and is not taken in again, and the one place where addresses are written."""

from procedures.suppression import departed, found_by, listing, suppression, writing
from procedures.suppression.found_by import Trait, is_code, keyed, lookup_indexes, normal, of_row, of_values
from procedures.suppression.suppression import Suppressed, TraitUnusable, lift, refusal, standing, suppressed
