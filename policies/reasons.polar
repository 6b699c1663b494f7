# What to say when a field is withheld: the reason named by the first condition that fails.

withheld_because("tasks", "NO_TASK");
withheld_because("breakGlasses", "NO_TASK");
withheld_because("needs", "NOT_NEEDED_FOR_PURPOSE");
withheld_because("agreements", "NOT_IN_AGREEMENT");
withheld_because("terms", "NOT_IN_AGREEMENT");
withheld_because("consents", "NO_CONSENT");
withheld_because("restricted", "RESTRICTED");
