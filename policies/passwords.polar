# How somebody gets to sign in, for the first time or after a password was forgotten: by a code that is sent to a contact
# point of theirs and comes back. Nobody in the office sees the code or the password.

# It is begun for customers by the front desk that has just found them, and by staff at work for them. A restriction keeps
# nobody from what is theirs.
allow(actor: Staff, "send_password_code", customer: Customer) if
    found_lately(actor, customer) and
    has_not_left(customer);
allow(actor: Staff, "send_password_code", customer: Customer) if
    works_for(actor, customer) and
    has_not_left(customer);

# Who asks for themselves is nobody yet. The code goes where the customer surely is reached; and what staff begin, not
# where they wrote down themselves, or confirmed, that the customer is reached.
allow(actor: Stranger, "reach_for_password", point: ContactPoint) if is_surely_theirs(actor, point);
allow(actor: Staff, "reach_for_password", point: ContactPoint) if
    is_surely_theirs(actor, point) and
    point.collectedBy != actor.id and
    point.verifiedBy != actor.id;

# A contact point is surely a customer's when it is kept lawfully, a code came back from there, and two stand for it; since
# a week, so that whoever was reached elsewhere before has read that it was changed.
is_surely_theirs(actor, point) if
    point.kind in ["EMAIL", "PHONE"] and
    kept_lawfully(point) and
    point.consent.expiresAt > actor.now and
    point.collectedAt < actor.ago("7 days") and
    point.verifiedAt < actor.ago("7 days") and
    point.verificationExpiresAt > actor.now and
    has_not_left(point.customer) and
    not is_deactivated(point.customer) and
    is_vouched_for(point);

# Two stand for it where somebody else than who wrote it down typed the code that came back; or the customer wrote it down.
is_vouched_for(point) if
    point.verifiedBy != nil and
    point.verifiedBy != point.collectedBy;
is_vouched_for(point) if
    account in point.customer.actors and
    account.id = point.collectedBy;

# Whose account was deactivated gets in by no code.
is_deactivated(customer) if
    account in customer.actors and
    account.active = false;

# Whoever brings back a code sets the password: a customer who has not left, or an employee whom the operator invited.
allow(actor: Stranger, "use", code: PasswordCode) if
    is_good(actor, code) and
    customer in code.customers and
    has_not_left(customer) and
    not is_deactivated(customer);
allow(actor: Stranger, "use", code: PasswordCode) if
    is_good(actor, code) and
    account in code.accounts and
    account.kind = "EMPLOYEE" and
    account.active = true;

# A code is good once, and until it expires.
is_good(actor, code) if
    code.usedAt = nil and
    code.expiresAt > actor.now;
