# What a stolen token must not do: it is done only in a session that was confirmed within the last minutes,
# by the password once more, and by a code where the actor has enrolled. This is the whole list.

# To be confirmed first: by whom (`anybody`, or whoever has the role), which action, on which record.
confirms_first("anybody", "request_break_glass", "Customer");
confirms_first("anybody", "approve", "BreakGlass");
confirms_first("anybody", "change_password", "Session");
confirms_first("anybody", "enrol_totp", "Session");
confirms_first("anybody", "remove_totp", "Session");

# A customer's own withdrawal is never harder than giving; the privacy officer's, for others, is confirmed.
confirms_first("privacy_officer", "withdraw", "Consent");
confirms_first("privacy_officer", "withdraw_consents", "Customer");
confirms_first("privacy_officer", "object", "Customer");
confirms_first("privacy_officer", "revoke", "Consent");
confirms_first("privacy_officer", "invalidate", "Consent");

# What is approved erases somebody else's data.
confirms_first("anybody", "approve", "Instruction");

# What was closed because it may have been granted wrongly is opened again by nobody but the officer in person.
confirms_first("anybody", "settle", "Difference");

# Everything at once is what a thief would like to have most.
confirms_first("anybody", "begin_export", "Customer");

# Leaving cannot be taken back, and nobody but the customer does it.
confirms_first("anybody", "begin_withdrawal", "Customer");
