# What to say when a field is withheld: the reason of the first rule, in this order, that does not hold.
# A condition speaks for the innermost rule named here that asks it. Last comes what forbids, which says NOT_PERMITTED.

withheld_because("carries_task", "NO_TASK");
withheld_because("broke_glass", "NO_TASK");
withheld_because("needs", "NOT_NEEDED_FOR_PURPOSE");
withheld_because("bound", "NOT_IN_AGREEMENT");
withheld_because("consented", "NO_CONSENT");
withheld_because("unrestricted", "RESTRICTED");
