# What a stolen token must not do is done only in a session that was confirmed within the last minutes, by the password
# once more, and by a code where the actor has enrolled. It follows from what can come of an action.

# What can come of which action, on which record: data are erased, data are taken out, or more can be read than before.
# Nothing else comes of any action: a procedure that would do more does nothing.
effect("erase", "withdraw", "Consent");
effect("erase", "revoke", "Consent");
effect("erase", "invalidate", "Consent");
effect("erase", "withdraw_consents", "Customer");
effect("erase", "object", "Customer");
effect("erase", "begin_withdrawal", "Customer");
effect("erase", "contradict", "Consent");
effect("erase", "approve", "Instruction");
effect("export", "approve", "Instruction");
effect("export", "deliver", "Instruction");
effect("export", "hand_over", "Instruction");
effect("export", "fetch", "Instruction");
effect("export", "open", "Scan");
effect("erase", "remove", "Scan");
effect("erase", "end", "LegalHold");
effect("export", "disclose", "LegalHold");
effect("export", "begin_export", "Customer");
effect("export", "download_export", "Customer");
effect("grant", "give_consent", "Customer");
effect("grant", "confirm", "Consent");
effect("grant", "confirm", "ContactPoint");
effect("grant", "record_intake", "Task");
effect("grant", "end_restriction", "Customer");
effect("grant", "assign_to", "Task");
effect("grant", "extend", "Task");
effect("grant", "extend", "Request");
effect("grant", "refuse", "Instruction");
effect("grant", "contradict", "Instruction");
effect("grant", "approve", "BreakGlass");
effect("grant", "settle", "Difference");
effect("grant", "add_employee", "Employee");
effect("grant", "give_employee_role", "Employee");
effect("grant", "activate", "Employee");
effect("grant", "renew_partner_secret", "PartnerClient");
effect("grant", "replace_partner_secret", "Session");
effect("grant", "change_password", "Session");
effect("grant", "use", "PasswordCode");
effect("grant", "enrol_totp", "Session");
effect("grant", "remove_totp", "Session");

# These need no confirmed session all the same, each for its reason.
without_confirming("Person", "withdraw", "Consent", "Withdrawing is never harder than giving.");
without_confirming("Person", "withdraw_consents", "Customer", "Withdrawing is never harder than giving.");
without_confirming("Person", "object", "Customer", "Saying no is never harder than saying yes.");
without_confirming("Person", "give_consent", "Customer", "What one gives oneself can be withdrawn at once.");
without_confirming("Person", "end_restriction", "Customer", "Customers use what is theirs as they like.");
without_confirming("Person", "download_export", "Customer", "The token is told in a confirmed session, and once.");
without_confirming("Stranger", "fetch", "Instruction", "Link and code came by two ways to the customer.");
without_confirming("Staff", "disclose", "LegalHold", "Whoever is at the machine itself has no session there.");
without_confirming("anybody", "confirm", "ContactPoint", "The code that came back is the proof.");
without_confirming("Stranger", "use", "PasswordCode", "The code that came back is the proof.");
without_confirming("Person", "confirm", "Consent", "What one says oneself can be withdrawn at once.");
without_confirming("Person", "contradict", "Consent", "Saying no is never harder than saying yes.");
without_confirming("Person", "contradict", "Instruction", "What was open before is open again, to whoever it was.");
without_confirming("Staff", "refuse", "Instruction", "What was open before is open again, to whoever it was.");
without_confirming("Staff", "withdraw", "Consent", "They record it; who carries it out confirms.");
without_confirming("Staff", "withdraw_consents", "Customer", "They record it; who carries it out confirms.");
without_confirming("Staff", "object", "Customer", "They record it; who carries it out confirms.");
without_confirming("Staff", "confirm", "Consent", "It is the day's work of a second person, and recorded.");
without_confirming("Staff", "give_consent", "Customer", "It is the day's work, and the customer is told.");
without_confirming("Staff", "record_intake", "Task", "It is the day's work, done for a task that was given.");
without_confirming("Staff", "assign_to", "Task", "It is the day's work, recorded, and seen by the customer.");
without_confirming("Staff", "extend", "Task", "It is the day's work, recorded, and seen by the customer.");
without_confirming("Staff", "extend", "Request", "It is the day's work, recorded, and told to the customer.");
without_confirming("Subcontractor", "replace_partner_secret", "Session", "The secret is given once more with it.");

# Who only asks to break glass opens nothing, and is to be the person that those who approve take them for.
confirms_first("anybody", "request_break_glass", "Customer");

# A privacy officer may say so of any customer and any purpose.
confirms_first("privacy_officer", "withdraw", "Consent");
confirms_first("privacy_officer", "withdraw_consents", "Customer");
confirms_first("privacy_officer", "object", "Customer");
confirms_first("privacy_officer", "record_instruction", "Customer");

# Without roles and people nobody is watched, and nobody is helped.
confirms_first("administrator", "take_employee_role", "Employee");
confirms_first("administrator", "deactivate", "Employee");

# A privacy officer may say so of any partner and any customer.
confirms_first("privacy_officer", "confirm", "Obligation");
confirms_first("privacy_officer", "end_customer_sessions", "Customer");
confirms_first("administrator", "end_employee_sessions", "Employee");
confirms_first("privacy_officer", "lift_suppression", "Employee");
